import { beforeAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/main/lab/analyze.ts'
import { plainBackend } from '../../src/main/lab/backend/plain.ts'
import { reorderCells } from '../../src/shared/charts/reorderCells.ts'
import { CurveBuffer } from '../../src/shared/curves/curveBuffer.ts'
import { compareRuns } from '../../src/shared/curves/comparison.ts'
import { groupBand } from '../../src/shared/curves/groupBand.ts'
import { groupPanel } from '../../src/shared/curves/groupPanel.ts'
import { groupingsOf, groupRuns } from '../../src/shared/curves/groupRuns.ts'
import { axisOn } from '../../src/shared/curves/horizontalAxis.ts'
import { decayClock } from '../../src/shared/runClock.ts'
import { measurementFrame, overlayPanel } from '../../src/shared/curves/overlayPanel.ts'
import { parallelPanel, withRanges } from '../../src/shared/curves/parallelPanel.ts'
import { scatterPanel } from '../../src/shared/curves/scatterPanel.ts'
import { findQuantity } from '../../src/shared/map/mapQuantity.ts'
import type { Claim } from '../../src/shared/papers/figure.ts'
import { distancePanel, pacePanel } from '../../src/shared/curves/theoryPanels.ts'
import { arrayPanel } from '../../src/shared/panels/arrayPanel.ts'
import { measurementPanel, splitPanel, type RunGroup, studyPanel } from '../../src/shared/curves/curvePanels.ts'
import { normsPanel } from '../../src/shared/curves/normsPanel.ts'
import { curvesTabPanel } from '../../src/shared/curves/curvesTabPanels.ts'
import * as fourier from '../../src/shared/panels/fourierPanels.ts'
import { panelOfRun, pathPanel, singularPanel } from '../../src/shared/curves/geometryPanels.ts'
import { claimsPanel } from '../../src/shared/panels/claimsPanel.ts'
import { matrixPanel } from '../../src/shared/panels/matrixPanel.ts'
import { entriesPanel, unitPanel } from '../../src/renderer/views/run/matrixSidePanels.ts'
import { changeCountsPanel, signChangesPanel } from '../../src/shared/panels/chatteringPanels.ts'
import { accuracyByAnswerPanel, marginPanel, predictionPanel } from '../../src/shared/panels/predictionPanel.ts'
import { namedHidden, namedParameter } from '../../src/shared/panels/namedMatrix.ts'
import type { AnalysisKind, AnalysisOptions, AnalysisResult } from '../../src/shared/analysis.ts'
import type { Panel } from '../../src/shared/panel.ts'
import { panelCsv } from '../../src/shared/panelCsv.ts'
import type { RunEvent } from '../../src/shared/run.ts'
import { expectNamed } from '../support/expectNamed.ts'
import { panelBuilders, panelsInComponents } from '../support/panelBuilders.ts'
import { readCsv } from '../support/readCsv.ts'
import { collectRun, eventsOf, runSpec, snapshotAt } from '../support/runs.ts'
import { runSummary } from '../support/runSummary.ts'
import { additionTask } from '../support/modularAddition.ts'

type Row = Record<string, number | string>

/** p = 6, so that one frequency has no imaginary part; every number of it comes from a run of its own. */
const p = 6
const K = 3
const units = 5
const first = { name: 'E', rowsOf: 'inputs', columnsOf: 'units' } as const
const second = { name: 'W', rowsOf: 'units', columnsOf: 'outputs' } as const
const spec = runSpec({
  task: { kind: 'modularAddition', modulus: p, trainFraction: 0.7 },
  network: { hidden: units },
  dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 1e-3, steps: 12 },
  record: { measureEvery: 3, snapshots: [0, 4, 12] },
})
const toySpec = runSpec({
  task: { kind: 'toy', model: 'twoWeightLinear', start: [-1, 1] },
  dynamics: { kind: 'gradientFlow', ridge: 0.1, steps: 4 },
  record: { measureEvery: 1, snapshots: [0, 4] },
})
let events: RunEvent[]
let other: RunEvent[]
let toy: RunEvent[]
let signChanges: AnalysisResult<'signChanges'>
beforeAll(async () => {
  ;[events, other, toy] = await Promise.all([collectRun(spec), collectRun({ ...spec, seed: 1 }), collectRun(toySpec)])
  const input = { kind: 'signChanges' as const, options: { ahead: 5 }, spec, train: train() }
  const found = await analyze({ ...input, snapshots: [snapshotAt(events, 4)] }, plainBackend('float64'))
  signChanges = found as typeof signChanges
  // A count for each cell, so that none is taken for another.
  signChanges.changes.data.forEach((_, at) => (signChanges.changes.data[at] = at % 6))
})

