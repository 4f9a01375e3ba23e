import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClientWatch } from '../../../../src/main/services/clientWatch.ts'
import { dispatch } from '../../../../src/main/services/dispatch.ts'
import { figurePng } from '../../../../src/main/services/figures/figurePng.ts'
import { figurePdf } from '../../../../src/main/services/figures/figurePdf.ts'
import { openLaboratory, type Laboratory } from '../../../../src/main/services/laboratory.ts'
import type { HostRequest, RequestInput, RequestName } from '../../../../src/shared/contract.ts'
import { LabError } from '../../../../src/shared/errors.ts'
import { compositionSchema, createComposition } from '../../../../src/shared/figures/composition.ts'
import { drawFigure } from '../../../../src/shared/figures/drawFigure.ts'
import { createSheet } from '../../../../src/shared/figures/sheet.ts'
import {
  loadPanel,
  nameOfSource,
  runsBehind,
  type PanelSource,
} from '../../../../src/shared/figures/sources/sources.ts'
import { plainText } from '../../../../src/shared/formatting/setSymbols.ts'
import { layOutLines } from '../../../../src/shared/charts/lineLayout.ts'
import { lineMargins } from '../../../../src/shared/charts/plotArea.ts'
import { makeTicks } from '../../../../src/shared/charts/ticks.ts'
import { panelEntries } from '../../../../src/shared/charts/legend.ts'
import { measurements } from '../../../../src/shared/measurements.ts'
import type { HeatmapPanel, LinePanel, Panel } from '../../../../src/shared/panel.ts'
import { panelCsv } from '../../../../src/shared/panelCsv.ts'
import { plottedNames } from '../../../../src/shared/panelData.ts'
import { figureById } from '../../../../src/main/lab/papers/papers.ts'
import { collectSweep } from '../../../../src/main/services/sweeps/collectSweep.ts'
import { runSweepHere } from '../../../../src/main/services/sweeps/runSweepHere.ts'
import { prepareSweepFolder } from '../../../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../../../src/main/sweep/sweepPlan.ts'
import { recordExperiments, smallExperiment } from '../../../support/browserArchive.ts'
import { expectNamed } from '../../../support/expectNamed.ts'
import { temporaryFolder } from '../../../support/folders.ts'
import { inProcessWorkers } from '../../../support/inProcessWorkers.ts'
import { readCsv } from '../../../support/readCsv.ts'
import { textsOf } from '../../../support/textsOf.ts'

const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined
if (!hasPoppler) process.stderr.write('No words of a PDF are read: poppler-utils is not here\n')

let laboratory: Laboratory
let request: HostRequest
let network: string[]
let study: string
let training: string[]
let acted: string
let sweep: string
const ofFigure = 'musat2025/fig1' as const
beforeAll(async () => {
  const archivePath = join(temporaryFolder(), 'a.grokscope')
  network = await recordExperiments(archivePath, [smallExperiment({ seeds: [0, 1, 2] })])
  training = await recordExperiments(archivePath, [
    smallExperiment({
      name: 'trained',
      seeds: [0, 1],
      network: { hidden: 16 },
      dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 1e-3, steps: 40 },
      record: { measureEvery: 5, snapshots: 'log', geometry: { every: 20 }, chattering: { every: 10 } },
    }),
  ])
  const rescaled = { kind: 'rescale', at: 200, layer: 'first', factor: 0.5 } as const
  ;[acted] = (await recordExperiments(archivePath, [
    smallExperiment({ name: 'acted', seeds: [0], interventions: [rescaled] }),
  ])) as [string]
  ;[study] = (await recordExperiments(archivePath, [
    { study: { kind: 'multiScaleFeatures', dimension: 10, samples: 13, fastDirections: 7, places: 9 }, seeds: [0] },
  ])) as [string]
  await recordExperiments(archivePath, figureById(ofFigure).experiments({}), ofFigure)
  const folder = await prepareSweepFolder(join(temporaryFolder(), 'sweep'), planSweep(smallSweep), [], null)
  await runSweepHere(folder, {
    slots: 1,
    startWorker: inProcessWorkers,
    signal: new AbortController().signal,
    onProgress: () => {},
  })
  collectSweep(folder, archivePath)
  laboratory = openLaboratory({
    archivePath,
    cacheFolder: temporaryFolder(),
    startWorker: inProcessWorkers,
    host: {
      chooseArchive: () => Promise.resolve({ path: null, hasDialog: false }),
      chooseFolder: () => Promise.resolve({ path: null, hasDialog: false }),
    },
    slots: 1,
    startQueued: false,
  })
  request = (async (name: RequestName, input: RequestInput<RequestName>) => {
    const answer = await dispatch(createClientWatch(laboratory.handlers).handlers, name, input)
    if (!answer.ok) throw LabError.fromRecord(answer.error)
    return answer.data
  }) as HostRequest
  ;({ id: sweep } = await request('sweep.open', { path: folder.path }))
})
afterAll(() => laboratory.close())

