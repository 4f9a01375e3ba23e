import type { ExperimentInput, InitializationSpec } from '../../../shared/experiment.ts'
import type { LinePanel, Panel, Series } from '../../../shared/panel.ts'
import type { Claim, RecordedRun } from '../../../shared/paper.ts'
import type { MatrixData } from '../../../shared/run.ts'
import {
  trajectoryComparison,
  type TrajectoryComparison,
  type TrajectoryPoint,
} from '../analysis/trajectoryComparison.ts'
import { rangeClaim, type PaperFigure } from './figure.ts'
import { logLogSlope } from './logLogSlope.ts'

const source = 'SCIENCE.md §7, findings 2 and 3'
const weightDecay = 1e-4
/** N = n·p entries of the training outputs: λ = wd·N/2. */
const entries = 59 * 11
const ridge = (weightDecay * entries) / 2
/** Decay times: of the end, of the comparison, and of the limit λ → 0. */
const endTau = 2
const comparedTau = 1
const limitTau = 0.6
/** Decay time between snapshots, and of one clock step of the flows. */
const every = 0.1
const stepSize = 1e-3
const limitDecays = [1e-3, 3e-4, 3e-5]
/** Where the shares 0.47, 0.22, 0.091 and 0.035 that were measured independently are expected. */
const limitRanges = [
  { decay: 1e-3, least: 0.35, most: 0.6 },
  { decay: 3e-4, least: 0.15, most: 0.3 },
  { decay: 1e-4, least: 0.06, most: 0.13 },
  { decay: 3e-5, least: 0.02, most: 0.06 },
]

const initialization: InitializationSpec = { kind: 'trained', steps: 3000, learningRate: 1, weightDecay }

/**
 * Beyond the paper: from one memorising state (p = 11, d_h = 128, 3000 steps of training at wd = 1e-4) training, the flow on
 * the zero-loss set, the isolated first layer with λ = wd·N/2 and without a ridge, compared at equal decay time τ; and
 * training with other decays, whose distance to the flow shrinks with λ.
 */
export const theoryAgainstTraining: PaperFigure = {
  id: 'theory',
  number: 'Beyond the paper',
  title: 'Theory against training',
  summary: 'Training, the flow on the zero-loss set and the isolated layer on one clock, τ.',
  source,
  needs: { measurements: ['testMse', 'testAccuracy'], snapshots: 'all' },
  experiments: () => [
    trainingExperiment(weightDecay, endTau),
    flowExperiment('flow on the zero-loss set', { kind: 'zeroLossFlow' }),
    flowExperiment(`isolated, ridge ${ridge}`, { kind: 'isolated', ridge }),
    flowExperiment('isolated, ridge 0', { kind: 'isolated', ridge: 0 }),
    ...limitDecays.map((decay) => trainingExperiment(decay, limitTau)),
  ],
  evaluate(runs) {
    const found = findRuns(runs)
    return { claims: [...comparisonClaims(found), ...limitClaims(found)], panels: panels(found) }
  },
}

const common = {
  task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.894 },
  network: { hidden: 128, activation: 'relu' },
  initialization,
} as const

function trainingExperiment(decay: number, tau: number): ExperimentInput {
  const snapshots = multiples(every / decay, tau / decay)
  return {
    name: `Theory against training: training, wd ${decay}`,
    ...common,
    dynamics: { kind: 'training', learningRate: 1, weightDecay: decay, steps: Math.round(tau / decay) },
    record: { measureEvery: Math.max(1, Math.round(0.01 / decay)), snapshots },
  }
}

function flowExperiment(
  name: string,
  kind: { kind: 'zeroLossFlow' } | { kind: 'isolated'; ridge: number },
): ExperimentInput {
  const steps = Math.round(endTau / stepSize)
  return {
    name: `Theory against training: ${name}`,
    ...common,
    dynamics: { ...kind, integrator: { kind: 'heun', stepSize, tolerance: 1e-3 }, steps },
    record: { measureEvery: Math.round(0.01 / stepSize), snapshots: multiples(every / stepSize, steps) },
  }
}

/** Whole numbers next to the multiples of an interval, up to `last`. */
function multiples(interval: number, last: number): number[] {
  return Array.from({ length: Math.round(last / interval) }, (_, i) => Math.round((i + 1) * interval))
}

interface Found {
  training?: RecordedRun
  flow?: RecordedRun
  isolated?: RecordedRun
  isolatedWithoutRidge?: RecordedRun
  /** Training under each decay, that of the comparison included, as far as it has come to the limit's τ. */
  byDecay: { weightDecay: number; run: RecordedRun }[]
}