const snapshots = () => eventsOf(events, 'snapshot').map(({ snapshot }) => snapshot)
const train = () => eventsOf(events, 'started')[0]!.train

function analysis<Kind extends AnalysisKind>(kind: Kind, options: AnalysisOptions<Kind>, step = 12) {
  const all = snapshots().sort((a, b) => Number(b.step === step) - Number(a.step === step))
  const input = { kind, options: options as Record<string, unknown>, spec, train: train(), snapshots: all }
  return analyze(input, plainBackend('float64')) as AnalysisResult<Kind>
}

function curvesOf(of: readonly RunEvent[]) {
  const rows = eventsOf(of, 'measured')
  const column = (read: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, read)
  const axes = {
    step: column(({ step }) => step),
    tau: column(({ tau }) => tau),
    seconds: column(({ seconds }) => seconds),
  }
  const names = Object.keys(rows[0]!.values) as (keyof (typeof rows)[number]['values'])[]
  return Object.fromEntries(names.map((name) => [name, { ...axes, value: column(({ values }) => values[name]!) }]))
}

const runs = [0, 1].map((seed) =>
  runSummary({ id: `run${seed}`, name: `run, seed ${seed}`, seed, facets: { 'task.modulus': p } }),
)

function group(more: Partial<RunGroup> = {}): RunGroup {
  const curves = new Map(
    [events, other].map((each, seed) => {
      const found = curvesOf(each)
      return [`run${seed}`, new CurveBuffer(Object.keys(found) as never[], found)]
    }),
  )
  return { runs, curves, axis: 'logStep', shown: 'both', end: null, ...more }
}

const comparison = () => compareRuns(runs, undefined)
const compared = () => new Map([events, other].map((each, seed) => [`run${seed}`, curvesOf(each)]))
const at = ({ columns, data }: { columns: number; data: ArrayLike<number> }, row: number, column: number) =>
  data[row * columns + column]!
const measuredAt = (of: readonly RunEvent[], name: string, step: number) => {
  const { values } = eventsOf(of, 'measured').find((row) => row.step === step)!
  return (values as Record<string, number>)[name]!
}
const ofSeed = (seed: number | string) => (Number(seed) === 0 ? events : other)
const feature = (k: number, part: string | number) => (part === 'Re' ? 0 : K) + k - 1
const n = (row: Row, name: string) => Number(row[name])

interface Entry {
  panel: () => Panel
  rows: () => number
  /** The number that the analysis has for a row of the table, under the name it has there. */
  expected: (row: Row) => Record<string, number | string>
  /** What no two rows share. */
  key: string[]
}