type Kind = PanelSource['kind']
const smallSweep = {
  name: 'plane',
  base: {
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
    network: { hidden: 8 },
    dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.01, weightDecay: 0.1, steps: 40 },
    record: { measureEvery: 10 },
  },
  axes: [
    { field: 'dynamics.weightDecay', values: [0.1, 1] },
    { field: 'task.trainFraction', values: [0.5, 0.8] },
  ],
  seeds: 2,
}
/** What there is of every kind. */
const sources: { [Of in Kind]: () => Extract<PanelSource, { kind: Of }>[] } = {
  runs: () => {
    const of = { kind: 'runs', runIds: network, measurement: 'testMse', axis: 'tau', vertical: 'log' } as const
    return [
      { ...of, spread: 'runs' },
      { ...of, spread: 'runs', reach: 2 },
      { ...of, spread: 'deviation' },
      { ...of, spread: 'quartiles', traces: true, groupBy: 'none' },
    ]
  },
  runCurves: () =>
    [
      { runIds: network, panel: 'accuracy' as const },
      { runIds: network, panel: 'squaredNorms' as const },
      { runIds: training, panel: 'meanSquaredError' as const },
      { runIds: [study], panel: 'generalizationError' as const },
    ].map((of) => ({ kind: 'runCurves', axis: 'tau', shown: 'both', ...of })),
  geometryCurves: () =>
    ['norms', 'distance', 'tangential', 'cosine', 'trainMargin', 'chatteringShare'].map((panel) => ({
      kind: 'geometryCurves',
      runId: training[0]!,
      axis: 'step',
      panel,
    })),
  theory: () =>
    (['testMse', 'distance', 'pace', 'firstLayerNormSquared', 'testAccuracy'] as const).map((picture) => ({
      kind: 'theory',
      runIds: network,
      reference: network[1]!,
      picture,
      axis: 'tau',
    })),
  featureNorms: () => [{ kind: 'featureNorms', ...at(), layer: 'E' }],
  featureCosines: () => [false, true].map((ofModuli) => ({ kind: 'featureCosines', ...at(), layer: 'W', ofModuli })),
  unitPower: () =>
    (['frozen', 'current', 'index'] as const).map((order) => ({ kind: 'unitPower', ...at(), layer: 'E', order })),
  spectrum: () => [{ kind: 'spectrum', runId: network[0]!, layer: 'E' }],
  circles: () => [
    { kind: 'circles', ...at(), layer: 'E' },
    { kind: 'circles', ...at(), layer: 'E', frequency: 2 },
  ],
  matrix: () =>
    (
      [
        { matrix: 'E', rows: 'index', columns: 'frequency' },
        { matrix: 'W', rows: 'norm', columns: 'norm' },
        { matrix: 'H', rows: 'index', columns: 'index' },
        { matrix: 'E', rows: 'index', columns: 'frequency', since: 0 },
        { matrix: 'E', rows: 'norm', columns: 'norm', normsAt: 0 },
      ] as const
    ).map((of) => ({ kind: 'matrix', ...at(), ...of })),
  predictions: () =>
    (['margin', 'correct', 'margins', 'answers'] as const).map((view) => ({ kind: 'predictions', ...at(), view })),
  chattering: () => [
    { kind: 'chattering', ...at(), view: 'preactivations', rows: 'kind', columns: 'frequency' },
    { kind: 'chattering', ...at(), view: 'preactivations', rows: 'index', columns: 'norm', ahead: 5 },
    { kind: 'chattering', ...at(), view: 'counts', rows: 'kind', columns: 'index' },
  ],
  singularValues: () => [{ kind: 'singularValues', ...at() }],
  scatter: () =>
    (
      [
        { field: 'network.hidden', quantity: 'testAccuracy', vertical: 'linear' },
        { field: 'dynamics.kind', quantity: 'tau_grok', vertical: 'log', groupBy: 'none' },
      ] as const
    ).map((of) => ({ kind: 'scatter', runIds: [...network, ...training], ...of })),
  runMap: () =>
    (
      [
        { color: 'testAccuracy', statistic: 'median' },
        { color: 'phase', statistic: 'median', thresholds: { delay: 10 } },
        { color: 't_grok', statistic: 'share', boundary: 'x' },
      ] as const
    ).map((of) => ({
      kind: 'runMap',
      runIds: [...network, ...training],
      ...{ x: 'network.hidden', y: 'dynamics.kind', at: [] },
      ...of,
    })),
  parallelCoordinates: () =>
    (
      [
        { fields: ['network.hidden', 'dynamics.kind', 'dynamics.weightDecay'], quantities: ['t_grok'] },
        {
          fields: ['dynamics.kind'],
          quantities: ['testAccuracy', 'tau_grok'],
          groupBy: 'none',
          ranges: { testAccuracy: [0, 0.5] as [number, number] },
        },
      ] as const
    ).map(({ fields, quantities, ...of }) => ({
      ...{ kind: 'parallelCoordinates', runIds: [...network, ...training], ...of },
      ...{ fields: [...fields], quantities: [...quantities] },
    })),
  paper: () =>
    ['twoWeightLinear-plane', 'train-loss', 'test-loss'].map((panelId) => ({
      kind: 'paper' as const,
      figure: ofFigure,
      panelId,
    })),
  claims: () => [{ kind: 'claims', figure: ofFigure }],
  sweepMap: () =>
    (
      [
        { color: 'testAccuracy', statistic: 'median' },
        { color: 'phase', statistic: 'median' },
        { color: 't_grok', statistic: 'share' },
      ] as const
    ).map((of) => ({ kind: 'sweepMap', sweep, x: 'task.trainFraction', y: 'dynamics.weightDecay', at: [], ...of })),
  array: () => [{ kind: 'array', runId: study, step: 'last', name: 'u' }],
}
/** What a screen may write at the ticks of a horizontal axis, however wide it is. */
function screenTicks(panel: LinePanel): string[] {
  if (panel.x.ticks) return panel.x.ticks.map(({ label }) => label)
  const { x } = layOutLines(panel, { size: { width: 600, height: 400 }, margins: lineMargins })
  const spacings = Array.from({ length: 60 }, (_, k) => 10 * (k + 1))
  return spacings.flatMap((spacing) => makeTicks(x, spacing).major.map(({ label }) => label))
}