function findRuns(runs: readonly RecordedRun[]): Found {
  const find = (matches: (dynamics: RecordedRun['spec']['dynamics']) => boolean) =>
    runs.find(({ spec: { dynamics } }) => matches(dynamics))
  const training = (decay: number) => find((d) => d.kind === 'training' && d.weightDecay === decay)
  return {
    training: training(weightDecay),
    flow: find((d) => d.kind === 'zeroLossFlow'),
    isolated: find((d) => d.kind === 'isolated' && d.ridge > 0),
    isolatedWithoutRidge: find((d) => d.kind === 'isolated' && d.ridge === 0),
    byDecay: [...limitDecays, weightDecay]
      .sort((a, b) => b - a)
      .flatMap((decay) => {
        const run = training(decay)
        return run && hasReached(run, limitTau) ? [{ weightDecay: decay, run }] : []
      }),
  }
}

function comparisonClaims({ training, flow, isolated, isolatedWithoutRidge }: Found): Claim[] {
  const share = (run?: RecordedRun) => at(compareToTraining(training, run), 'relativeDistance', comparedTau)
  const cosine = (run?: RecordedRun) => at(compareToTraining(training, run), 'velocityCosine', comparedTau)
  const ratio = (run?: RecordedRun) =>
    testErrorAt(run, comparedTau).map((mse) => mse / testErrorAt(training, comparedTau)[0]!)
  const displacement = at(compareToTraining(training, isolated), 'displacementRatio', comparedTau)
  return [
    rangeClaim('flowDistance', 'Flow on Z: distance from training at τ = 1', source, share(flow), { most: 0.15 }),
    rangeClaim('isolatedDistance', 'Isolated: the same', source, share(isolated), { least: 0.3, most: 0.6 }),
    rangeClaim('bareDistance', 'Isolated, ridge 0: the same', source, share(isolatedWithoutRidge), {
      least: 0.3,
      most: 0.8,
    }),
    rangeClaim('flowTest', 'Flow on Z: test error over training’s at τ = 1', source, ratio(flow), {
      least: 0.95,
      most: 1.05,
    }),
    rangeClaim('isolatedTest', 'Isolated: the same', source, ratio(isolated), { least: 0.5, most: 0.9 }),
    rangeClaim('displacement', 'Isolated: displacement over training’s', source, displacement, {
      least: 1.1,
      most: 1.45,
    }),
    rangeClaim('sooner', 'Isolated: times sooner at equal test errors', source, timesSooner(training, isolated), {
      least: 1.5,
      most: 3,
    }),
    rangeClaim('flowCosine', 'Flow on Z: cosine of velocities at τ = 1', source, cosine(flow), { least: 0.9 }),
    rangeClaim('isolatedCosine', 'Isolated: the same', source, cosine(isolated), { least: 0.5 }),
  ]
}

function limitClaims(found: Found): Claim[] {
  const first = limitShares(found, ['E'])
  const both = limitShares(found, ['E', 'W'])
  const claims = limitRanges.map(({ decay, least, most }) => {
    const values = first.filter((point) => point.weightDecay === decay).map(({ share }) => share)
    const text = `wd ${decay}: E from the flow at τ = ${limitTau}`
    return rangeClaim(`limit${decay}`, text, source, values, { least, most })
  })
  const exponents = [first, both].flatMap((points) =>
    points.length > 2 ? [logLogSlope(points.map((p) => [p.weightDecay, p.share] as const))] : [],
  )
  return [
    ...claims,
    rangeClaim('exponent', 'Exponent of that distance in λ, for E and for (E, W)', source, exponents, {
      least: 0.6,
      most: 1.1,
    }),
  ]
}