const entries: Record<string, Entry> = {
  'arrayPanel.arrayPanel': {
    panel: () => arrayPanel('E', snapshotAt(events, 4).matrices['E']!, ''),
    rows: () => p * units,
    expected: (row) => ({ value: at(snapshotAt(events, 4).matrices['E']!, n(row, 'row'), n(row, 'column')) }),
    key: ['row', 'column'],
  },
  'curvePanels.studyPanel': {
    panel: () =>
      studyPanel(
        group(),
        {
          title: 'Errors',
          caption: '',
          curves: [
            { measurement: 'testMse', name: 'simulation', isDrawnBySeed: true },
            { measurement: 'trainMse', name: 'theory', isDrawnBySeed: false },
          ],
        },
        { caption: '' },
      ),
    rows: () => 4 * curvesOf(events)['testMse']!.step.length,
    expected: (row) => {
      const name = row['curve'] === 'theory' ? 'trainMse' : 'testMse'
      const [first, second] = [events, other].map((each) => measuredAt(each, name, n(row, 'step'))) as [number, number]
      const isMean = row['curve'] === 'theory' || row['statistic'] === 'mean'
      return { testMse: isMean ? (first + second) / 2 : Number(row['seed']) === 0 ? first : second }
    },
    key: ['curve', 'seed', 'statistic', 'step'],
  },
  'curvePanels.measurementPanel': {
    panel: () => measurementPanel(group(), 'testMse', { caption: '' }),
    rows: () => 3 * curvesOf(events)['testMse']!.step.length,
    expected: (row) => ({
      testMse:
        row['statistic'] === 'mean'
          ? (measuredAt(events, 'testMse', n(row, 'step')) + measuredAt(other, 'testMse', n(row, 'step'))) / 2
          : measuredAt(ofSeed(row['seed']!), 'testMse', n(row, 'step')),
      tau: eventsOf(events, 'measured').find(({ step }) => step === row['step'])!.tau,
    }),
    key: ['seed', 'statistic', 'step'],
  },
  'curvePanels.splitPanel': {
    panel: () => splitPanel(group(), 'accuracy', { caption: '' }),
    rows: () => 4 * curvesOf(events)['testMse']!.step.length,
    expected: (row) => {
      const name = row['pairs'] === 'test' ? 'testAccuracy' : 'trainAccuracy'
      const [first, second] = [events, other].map((each) => measuredAt(each, name, n(row, 'step'))) as [number, number]
      return {
        accuracy: row['statistic'] === 'mean' ? (first + second) / 2 : Number(row['seed']) === 0 ? first : second,
      }
    },
    key: ['pairs', 'seed', 'statistic', 'step'],
  },
  'curvesTabPanels.curvesTabPanel': {
    panel: () => curvesTabPanel('margin', group({ runs: runs.slice(0, 1) }), runs[0]!),
    rows: () => 2 * curvesOf(events)['testMse']!.step.length,
    expected: (row) => ({
      margin: measuredAt(events, row['pairs'] === 'test' ? 'testMargin' : 'trainMargin', n(row, 'step')),
    }),
    key: ['pairs', 'step'],
  },
  'normsPanel.normsPanel': {
    panel: () => normsPanel(group({ runs: runs.slice(0, 1) }), ''),
    rows: () => 3 * curvesOf(events)['testMse']!.step.length,
    expected: (row) => {
      const [E, W] = ['firstLayerNormSquared', 'secondLayerNormSquared'].map((name) =>
        measuredAt(events, name, n(row, 'step')),
      ) as [number, number]
      return { squaredNorm: { '‖E‖²': E, '‖W‖²': W, sum: E + W }[row['norm']!]!, seed: 0 }
    },
    key: ['norm', 'step'],
  },
  'fourierPanels.normsPanel': {
    panel: () => fourier.normsPanel(first, analysis('fourier', {}), analysis('fourier', {}, 0)),
    rows: () => 2 * (p - 1),
    expected: (row) => {
      const { norms } = analysis('fourier', {}, n(row, 'step'))
      const norm = norms[feature(n(row, 'frequency'), row['part']!)]!
      return { norm, relative: norm / (norms.reduce((sum, each) => sum + each, 0) / norms.length) }
    },
    key: ['part', 'step', 'frequency'],
  },
  'fourierPanels.cosinePanel': {
    panel: () => fourier.cosinePanel(second, analysis('fourier', { layer: 'W' }), false),
    rows: () => (p - 1) ** 2,
    expected: (row) => {
      const [own, beside] = [
        feature(n(row, 'frequency'), row['part']!),
        feature(n(row, 'otherFrequency'), row['otherPart']!),
      ]
      return { cosine: at(analysis('fourier', { layer: 'W' }).cosines, own, beside) }
    },
    key: ['frequency', 'part', 'otherFrequency', 'otherPart'],
  },
  'fourierPanels.unitPowerPanel': {
    panel: () => fourier.unitPowerPanel(first, analysis('fourier', {}), []),
    rows: () => K * units,
    expected: (row) => ({ share: at(analysis('fourier', {}).unitPower, n(row, 'unit'), n(row, 'frequency') - 1) }),
    key: ['unit', 'frequency'],
  },
  'fourierPanels.spectrumPanel': {
    panel: () => fourier.spectrumPanel(second, analysis('spectrumOverSteps', { layer: 'W' }), 0.1),
    rows: () => K * snapshots().length,
    expected: (row) => {
      const { steps, power } = analysis('spectrumOverSteps', { layer: 'W' })
      return { power: at(power, n(row, 'frequency') - 1, steps.indexOf(n(row, 'step'))) }
    },
    key: ['frequency', 'step'],
  },
  'fourierPanels.circlesPanel': {
    panel: () => fourier.circlesPanel(second, analysis('fourier', { layer: 'W' })),
    rows: () => K * p,
    expected: (row) => {
      const { circles } = analysis('fourier', { layer: 'W' })
      const [k, output] = [n(row, 'frequency') - 1, n(row, 'output')]
      return { re: at(circles, k, output), im: at(circles, k, p + output) + 0 }
    },
    key: ['frequency', 'output'],
  },
  'geometryPanels.panelOfRun': {
    panel: () =>
      panelOfRun(group({ runs: runs.slice(0, 1), axis: 'tau' }), ['trainMargin', 'testMargin'], {
        id: 'margins',
        title: '',
        caption: '',
        vertical: 'output units',
      }),
    rows: () => 2 * curvesOf(events)['testMse']!.step.length,
    expected: (row) => ({ value: measuredAt(events, String(row['measurement']), n(row, 'step')) }),
    key: ['measurement', 'step'],
  },
  'geometryPanels.pathPanel': {
    panel: () => {
      const found = curvesOf(toy)
      const curves = new Map([['run0', new CurveBuffer(Object.keys(found) as never[], found)]])
      return pathPanel(group({ runs: runs.slice(0, 1), curves }), '')
    },
    rows: () => curvesOf(toy)['weight1']!.step.length + 2,
    expected: (row) => ({
      weight1: measuredAt(toy, 'weight1', n(row, 'step')),
      weight2: measuredAt(toy, 'weight2', n(row, 'step')),
    }),
    key: ['part', 'step'],
  },
  'geometryPanels.singularPanel': {
    panel: () => singularPanel(analysis('singularValues', {}), analysis('singularValues', {}, 0)),
    rows: () => 2 * Math.min(p, units),
    expected: (row) => ({
      singularValue: analysis('singularValues', {}, n(row, 'step')).values[n(row, 'place') - 1]!,
    }),
    key: ['step', 'place'],
  },
  'matrixPanel.matrixPanel': {
    panel: () =>
      matrixPanel('W', namedParameter(second, snapshotAt(events, 4).matrices['W']!, additionTask(p)), 1, {
        title: '',
        isChange: false,
        about: [],
      }),
    rows: () => p * units,
    expected: (row) => ({ value: at(snapshotAt(events, 4).matrices['W']!, n(row, 'unit'), n(row, 'output')) }),
    key: ['output', 'unit'],
  },
  'matrixSidePanels.unitPanel': {
    panel: () => {
      const { values, samples } = analysis('hidden', {})
      const { rowLabels } = namedHidden({ step: 12, values, samples })
      const now = Float64Array.from({ length: values.rows }, (_, row) => at(values, row, 2))
      const wave = { frequency: 0, at: () => NaN }
      return unitPanel({ symbol: 'H', unit: 2, rowLabels, now, before: null, wave })
    },
    rows: () => train().length,
    expected: (row) => ({ value: hiddenAt(n(row, 'a'), n(row, 'b'), 2) }),
    key: ['a', 'b'],
  },
  'matrixSidePanels.entriesPanel': {
    panel: () => entriesPanel('E', snapshotAt(events, 12).matrices['E']!, null, 10),
    rows: () => 48,
    expected: (row) => {
      const { data } = snapshotAt(events, 12).matrices['E']!
      return { count: [...data].filter((value) => value >= n(row, 'value') && value < n(row, 'valueEnd')).length }
    },
    key: ['value'],
  },
  'chatteringPanels.signChangesPanel': {
    panel: () => signChangesPanel(signChanges, []),
    rows: () => signChanges.changes.data.length,
    expected: (row) => {
      const { changes, samples } = signChanges
      const place = [...samples['a']!].findIndex((a, at) => a === row['a'] && samples['b']![at] === row['b'])
      return { changes: at(changes, place, n(row, 'unit')) }
    },
    key: ['a', 'b', 'unit'],
  },
  'chatteringPanels.changeCountsPanel': {
    panel: () => changeCountsPanel(signChanges),
    rows: () => 2 * 5,
    expected: (row) => {
      const { changes, samples } = signChanges
      const rows = [...samples['a']!.keys()].filter(
        (place) => (samples['a']![place] === samples['b']![place]) === (row['rows'] === 'a = b'),
      )
      const counts = rows.flatMap((place) => Array.from({ length: units }, (_, unit) => at(changes, place, unit)))
      return { share: counts.filter((count) => count === row['changes']).length / counts.length }
    },
    key: ['rows', 'changes'],
  },
  'predictionPanel.predictionPanel': {
    panel: () => predictionPanel(analysis('predictions', {}), 'margin', 1, ''),
    rows: () => p * p,
    expected: (row) => {
      const grid = analysis('predictions', {})
      const cell = n(row, 'a') * p + n(row, 'b')
      return {
        margin: grid.margin[cell]!,
        predicted: grid.predicted[cell]!,
        correct: grid.correct[cell]!,
        train: grid.train[cell]!,
        target: (n(row, 'a') + n(row, 'b')) % p,
      }
    },
    key: ['a', 'b'],
  },
  'predictionPanel.marginPanel': {
    panel: () => marginPanel(analysis('predictions', {}), 50),
    rows: () => 2 * 48,
    expected: (row) => {
      const { margin, train: mask } = analysis('predictions', {})
      const inBin = [...margin].filter((value, cell) => {
        const isOnce = cell % p >= Math.floor(cell / p)
        const isKind = (mask[cell] === 1) === (row['pairs'] === 'train')
        return isOnce && isKind && value >= n(row, 'margin') && value < n(row, 'marginEnd')
      })
      return { count: inBin.length }
    },
    key: ['pairs', 'margin'],
  },
  'predictionPanel.accuracyByAnswerPanel': {
    panel: () => accuracyByAnswerPanel(analysis('predictions', {})),
    rows: () => p,
    expected: (row) => {
      const { correct, train: mask } = analysis('predictions', {})
      const heldOut = [...correct.keys()].filter((cell) => {
        const [a, b] = [Math.floor(cell / p), cell % p]
        return b >= a && mask[cell] === 0 && (a + b) % p === row['answer']
      })
      const right = heldOut.filter((cell) => correct[cell] === 1).length
      return { heldOutPairs: heldOut.length, share: right / heldOut.length }
    },
    key: ['answer'],
  },
  'overlayPanel.measurementFrame': {
    panel: () => measurementFrame('testMse', 'tau', 'log', []),
    rows: () => 0,
    expected: () => ({}),
    key: [],
  },
  'overlayPanel.overlayPanel': {
    panel: () => overlayPanel(comparison(), compared(), 'testMse', { axis: 'logTau', vertical: 'log', reach: 0 }),
    rows: () => 2 * curvesOf(events)['testMse']!.step.length,
    expected: (row) => ({ testMse: measuredAt(ofSeed(String(row['run']).at(-1)!), 'testMse', n(row, 'step')) }),
    key: ['run', 'step'],
  },
  'groupPanel.groupPanel': {
    panel: () => groupOf('traces'),
    rows: () => 5 * curvesOf(events)['testMse']!.step.length,
    expected: (row): Row => {
      if (typeof row['run'] === 'string')
        return { testMse: measuredAt(ofSeed(String(row['run']).at(-1)!), 'testMse', n(row, 'step')) }
      const band = groupBand([curvesOf(events)['testMse']!, curvesOf(other)['testMse']!], 'deviation')
      const place = band.step.indexOf(n(row, 'step'))
      const of = { mean: band.center, 'mean − std': band.low, 'mean + std': band.high }[String(row['statistic'])]!
      return { testMse: of[place]!, runs: 2 }
    },
    key: ['group', 'run', 'statistic', 'step'],
  },
  'parallelPanel.parallelPanel': {
    panel: parallel,
    rows: () => 2,
    expected: () => ({ 'task.modulus': p, testAccuracy: runs[0]!.latest.testAccuracy! }),
    key: ['run', 'seed'],
  },
  'parallelPanel.withRanges': {
    panel: () => withRanges(parallel(), { testAccuracy: [2, 3] }),
    rows: () => 2,
    expected: () => ({ 'task.modulus': p, testAccuracy: runs[0]!.latest.testAccuracy!, inRange: 'false' }),
    key: ['run', 'seed'],
  },
  'scatterPanel.scatterPanel': {
    panel: () => {
      const groups = groupRuns(comparison().runs, groupingsOf(runs)[0]!)
      return scatterPanel(groups, 'task.modulus', findQuantity('testAccuracy'), 'linear')
    },
    rows: () => 2,
    expected: () => ({ 'task.modulus': p, testAccuracy: runs[0]!.latest.testAccuracy! }),
    key: ['run', 'seed'],
  },
  'claimsPanel.claimsPanel': {
    panel: () => claimsPanel(claims, 'Claims'),
    rows: () => 2,
    expected: ({ claim }): Row =>
      claim === 'Accuracy at E = 1'
        ? { measured: '0.5–0.6', expected: '≥ 0.4', verdict: 'holds', evidence: '1 of 1 seed to step 12' }
        : { measured: '–', source: 'Sec. 2' },
    key: ['claim'],
  },
  'theoryPanels.distancePanel': {
    panel: () => distancePanel(comparison().runs, distances, axisOn('tau', decayClock)),
    rows: () => 2,
    expected: (row) => ({ share: row['tau'] === 1 ? 0.5 : 0.25 }),
    key: ['run', 'tau'],
  },
  'theoryPanels.pacePanel': {
    panel: () => pacePanel(comparison().runs, paces),
    rows: () => 2,
    expected: (row) => ({ pace: row['testMse'] === 0.1 ? 1.5 : 2 }),
    key: ['run', 'testMse'],
  },
}