/** What stands below a printed plot, centered at its ticks; moments have names of their own. */
function acrossOf(markup: string, { moments = [] }: LinePanel): string[] {
  const names = moments.flatMap(({ label, short = label }) => [plainText(label), plainText(short)])
  const centered = textsOf(markup).filter(({ anchor }) => anchor === 'middle')
  return centered.map((text) => text.words).filter((label) => !names.includes(label))
}

const at = () => ({ runId: network[0]!, step: 'last' as const })
const words = (panel: Panel) => textsOf(drawFigure(createSheet(1), [panel]).markup).map((text) => text.words)

describe.each(Object.entries(sources))('a panel of kind %s', (_, list) => {
  const panels = async () =>
    Promise.all(list().map(async (source) => ({ source, panel: await loadPanel(source, request) })))

  it('is drawn on screen, in print and in its table with the same axes, ticks, entries of a legend and multiples', async () => {
    for (const { panel } of await panels()) {
      expectNamed(panel)
      const { root, markup, width, height } = drawFigure(createSheet(1), [panel])
      const printed = words(panel)
      expect(markup).not.toMatch(/NaN|undefined|Infinity/)
      const rows = readCsv(panelCsv(panel))
      if (panel.kind === 'table') {
        const cells = panel.columns.flatMap(({ cells: all }) => all.map(plainText))
        for (const cell of cells) expect(printed.join(' ')).toContain(cell)
        expect(rows.map((row) => row['claim'])).toEqual(panel.columns[0]!.cells.map(plainText))
      }
      const { x, y } = plottedNames(panel)
      expect(Object.keys(rows[0]!)).toEqual(expect.arrayContaining([x, y]))
      if (panel.kind === 'heatmap') {
        expect(markup.match(/<image /g)).toHaveLength(1)
        expect(rows).toHaveLength(panel.matrix.data.length)
        for (const { label } of panel.columnBlocks?.slice(0, 1) ?? []) expect(printed).toContain(label)
        expect(printed).toContain(plainText(panel.title))
      } else if (panel.kind === 'map') {
        expect(rows).toHaveLength(panel.cells.x.length)
        for (const { label } of [panel.x, panel.y]) expect(printed.join(' ')).toContain(plainText(label))
        expect(printed.join(' ')).toContain(plainText(panel.valueLabel))
        for (const kind of panel.kinds ?? []) expect(printed).toContain(kind)
      } else if (panel.kind === 'parallel') {
        expect(rows).toHaveLength(panel.groupOf.length)
        for (const { name } of panelEntries(panel)) expect(printed).toContain(plainText(name))
        for (const { axis } of panel.axes) {
          expect(Object.keys(rows[0]!)).toContain(axis.column)
          expect(printed.join(' ')).toContain(plainText(axis.label))
          for (const { label } of axis.ticks ?? []) expect(printed).toContain(label)
        }
      } else if (panel.kind === 'lines' && panel.each) {
        const numbers = panel.series.map(({ of }) => String(of!['frequency']))
        expect(printed.filter((word) => numbers.includes(word)).length).toBeGreaterThanOrEqual(numbers.length)
        // The panel itself begins with its title.
        expect(markup.match(/<g><text/g)).toHaveLength(1 + numbers.length)
      } else if (panel.kind === 'lines') {
        expect(rows.length).toBeGreaterThanOrEqual(panel.series.reduce((sum, series) => sum + series.x.length, 0))
        for (const { name } of panelEntries(panel)) expect(printed).toContain(plainText(name))
        expect(printed.join(' ')).toContain(plainText(panel.x.label))
        for (const label of acrossOf(markup, panel)) expect(screenTicks(panel)).toContain(label)
        for (const band of panel.bands ?? []) expect(panel.series.map(({ name }) => name)).toContain(band.name)
        const bandsInLegend = panelEntries(panel).filter(({ hasBand }) => hasBand).length
        expect(markup.match(/fill-opacity="0.16"/g) ?? []).toHaveLength((panel.bands?.length ?? 0) + bandsInLegend)
      }
      const { width: columns, height: lines, data } = decode((await figurePng({ root, width, height }, 100)).bytes)
      expect(Math.abs(columns - (width / 72) * 100)).toBeLessThanOrEqual(1)
      expect(Math.abs(lines - (height / 72) * 100)).toBeLessThanOrEqual(1)
      expect(new Set(data).size).toBeGreaterThan(10)
      const pdf = await figurePdf({ root, width, height }, 'figure')
      if (!hasPoppler) continue
      const path = join(temporaryFolder(), 'figure.pdf')
      writeFileSync(path, pdf.bytes)
      const read = spawnSync('pdftotext', [path, '-'], { encoding: 'utf8' }).stdout.replaceAll(/\s/g, '')
      for (const word of printed) expect(read).toContain(word.replaceAll(/\s/g, ''))
    }
  })

  it('is data that a figure keeps, with a name and the runs behind it', async () => {
    for (const { source, panel } of await panels()) {
      const figure = { ...createComposition('f'), panels: [{ id: 'p', source }] }
      expect(compositionSchema.parse(JSON.parse(JSON.stringify(figure)))).toEqual(figure)
      expect(nameOfSource(source, null)).not.toBe('')
      expect(nameOfSource(source, panel)).not.toBe('')
      const { runIds } = await runsBehind(source, request)
      expect(runIds.length).toBeGreaterThan(0)
    }
  })

  it('names what is gone: a run, or what it is drawn from', async () => {
    for (const source of list()) {
      const [gone, words] = withoutOrigin(source)
      await expect(loadPanel(gone as PanelSource, request)).rejects.toThrow(words)
    }
  })
})