function panels(found: Found): Panel[] {
  const { training, flow, isolated, isolatedWithoutRidge } = found
  const named = [
    { name: 'training', run: training, role: 'mean' as const },
    { name: 'flow on the zero-loss set', run: flow, role: 'single' as const },
    { name: 'isolated, λ = wd·N/2', run: isolated, role: 'single' as const },
    { name: 'isolated, ridge 0', run: isolatedWithoutRidge, role: 'single' as const },
  ]
  const tau = { label: 'decay time', column: 'tau', symbol: 'τ', scale: 'linear', least: 0, most: endTau } as const
  const curves = (measurement: 'testMse' | 'testAccuracy') =>
    named.flatMap(({ name, run, role }, i): Series[] => {
      const y = run?.curves[measurement]
      if (!run || !y) return []
      const { step, tau } = run.curves
      return [{ name, role, colour: i, of: { dynamics: name }, with: { step, tau }, x: tau, y }]
    })
  const compared = (quantity: 'relativeDistance' | 'velocityCosine') =>
    named.slice(1).flatMap(({ name, run, role }, i): Series[] => {
      const comparison = compareToTraining(training, run)
      if (!comparison) return []
      const of = { dynamics: name }
      return [{ name, role, colour: i + 1, of, x: comparison.tau, y: comparison[quantity] }]
    })
  const panel = (id: string, title: string, caption: string, y: LinePanel['y'], series: Series[]): LinePanel => {
    return { kind: 'lines', id, title, caption, x: tau, y, series }
  }
  return [
    panel(
      'test-error',
      'Test error',
      'from one memorising state',
      { label: 'mean squared error', column: 'testMse', scale: 'linear' },
      curves('testMse'),
    ),
    panel(
      'test-accuracy',
      'Test accuracy',
      '7 pairs',
      { label: 'share of pairs', column: 'testAccuracy', scale: 'linear', least: 0, most: 1 },
      curves('testAccuracy'),
    ),
    panel(
      'distance',
      'Distance from training',
      'of E',
      { label: 'share of training’s displacement', column: 'distance', scale: 'linear', least: 0 },
      compared('relativeDistance'),
    ),
    panel(
      'velocities',
      'Direction of motion',
      'of E, over steps of 0.1',
      { label: 'cosine with training’s velocity', column: 'cosine', scale: 'linear', most: 1 },
      compared('velocityCosine'),
    ),
    limitPanel(found),
  ]
}

function limitPanel(found: Found): LinePanel {
  const series = [['E'], ['E', 'W']].map((names, i): Series => {
    const points = limitShares(found, names)
    return {
      name: names.length === 1 ? 'E' : '(E, W)',
      role: 'single',
      colour: i,
      of: { parameters: names.join(' and ') },
      x: Float64Array.from(points, (point) => point.weightDecay),
      y: Float64Array.from(points, (point) => point.share),
    }
  })
  return {
    kind: 'lines',
    id: 'limit',
    title: 'The limit λ → 0',
    caption: `training against the flow at τ = ${limitTau}`,
    x: { label: 'weight decay', column: 'weightDecay', symbol: 'wd', scale: 'log' },
    y: { label: 'distance, share of training’s displacement', column: 'distance', scale: 'log' },
    series,
  }
}

/** Distances of training's parameters from the flow's, displacement counted from the flow's start on Z. */
function limitShares({ flow, byDecay }: Found, names: readonly string[]): { weightDecay: number; share: number }[] {
  if (!flow || !hasReached(flow, limitTau)) return []
  const path = trajectory(flow, names)
  return byDecay.flatMap(({ weightDecay, run }) => {
    const comparison = trajectoryComparison(trajectory(run, names), path, path[0]!.layers)
    return at(comparison, 'relativeDistance', limitTau).map((share) => ({ weightDecay, share }))
  })
}

function compareToTraining(
  training: RecordedRun | undefined,
  run: RecordedRun | undefined,
): TrajectoryComparison | undefined {
  return training && run ? trajectoryComparison(trajectory(training, ['E']), trajectory(run, ['E'])) : undefined
}

function trajectory(run: RecordedRun, names: readonly string[]): TrajectoryPoint[] {
  return run.snapshots.map(({ tau, matrices }) => ({
    tau,
    layers: names.flatMap((name): MatrixData[] => (matrices[name] ? [matrices[name]] : [])),
  }))
}

function at(
  comparison: TrajectoryComparison | undefined,
  quantity: Exclude<keyof TrajectoryComparison, 'tau'>,
  tau: number,
): number[] {
  const index = comparison ? comparison.tau.findIndex((other) => Math.abs(other - tau) < 1e-9) : -1
  return comparison && index >= 0 ? [comparison[quantity][index]!] : []
}

function hasReached(run: RecordedRun, tau: number): boolean {
  return (run.curves.tau.at(-1) ?? 0) >= tau - 1e-9
}

function testErrorAt(run: RecordedRun | undefined, tau: number): number[] {
  const index = run ? run.curves.tau.findIndex((other) => other >= tau - 1e-9) : -1
  const value = run?.curves.testMse?.[index]
  return value === undefined ? [] : [value]
}

/** τ of training over τ of the other at which each first falls below test errors that both reach after the early part. */
function timesSooner(training: RecordedRun | undefined, other: RecordedRun | undefined): number[] {
  return [0.085, 0.075, 0.065].flatMap((error) => {
    const [slow, fast] = [training, other].map((run) => {
      const index = run?.curves.testMse?.findIndex((value) => value < error) ?? -1
      return index < 0 ? NaN : run!.curves.tau[index]!
    })
    return slow! > 0 && fast! > 0 ? [slow! / fast!] : []
  })
}
