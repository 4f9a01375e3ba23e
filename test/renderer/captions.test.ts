import { beforeAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/main/lab/analyze.ts'
import { plainBackend } from '../../src/main/lab/backend/plain.ts'
import { CurveBuffer } from '../../src/shared/curves/curveBuffer.ts'
import type { RunGroup } from '../../src/shared/curves/curvePanels.ts'
import { curvesTabPanel, lowerPanelsOf, mainPanelOf } from '../../src/shared/curves/curvesTabPanels.ts'
import { describeRun, nameDynamics, nameDynamicsAlone } from '../../src/shared/curves/describeRun.ts'
import {
  circlesPanel,
  cosinePanel,
  normsPanel,
  orderLabels,
  spectrumPanel,
  unitPowerPanel,
} from '../../src/shared/panels/fourierPanels.ts'
import { panelOfRun, pathPanel, singularPanel, usualPanels } from '../../src/shared/curves/geometryPanels.ts'
import { difference } from '../../src/shared/panels/matrixOrder.ts'
import { columnOrderLabels, matrixPanel } from '../../src/shared/panels/matrixPanel.ts'
import { namedHidden, namedParameter, type NamedMatrix } from '../../src/shared/panels/namedMatrix.ts'
import { accuracyByAnswerPanel, marginPanel, predictionPanel } from '../../src/shared/panels/predictionPanel.ts'
import type { AnalysisKind, AnalysisOptions, AnalysisResult } from '../../src/shared/analysis.ts'
import { type ComposedInput, type ComposedRunSpec } from '../../src/shared/experiment.ts'
import { plainText } from '../../src/shared/formatting/setSymbols.ts'
import type { Panel } from '../../src/shared/panel.ts'
import type { InitialState, RunEvent, RunSummary } from '../../src/shared/run.ts'
import { facetsOf } from '../../src/shared/specification/facets.ts'
import { collectRun, eventsOf, runSpec, snapshotAt } from '../support/runs.ts'
import { runSummary } from '../support/runSummary.ts'
import { expectedCaptions } from './expectedCaptions.ts'
import type { ParameterDescription } from '../../src/shared/models/model.ts'
import { parametersOfFacets } from '../../src/shared/models/models.ts'
import { taskOfFacets, taskSizes } from '../../src/shared/tasks/tasks.ts'

/** p = 5: fifteen pairs, of which eleven are trained on. */
const network = {
  task: { kind: 'modularAddition' as const, modulus: 5, trainFraction: 0.7 },
  network: { hidden: 24 },
  record: { measureEvery: 2, snapshots: [0, 4] },
}
const euler = { kind: 'euler', stepSize: 0.01 } as const
const training = (more: { optimizer: 'gradientDescent' | 'momentum' | 'adamw'; loss?: 'crossEntropy' }) => ({
  ...network,
  dynamics: { kind: 'training' as const, learningRate: 0.01, weightDecay: 0.001, steps: 4, ...more },
})

const kinds = {
  isolated: { ...network, dynamics: { kind: 'isolated', integrator: euler, steps: 4 } },
  ridge: { ...network, dynamics: { kind: 'isolated', ridge: 0.001, integrator: euler, steps: 4 } },
  zeroLossFlow: { ...network, dynamics: { kind: 'zeroLossFlow', integrator: euler, steps: 4 } },
  gradientDescent: training({ optimizer: 'gradientDescent' }),
  'gradientDescent, crossEntropy': training({ optimizer: 'gradientDescent', loss: 'crossEntropy' }),
  momentum: training({ optimizer: 'momentum' }),
  'momentum, crossEntropy': training({ optimizer: 'momentum', loss: 'crossEntropy' }),
  adamw: training({ optimizer: 'adamw' }),
  'adamw, crossEntropy': training({ optimizer: 'adamw', loss: 'crossEntropy' }),
  toy: {
    task: { kind: 'toy', model: 'twoWeightLinear', start: [-1, 1] },
    dynamics: { kind: 'gradientFlow', ridge: 0.1, steps: 4 },
    record: { measureEvery: 1, snapshots: [0, 4] },
  },
} satisfies Record<string, ComposedInput>

interface Made {
  spec: ComposedRunSpec
  run: RunSummary
  events: RunEvent[]
}
const made = new Map<string, Made>()
const branch = { parentRunId: 'k3m5p7q9', parentStep: 4 }

beforeAll(async () => {
  for (const [kind, input] of Object.entries(kinds)) {
    const spec = runSpec(input)
    const described = { facets: facetsOf(spec), trainPairs: taskSizes(spec.task).train, steps: spec.dynamics.steps }
    made.set(kind, { spec, run: runSummary({ figure: null, ...described }), events: await collectRun(spec) })
  }
  // The branch goes on by AdamW from where gradient descent came to.
  const { spec, run } = made.get('adamw')!
  const parent = made.get('gradientDescent')!.events
  const { E, W } = snapshotAt(parent, 4).matrices
  const initial: InitialState = { parameters: { E: E!, W: W! }, train: eventsOf(parent, 'started')[0]!.train }
  made.set('branch', { spec, run: { ...run, ...branch }, events: await collectRun(spec, { initial }) })
})

const of = (kind: string) => made.get(kind)!
const captions = (panels: readonly Panel[]) => panels.map(({ title, caption }) => `${title}: ${plainText(caption)}`)

function groupOf(kind: string, seeds = 1): RunGroup {
  const { run, events } = of(kind)
  const rows = eventsOf(events, 'measured')
  const column = (read: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, read)
  const axes = {
    step: column(({ step }) => step),
    tau: column(({ tau }) => tau),
    seconds: column(({ seconds }) => seconds),
  }
  const names = Object.keys(rows[0]!.values) as (keyof (typeof rows)[number]['values'])[]
  const curves = Object.fromEntries(
    names.map((name) => [name, { ...axes, value: column(({ values }) => values[name]!) }]),
  )
  const runs = Array.from({ length: seeds }, (_, seed) => ({ ...run, id: `run${seed}`, seed }))
  const buffers = new Map(runs.map(({ id }) => [id, new CurveBuffer(names, curves)]))
  return { runs, curves: buffers, axis: 'step', shown: 'both', end: null }
}

function analysis<K extends AnalysisKind>(kind: string, name: K, options: AnalysisOptions<K>, step = 4) {
  const { spec, events } = of(kind)
  const snapshots = eventsOf(events, 'snapshot')
    .map(({ snapshot }) => snapshot)
    .sort((a, b) => Number(b.step === step) - Number(a.step === step))
  const input = { kind: name, options: options as Record<string, unknown>, spec, snapshots }
  return analyze(
    { ...input, train: eventsOf(events, 'started')[0]!.train },
    plainBackend('float64'),
  ) as AnalysisResult<K>
}

function curvesTab(kind: string, seeds = 1): string[] {
  const group = groupOf(kind, seeds)
  const run = group.runs[0]!
  return captions([mainPanelOf(run), ...lowerPanelsOf(run)].map((name) => curvesTabPanel(name, group, run)))
}

function parameterAt(kind: string, name: string): ParameterDescription {
  return parametersOfFacets(of(kind).run.facets).find((parameter) => parameter.name === name)!
}

function matricesTab(kind: string, name: string, mode: 'value' | 'difference'): string[] {
  const matrixAt = (step: number): NamedMatrix =>
    name === 'H'
      ? namedHidden(analysis(kind, 'hidden', {}, step))
      : namedParameter(
          parameterAt(kind, name),
          snapshotAt(of(kind).events, step).matrices[name]!,
          taskOfFacets(of(kind).run.facets)!,
        )
  const about = [columnOrderLabels.frequency(4, taskOfFacets(of(kind).run.facets)), nameDynamics(of(kind).run)]
  const [start, now] = [matrixAt(0), matrixAt(4)]
  if (mode === 'difference') {
    const words = { title: 'From step 0 to step 4', isChange: true, about }
    return captions([matrixPanel(name, difference(now, start)!, 10, words)])
  }
  return captions([
    matrixPanel(name, start, 10, { title: 'Before, step 0', isChange: false, about }),
    matrixPanel(name, now, 10, { title: 'After, step 4', isChange: false, about: [] }),
  ])
}

function fourierTab(kind: string, layer: string, order: keyof typeof orderLabels = 'frozen'): string[] {
  const now = analysis(kind, 'fourier', { layer })
  const parameter = parameterAt(kind, layer)
  const about = [orderLabels[order](4), nameDynamics(of(kind).run)]
  return captions([
    normsPanel(parameter, now, analysis(kind, 'fourier', { layer }, 0)),
    cosinePanel(parameter, now, false),
    cosinePanel(parameter, now, true),
    spectrumPanel(parameter, analysis(kind, 'spectrumOverSteps', { layer }), 1),
    unitPowerPanel(parameter, now, about),
    circlesPanel(parameter, now),
    circlesPanel(parameter, now, 2),
  ])
}

function geometryTab(kind: string): string[] {
  const { run } = of(kind)
  const group = { ...groupOf(kind), shown: 'single' as const }
  const isToy = run.facets['task.modulus'] === undefined
  const last = isToy
    ? pathPanel(group, 'the first two weights')
    : singularPanel(analysis(kind, 'singularValues', {}), analysis(kind, 'singularValues', {}, 0))
  const usual = usualPanels(isToy, nameDynamicsAlone(run)).map(({ names, words }) => panelOfRun(group, names, words))
  return captions([...usual, last])
}

function predictionsTab(kind: string): string[] {
  const grid = analysis(kind, 'predictions', {})
  const about = nameDynamics(of(kind).run)
  return captions([
    predictionPanel(grid, 'margin', 100, about),
    predictionPanel(grid, 'correct', 100, about),
    marginPanel(grid, 100),
    accuracyByAnswerPanel(grid),
  ])
}

/** Every tab of a run, each matrix and mode; the squared norms, which depend on the seed, are held by a test of their own. */
function tabsOf(kind: string): Record<string, readonly string[]> {
  const everywhere = {
    title: [plainText(describeRun(of(kind).run))],
    curves: curvesTab(kind),
    geometry: geometryTab(kind),
  }
  if (kind === 'toy') return everywhere
  const matrices = (['E', 'W', 'H'] as const).flatMap((name) =>
    (['value', 'difference'] as const).map(
      (mode) => [`matrices, ${name}, ${mode}`, matricesTab(kind, name, mode)] as const,
    ),
  )
  const fourier = (['E', 'W'] as const).map((layer) => [`fourier, ${layer}`, fourierTab(kind, layer)] as const)
  const tabs = { ...everywhere, ...Object.fromEntries([...matrices, ...fourier]), predictions: predictionsTab(kind) }
  return Object.fromEntries(
    Object.entries(tabs).map(([tab, lines]) => [tab, lines.map((line) => line.replace(/‖² = [^;]+/, '‖² = …'))]),
  )
}

describe('titles and captions of a run', () => {
  it.each(Object.keys(expectedCaptions))('say what is drawn: %s', (kind) => {
    expect(tabsOf(kind)).toEqual(expectedCaptions[kind])
  })

  it('are written down for every kind of run', () => {
    expect(Object.keys(expectedCaptions)).toEqual([...Object.keys(kinds), 'branch'])
  })

  it.each(Object.keys(expectedCaptions))('quote no paper, which may be about another run: %s', (kind) => {
    const lines = Object.values(tabsOf(kind)).flat()
    for (const line of lines) expect(line).not.toMatch(/\b(Eq|Fig|Sec|Thm)\b|paper/i)
  })

  it('name the order that the units stand in', () => {
    expect(fourierTab('adamw', 'E', 'index')[4]).toContain('; in their own order; AdamW')
    expect(fourierTab('adamw', 'E', 'current')[4]).toContain('; by dominant frequency, then phase; AdamW')
  })

  it.each([
    ['both', '5 seeds and their mean'],
    ['mean', 'mean of 5 seeds'],
    ['single', '5 seeds'],
  ] as const)('say how many seeds are drawn: %s', (shown, words) => {
    const group = { ...groupOf('isolated', 5), shown }
    expect(curvesTabPanel('accuracy', group, group.runs[0]!).caption).toContain(`held out; ${words}; isolated`)
  })

  it('give the squared norm of what is drawn, the matrix or its change', () => {
    const [before, after] = [0, 4].map((step) => snapshotAt(of('adamw').events, step).matrices['E']!)
    const norm = (values: readonly number[]) => values.reduce((sum, value) => sum + value ** 2, 0)
    const [start, now] = [[...before!.data], [...after!.data]]
    const change = now.map((value, place) => value - start[place]!)
    const quoted = (lines: string[]) => lines.map((line) => Number(/‖² = ([\d.]+)/.exec(line)![1]))
    for (const [lines, norms] of [
      [matricesTab('adamw', 'E', 'value'), [norm(start), norm(now)]],
      [matricesTab('adamw', 'E', 'difference'), [norm(change)]],
    ] as const) {
      quoted(lines).forEach((value, place) => expect(value / norms[place]!).toBeCloseTo(1, 3))
    }
  })
})

describe('what a run’s curves show', () => {
  const namesOf = (kind: string, seeds = 1) => {
    const group = groupOf(kind, seeds)
    const run = group.runs[0]!
    return [mainPanelOf(run), ...lowerPanelsOf(run)].map((name) => {
      const panel = curvesTabPanel(name, group, run)
      return [panel.y.column, panel.series.map((series) => series.name)]
    })
  }

  it('is both accuracies in one panel', () => {
    for (const kind of Object.keys(kinds).filter((each) => each !== 'toy')) {
      expect(namesOf(kind)[0]).toEqual(['accuracy', ['test', 'training']])
    }
    const [accuracy] = namesOf('isolated', 2)
    expect(accuracy).toEqual(['accuracy', ['test, seed 0', 'test, seed 1', 'test, mean of 2', 'training, mean of 2']])
  })

  it('is the loss that is trained on, of test and training pairs', () => {
    for (const optimizer of ['gradientDescent', 'momentum', 'adamw']) {
      expect(namesOf(optimizer)[2]).toEqual(['meanSquaredError', ['test', 'training']])
      expect(namesOf(`${optimizer}, crossEntropy`)[2]).toEqual(['crossEntropy', ['test', 'training']])
    }
    expect(namesOf('isolated').slice(2)).toEqual([
      ['testMse', ['seed 0']],
      ['trainLoss', ['seed 0']],
    ])
  })

  it('is a margin above zero exactly where the prediction is right', () => {
    for (const kind of Object.keys(kinds).filter((each) => each !== 'toy')) {
      const { margin, correct } = analysis(kind, 'predictions', {})
      margin.forEach((value, pair) => expect(value > 0).toBe(correct[pair] === 1))
      const last = eventsOf(of(kind).events, 'measured').at(-1)!.values
      expect(last.trainAccuracy === 1).toBe(last.trainMargin! > 0)
    }
  })
})