function withoutOrigin(source: PanelSource): [object, RegExp] {
  const run = /1 run is not in the archive: gone/
  if ('runIds' in source) return [{ ...source, runIds: [...source.runIds, 'gone'] }, run]
  if ('runId' in source) return [{ ...source, runId: 'gone' }, run]
  if (source.kind === 'paper') return [{ ...source, panelId: 'gone' }, /panel: musat2025\/fig1 has no "gone"; one of/]
  return [source.kind === 'sweepMap' ? { ...source, sweep: 'gone' } : { ...source, figure: 'gone' }, /gone/]
}

describe('a measurement that was taken at fewer rows than others', () => {
  it.each(['runs', 'deviation'] as const)('is a line of %s', async (spread) => {
    const of = { kind: 'runs', runIds: training, measurement: 'distanceToZeroLoss', axis: 'step' } as const
    const panel = (await loadPanel({ ...of, vertical: 'linear', spread }, request)) as LinePanel
    expect(panel.series.length).toBeGreaterThan(1)
    for (const { x, y } of panel.series) {
      expect([x.length > 1, x.every((step) => step % 20 === 0), y.every(Number.isFinite)]).toEqual([true, true, true])
    }
  })
})

describe('a panel of runs against one of them', () => {
  it.each(['testMse', 'distance', 'firstLayerNormSquared', 'testAccuracy'] as const)(
    'marks in its picture %s what was done to a run, and to which',
    async (picture) => {
      const of = { kind: 'theory', reference: network[0]!, picture, axis: 'tau' } as const
      const panel = (await loadPanel({ ...of, runIds: [network[0]!, acted] }, request)) as LinePanel
      expect(panel.moments).toMatchObject([{ label: '$E$ × 0.5', tone: 'intervention', of: { step: 200 } }])
      expect(panel.series.map(({ of }) => of!['run'])).toContain(panel.moments![0]!.series!['run'])
    },
  )
})