const evidence = {
  reached: 1,
  needed: 1,
  runs: [
    { runId: 'run0', experiment: 'x', seed: 0, status: 'finished' as const, code: null, step: 12, neededStep: 12 },
  ],
}
const claims: Claim[] = [
  {
    ...{ id: 'a', text: 'Accuracy at $E$ = 1', measured: '0.5 … 0.6', expected: '≥ 0.4', values: [0.5, 0.6] },
    ...{ range: { min: 0.4 }, verdict: 'holds', declared: 'holds', source: 'Sec. 1', evidence },
  },
  {
    ...{ id: 'b', text: 'Loss', measured: null, expected: '≤ 1', values: [] },
    ...{ range: { max: 1 }, verdict: 'pending', declared: 'holds', source: 'Sec. 2', evidence },
  },
]

const distances = new Map([['run0', { tau: Float64Array.of(1, 2), share: Float64Array.of(0.5, 0.25) }]])
const paces = new Map([['run1', { value: Float64Array.of(0.1, 0.05), ratio: Float64Array.of(1.5, 2) }]])

function groupOf(traces: 'traces' | 'bands') {
  const { runs: members } = comparison()
  const groups = groupRuns(members, groupingsOf(runs)[0]!)
  const options = { axis: 'step', vertical: 'log', spread: 'deviation', traces: traces === 'traces' } as const
  return groupPanel(groups, compared(), 'testMse', options).panel
}

