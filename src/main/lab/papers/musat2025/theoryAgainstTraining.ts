import {
  requireComposed,
  type ExperimentInput,
  type InitializationSpec,
  type RunSpec,
} from '../../../../shared/experiment.ts'
import { tauPerStep } from '../../../../shared/decayTime.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'
import { threeDecimals, type PaperFigure, type Statement } from '../figure.ts'
import { logLogSlope } from '../logLogSlope.ts'
import { theoryPanels } from './theoryPanels.ts'
import {
  compareToTraining,
  distancesFromFlow,
  findTheoryRuns,
  hasReachedTau,
  testErrorAtTau,
  speedRatioAtTau,
  valueAtTau,
  type ComparedName,
  type TheoryRuns,
} from './theoryRuns.ts'

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
const seeds = [0, 1, 2]
/** Where the shares 0.47, 0.22, 0.091 and 0.035 that were measured independently are expected. */
const limitRanges = [
  { decay: 1e-3, min: 0.35, max: 0.6 },
  { decay: 3e-4, min: 0.15, max: 0.3 },
  { decay: 1e-4, min: 0.06, max: 0.13 },
  { decay: 3e-5, min: 0.02, max: 0.06 },
]

const initialization: InitializationSpec = { kind: 'trained', steps: 3000, learningRate: 1, weightDecay }

/**
 * Beyond the paper: from one memorizing state of each of three seeds (p = 11, d_h = 128, 3000 steps of training at
 * wd = 1e-4) training, the flow on the zero-loss set, the isolated first layer with λ = wd·N/2 and without a ridge, compared at equal decay time τ; and
 * training with other decays, whose distance to the flow shrinks with λ.
 */
export const theoryAgainstTraining: PaperFigure<'musat2025/theory'> = {
  id: 'musat2025/theory',
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
    const found = findTheoryRuns(runs, weightDecay)
    return {
      statements: [...comparisonStatements(found), ...limitStatements(found)],
      panels: theoryPanels(found, { endTau, limitTau }),
    }
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
    seeds,
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
    seeds,
    dynamics: { ...kind, integrator: { kind: 'heun', stepSize, tolerance: 1e-3 }, steps },
    record: { measureEvery: Math.round(0.01 / stepSize), snapshots: multiples(every / stepSize, steps) },
  }
}

/** Whole numbers next to the multiples of an interval, up to `last`. */
function multiples(interval: number, last: number): number[] {
  return Array.from({ length: Math.round(last / interval) }, (_, i) => Math.round((i + 1) * interval))
}