describe('a panel of what a run measures', () => {
  it('says in print which of its measurements it is of, whichever view it is from', async () => {
    const of = { runIds: training, axis: 'step' } as const
    const labels = async (list: PanelSource[]) =>
      Promise.all(list.map(async (source) => ((await loadPanel(source, request)) as LinePanel).y.label))
    for (const measurement of ['testMse', 'trainMse', 'testAccuracy', 'firstLayerNormSquared'] as const) {
      const sources: PanelSource[] = [
        { kind: 'runs', measurement, vertical: 'linear', spread: 'runs', ...of },
        { kind: 'runs', measurement, vertical: 'linear', spread: 'deviation', ...of },
        { kind: 'runCurves', panel: measurement, shown: 'both', ...of },
        { kind: 'geometryCurves', panel: measurement, runId: training[0]!, axis: 'step' },
        ...(measurement === 'trainMse'
          ? []
          : [
              { kind: 'theory', reference: training[0]!, picture: measurement, axis: 'tau', runIds: training } as const,
            ]),
      ]
      expect(new Set(await labels(sources))).toEqual(new Set([measurements[measurement].label]))
    }
    const together = (['accuracy', 'meanSquaredError', 'crossEntropy', 'margin'] as const).map(
      (panel) => ({ kind: 'runCurves', panel, shown: 'both', ...of }) as const,
    )
    expect(await labels(together)).toEqual(['accuracy', 'mean squared error', 'cross-entropy', 'margin'])
    const usual = ['distance', 'tangential', 'norms'].map(
      (panel) => ({ kind: 'geometryCurves', panel, runId: training[0]!, axis: 'step' }) as const,
    )
    const [distance, tangential] = [measurements.distanceToZeroLoss.label, measurements.tangentialFraction.label]
    expect(await labels(usual)).toEqual([distance, tangential, 'squared norm'])
  })
})