function parallel() {
  const groups = groupRuns(comparison().runs, groupingsOf(runs)[0]!)
  return parallelPanel(groups, ['task.modulus'], [findQuantity('testAccuracy')])
}

function hiddenAt(a: number, b: number, unit: number): number {
  const { data, columns } = snapshotAt(events, 12).matrices['E']!
  return Math.max(0, data[a * columns + unit]! + data[b * columns + unit]!)
}

describe('the table of every panel of the window', () => {
  it('is among those tried below', () => {
    const others = ['reorderCells.reorderCells', 'withBlocks.withBlocks']
    expect(panelBuilders().filter((name) => !others.includes(name))).toEqual(Object.keys(entries).sort())
    expect(panelsInComponents()).toEqual([])
  })

  it.each(Object.entries(entries))('%s: holds what the analysis returned, each number once', (_, entry) => {
    const rows = readCsv(panelCsv(entry.panel()))
    expect(rows).toHaveLength(entry.rows())
    for (const row of rows) expect(row).toMatchObject(entry.expected(row))
    expect(new Set(rows.map((row) => entry.key.map((name) => row[name]).join())).size).toBe(rows.length)
  })

  it.each(Object.entries(entries))('%s: names every series, in the table, on screen and in print', (_, entry) => {
    expectNamed(entry.panel())
  })

  it('names every series also where there are more than above', () => {
    const matrix = snapshotAt(events, 12).matrices['E']!
    const now = Float64Array.of(1, 2, 3, 4, 5, 6)
    const wave = { frequency: 2, at: Math.sin }
    const rowLabels = { token: Int32Array.of(0, 1, 2, 3, 4, 5) }
    expectNamed(unitPanel({ symbol: 'E', unit: 2, rowLabels, now, before: now, wave }))
    expectNamed(entriesPanel('E', matrix, matrix, 1))
    const names = Array.from({ length: 9 }, (_, seed) =>
      runSummary({ id: `run${seed}`, name: `wide, seed ${seed}`, seed }),
    )
    const { runs: many } = compareRuns(names, undefined)
    const line = { tau: Float64Array.of(1, 2), share: Float64Array.of(0.5, 0.25) }
    expectNamed(distancePanel(many, new Map(names.map(({ id }) => [id, line])), axisOn('tau', decayClock)))
    for (const shown of ['both', 'mean', 'single'] as const) {
      expectNamed(measurementPanel(group({ shown }), 'testMse', { caption: '' }))
      expectNamed(normsPanel(group({ shown }), ''))
      for (const kind of ['accuracy', 'margin'] as const)
        expectNamed(splitPanel(group({ shown }), kind, { caption: '' }))
    }
  })

  it('names every series of a branch, and the run that it branched from by its name', () => {
    const words = { title: '', caption: '', vertical: '' }
    const parent = { name: 'trunk', curves: group().curves.get('run1')!, step: 4, reach: 12 }
    for (const branched of [group({ parent }), group({ parent, runs: runs.slice(0, 1) })]) {
      const panels = [
        measurementPanel(branched, 'testMse', { caption: '' }),
        splitPanel(branched, 'accuracy', { caption: '' }),
        curvesTabPanel('margin', branched, branched.runs[0]!),
        normsPanel(branched, ''),
        panelOfRun(group({ parent, runs: runs.slice(0, 1) }), ['testMse'], { ...words, id: 'testMse' }),
      ]
      for (const panel of panels) {
        expectNamed(panel)
        const before = panel.series.filter(({ role }) => role === 'context')
        expect(before.length).toBeGreaterThan(0)
        for (const { name } of before) expect(name).toContain('trunk')
        for (const { name } of before) expect(name).not.toMatch(/test|training/)
      }
    }
  })

  it('draws a mean of all runs of a group, or none', () => {
    const series = (of: RunGroup) => measurementPanel(of, 'testMse', { caption: '' }).series.map(({ name }) => name)
    const begun = group()
    const waiting = { ...begun, runs: [...runs, runSummary({ id: 'run2', seed: 2, status: 'queued' })] }
    expect(series(begun)).toEqual(['seed 0', 'seed 1', 'mean of 2'])
    expect(series(waiting)).toEqual(['seed 0', 'seed 1'])
    expect(series({ ...waiting, shown: 'mean' })).toEqual(['seed 0', 'seed 1'])
    expect(normsPanel(waiting, '').series.filter(({ role }) => role !== 'single')).toEqual([])
    const { panel, bands } = groupPanel(
      groupRuns(comparison().runs, groupingsOf(runs)[0]!),
      new Map([
        ['run0', curvesOf(events)],
        ['run1', {}],
      ]),
      'testMse',
      { axis: 'step', vertical: 'log', spread: 'deviation', traces: false },
    )
    expect(panel.series.map(({ role }) => role)).toEqual(['single'])
    expect(panel.caption).toContain('1 of 2 runs')
    expect([bands[0]!.count, bands[0]!.step.length]).toEqual([1, 0])
  })

  it('has the rows of a matrix in the order shown, under the names that they have', () => {
    const layer = snapshotAt(events, 12).matrices['E']!
    const panel = matrixPanel('E', namedParameter(first, layer, additionTask(p)), 1, {
      title: '',
      isChange: false,
      about: [],
    })
    const order = { rows: [3, 0, 1, 2, 5, 4], columns: [4, 3, 2, 1, 0] }
    const rows = readCsv(panelCsv(reorderCells(panel, order)))
    expect(rows[0]).toMatchObject({ token: 3, unit: 4 })
    for (const row of rows) expect(row['value']).toBe(at(layer, n(row, 'token'), n(row, 'unit')))
  })
})