/** At τ = 1, from every seed. */
function comparisonStatements(found: readonly TheoryRuns[]): Statement[] {
  const of = (name: ComparedName, measure: (runs: TheoryRuns, run: RecordedRun, training: RecordedRun) => number) => ({
    source,
    values: found.flatMap((runs) => {
      const { training, [name]: run } = runs
      const haveReached = training && run && [training, run].every((each) => hasReachedTau(each, comparedTau))
      return haveReached ? [measure(runs, run, training)] : []
    }),
    format: threeDecimals,
    needs: {
      of: (spec: RunSpec) => isTraining(spec, weightDecay) || isNamed(spec, name),
      step: stepAtTau(comparedTau),
    },
  })
  const share = (name: ComparedName) =>
    of(name, (runs) => valueAtTau(compareToTraining(runs, name), 'relativeDistance', comparedTau))
  const cosine = (name: ComparedName) =>
    of(name, (runs) => valueAtTau(compareToTraining(runs, name), 'velocityCosine', comparedTau))
  const ratio = (name: ComparedName) =>
    of(name, (_, run, training) => testErrorAtTau(run, comparedTau) / testErrorAtTau(training, comparedTau))
  return [
    {
      ...share('flow'),
      basis: 'paper',
      id: 'flowDistance',
      text: 'Flow on Z: distance from training at τ = 1',
      range: { max: 0.15 },
    },
    {
      ...share('isolated'),
      basis: 'laboratory',
      id: 'isolatedDistance',
      text: 'Isolated: the same',
      range: { min: 0.3, max: 0.6 },
    },
    {
      ...share('isolatedWithoutRidge'),
      basis: 'laboratory',
      id: 'bareDistance',
      text: 'Isolated, ridge 0: the same',
      range: { min: 0.3, max: 0.8 },
    },
    {
      ...ratio('flow'),
      basis: 'paper',
      id: 'flowTest',
      text: 'Flow on Z: test error over training’s at τ = 1',
      range: { min: 0.95, max: 1.05 },
    },
    {
      ...ratio('isolated'),
      basis: 'laboratory',
      id: 'isolatedTest',
      text: 'Isolated: the same',
      range: { min: 0.5, max: 0.9 },
    },
    {
      ...of('isolated', (runs) => valueAtTau(compareToTraining(runs, 'isolated'), 'displacementRatio', comparedTau)),
      basis: 'laboratory',
      id: 'displacement',
      text: 'Isolated: displacement over training’s',
      range: { min: 1.1, max: 1.45 },
    },
    {
      ...of('isolated', (_, run, training) => speedRatioAtTau(training, run, comparedTau)),
      basis: 'laboratory',
      id: 'sooner',
      text: 'Isolated: times sooner at training’s test error of τ = 1',
      range: { min: 1.5, max: 3 },
    },
    {
      ...cosine('flow'),
      basis: 'paper',
      id: 'flowCosine',
      text: 'Flow on Z: cosine of velocities at τ = 1',
      range: { min: 0.9 },
    },
    {
      ...cosine('isolated'),
      basis: 'laboratory',
      id: 'isolatedCosine',
      text: 'Isolated: the same',
      range: { min: 0.5 },
    },
  ]
}

/** Training against the flow under each decay, from every seed. */
function limitStatements(found: readonly TheoryRuns[]): Statement[] {
  const laboratory = { source, basis: 'laboratory', format: threeDecimals } as const
  const first = found.map((runs) => distancesFromFlow(runs, ['E'], limitTau))
  const both = found.map((runs) => distancesFromFlow(runs, ['E', 'W'], limitTau))
  const complete = [...first, ...both].filter((points) => points.length === limitRanges.length)
  const isDecay = (spec: RunSpec) => limitRanges.some(({ decay }) => isTraining(spec, decay))
  return [
    ...limitRanges.map(({ decay, ...range }): Statement => {
      return {
        ...laboratory,
        id: `limit${decay}`,
        text: `wd ${decay}: E from the flow at τ = ${limitTau}`,
        values: first.flatMap((points) =>
          points.filter((each) => each.weightDecay === decay).map(({ share }) => share),
        ),
        range,
        needs: { of: (spec) => isNamed(spec, 'flow') || isTraining(spec, decay), step: stepAtTau(limitTau) },
      }
    }),
    {
      ...laboratory,
      id: 'exponent',
      text: 'Exponent of that distance in λ, for E and for (E, W)',
      values: complete.map((points) => logLogSlope(points.map((each) => [each.weightDecay, each.share] as const))),
      range: { min: 0.6, max: 1.1 },
      needs: { of: (spec) => isNamed(spec, 'flow') || isDecay(spec), step: stepAtTau(limitTau) },
    },
  ]
}

function isNamed(spec: RunSpec, name: ComparedName): boolean {
  const { dynamics } = requireComposed(spec)
  if (name === 'flow') return dynamics.kind === 'zeroLossFlow'
  return dynamics.kind === 'isolated' && dynamics.ridge > 0 === (name === 'isolated')
}

function isTraining(spec: RunSpec, decay: number): boolean {
  const { dynamics } = requireComposed(spec)
  return dynamics.kind === 'training' && dynamics.weightDecay === decay
}

function stepAtTau(tau: number): (spec: RunSpec) => number {
  return (spec) => Math.round(tau / tauPerStep(requireComposed(spec).dynamics))
}