describe('a panel of groups', () => {
  const centers = async (groupBy: string) => {
    const of = { kind: 'runs', measurement: 'testMse', axis: 'step', vertical: 'log', spread: 'deviation' } as const
    const panel = await loadPanel({ ...of, runIds: [...network, ...training], groupBy }, request)
    return (panel as LinePanel).series.flatMap(({ name, role }) => (role === 'mean' ? plainText(name) : []))
  }

  it('is of one group where its runs agree in the field that it names, by experiment where there is no such field', async () => {
    expect(await centers('n')).toEqual(['n = 20, N = 5'])
    expect(await centers('dynamics')).toHaveLength(2)
    expect(await centers('luck')).toHaveLength(2)
  })
})

describe('a panel of a snapshot', () => {
  it('stands in the order of another step where that is named, so that a pair can be compared cell by cell', async () => {
    const load = async (of: { step: number | 'last'; normsAt?: number }) => {
      const panel = await loadPanel(
        { kind: 'matrix', ...at(), matrix: 'E', rows: 'norm', columns: 'norm', ...of },
        request,
      )
      const { rowLabels, columnLabels } = panel as HeatmapPanel
      return { rowLabels, columnLabels }
    }
    const last = await load({ step: 'last' })
    const own = await load({ step: 0 })
    expect(own).not.toEqual(last)
    const { step: stop } = await request('run.show', { runId: network[0]! })
    expect(await load({ step: 0, normsAt: stop })).toEqual(last)
    await expect(load({ step: 0, normsAt: 399 })).rejects.toThrow(/399/)
  })

  it('names what there is where it is of none', async () => {
    const fail = (source: PanelSource) => expect(loadPanel(source, request)).rejects
    await fail({ kind: 'circles', ...at(), step: 399, layer: 'E' }).toThrow(/no snapshot at 399; the nearest is at \d+/)
    await fail({ kind: 'circles', ...at(), layer: 'Q' }).toThrow('layer: "Q" is not allowed; one of "E", "W"')
    await fail({ kind: 'circles', ...at(), layer: 'E', frequency: 9 }).toThrow('has no 9; 1 to 3')
    await fail({ kind: 'matrix', ...at(), matrix: 'Q', rows: 'index', columns: 'index' }).toThrow('one of E, W, H')
    await fail({ kind: 'geometryCurves', runId: network[0]!, axis: 'step', panel: 'luck' }).toThrow(
      /no "luck" in the geometry/,
    )
  })
})
