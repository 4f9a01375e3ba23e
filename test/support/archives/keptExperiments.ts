import { createHash } from 'node:crypto'

/** What the archive that version 0.1.0 left behind holds, in the words of that version; these never change. */
export const keptExperiments: readonly KeptExperiment[] = [
  // Every optimizer with every loss; every activation among them.
  training(
    'descent',
    { learningRate: 1, weightDecay: 1e-3 },
    { network: { hidden: 16, activation: 'relu' }, record: {} },
  ),
  training(
    'descent, cross-entropy',
    { loss: 'crossEntropy', learningRate: 0.5, weightDecay: 1e-4 },
    { network: { hidden: 12, activation: 'leakyRelu' } },
  ),
  training(
    'momentum',
    { optimizer: { kind: 'momentum', momentum: 0.8 }, learningRate: 0.01, weightDecay: 1e-3, reduction: 'sum' },
    { network: { hidden: 10, activation: 'quadratic' }, record: { measureEvery: 1, snapshots: 'events' } },
  ),
  training(
    'momentum, cross-entropy',
    { optimizer: 'momentum', loss: 'crossEntropy', reduction: 'sum', learningRate: 0.02, weightDecay: 1e-3 },
    { network: { hidden: 12, activation: 'tanh' } },
  ),
  training(
    'adamw',
    { optimizer: { kind: 'adamw', beta1: 0.8, beta2: 0.95, epsilon: 1e-7 }, learningRate: 0.02, weightDecay: 0.1 },
    { network: { hidden: 12, activation: 'gelu' } },
  ),
  training(
    'adamw, cross-entropy',
    { optimizer: 'adamw', loss: 'crossEntropy', learningRate: 0.02, weightDecay: 0.1 },
    { network: { hidden: 8, activation: 'identity' } },
  ),
  training(
    'float32',
    { optimizer: 'adamw', learningRate: 0.01, weightDecay: 0.01 },
    { precision: 'float32', seeds: [0, 1, 4_294_967_295] },
  ),
  // Every start that a specification can name; from a file below.
  training(
    'variance 1/√p',
    { learningRate: 1, weightDecay: 1e-3 },
    { initialization: { kind: 'normal', standardDeviation: 'p^-1/4' } },
  ),
  training(
    'deviation 0.2',
    { learningRate: 1, weightDecay: 1e-3 },
    { initialization: { kind: 'normal', standardDeviation: 0.2 } },
  ),
  training('uniform', { learningRate: 1, weightDecay: 1e-3 }, { initialization: { kind: 'uniform' } }),
  training(
    'trained',
    { learningRate: 1, weightDecay: 1e-3 },
    { initialization: { kind: 'trained', steps: 200, learningRate: 1, weightDecay: 0 }, seeds: [3] },
  ),
  training(
    'file',
    { learningRate: 1, weightDecay: 1e-3 },
    { initialization: { kind: 'file', path: 'start.npz' }, network: { hidden: 12, activation: 'relu' } },
  ),
  // Every intervention; the thresholds are not the usual ones, so that they are read.
  training(
    'interventions',
    { learningRate: 1, weightDecay: 1e-3 },
    {
      task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.6 },
      interventions: [
        { at: 10, kind: 'keepFrequencies', frequencies: [1, 2] },
        { at: 20, kind: 'removeFrequencies', frequencies: [2] },
        { at: 25, kind: 'rescale', layer: 'first', factor: 1.5 },
        { at: 25, kind: 'rescale', layer: 'second', factor: 0.5 },
        { at: 30, kind: 'clampNorm', norm: 4 },
        { at: 35, kind: 'setWeightDecay', value: 0.01 },
        { at: 50, kind: 'clampNorm', norm: 'initial' },
      ],
      record: { memoriseThreshold: 0.25, generaliseThreshold: 0.1 },
    },
  ),
  training(
    'geometry',
    { learningRate: 1, weightDecay: 1e-3 },
    {
      initialization: { kind: 'trained', steps: 500, learningRate: 1, weightDecay: 0 },
      record: { geometry: { every: 20, lag: 5 }, snapshots: [7, 33] },
    },
  ),
  // Every other dynamics, with every integrator.
  network('isolated', { kind: 'isolated', integrator: { kind: 'euler', stepSize: 1e-3 } }),
  network('isolated, ridge', {
    kind: 'isolated',
    ridge: 0.05,
    integrator: { kind: 'heun', stepSize: 5e-3, tolerance: 1e-4 },
  }),
  network(
    'isolated, float32',
    { kind: 'isolated', ridge: 0.5, integrator: { kind: 'heun', stepSize: 1e-3 } },
    { precision: 'float32', interventions: [{ at: 20, kind: 'rescale', layer: 'first', factor: 1.2 }] },
  ),
  network('isolated, adaptive', { kind: 'isolated', integrator: { kind: 'dormandPrince', stepSize: 0.01 } }),
  network('flow on Z', { kind: 'zeroLossFlow' }),
  network('flow on Z, Euler', { kind: 'zeroLossFlow', integrator: { kind: 'euler', stepSize: 1e-3 } }),
  toy('twoWeightLinear', [0, 1], { ridge: 0.1 }),
  toy('threeWeightLinear', [0.5, 0, -1], { ridge: 0.01 }),
  toy('curvedScalar', [2, 0.1], { ridge: 0.02, integrator: { kind: 'heun', stepSize: 0.01 } }),
  toy('singularScalar', [1, 0.5], { ridge: 0.02, integrator: { kind: 'euler', stepSize: 0.01 } }),
  toy('leakyRelu', [-1, -2], { ridge: 0.02 }),
  toy('parabola', [1, 0.2], { ridge: 0.02 }),
  // It ends by itself, without success.
  training('diverges', { learningRate: 20, weightDecay: 1e-3 }, { network: { hidden: 10, activation: 'quadratic' } }),
]

/** Begins at the last snapshot of the first of them. */
export const keptBranch: KeptExperiment = training(
  'branch of descent',
  { learningRate: 0.5, weightDecay: 1e-2, steps: 40 },
  { network: { hidden: 16, activation: 'relu' } },
)

/** Long enough to be stopped on the way, and seldom looked at, so that little is kept. */
export const stoppedExperiment = (name: string): KeptExperiment =>
  training(
    name,
    { learningRate: 0.5, weightDecay: 1e-3, steps: 40_000 },
    { network: { hidden: 48 }, record: { measureEvery: 200, snapshots: [0, 1000, 20_000] } },
  )

/** What version 0.1.0 made of the runs of the archive. */
export interface Continuations {
  /** `powers()` where that was. */
  powers: string
  runs: Record<string, Continuation>
}

/** A run that version 0.1.0 went on with: to `steps` where it was finished, to its end where it was not. */
export interface Continuation {
  name: string
  seed: number
  /** How it is stored in the archive. */
  status: string
  contentHash: string | null
  steps?: number
  /** What came of it. */
  after: { status: string; step: number; contentHash: string | null }
}

/**
 * A hash over powers as AdamW and adaptive integrators take them. Everything else that runs ask of `Math` is computed by
 * the engine itself, with the same bits since at least V8 11; powers changed between V8 11 and 13 and follow the
 * system's library since, so that what depends on them can be compared only where this hash is the same.
 */
export function powers(): string {
  const values = Float64Array.from({ length: 20_000 }, (_, i) => 0.999 ** i + ((i + 1) / 10_007) ** 0.2)
  return createHash('sha256').update(values).digest('hex')
}

/** Whether what a run computes after its start depends on powers. */
export function takesPowers({ dynamics }: { dynamics: object }): boolean {
  const { kind, optimizer, integrator } = dynamics as { kind: string } & Record<
    string,
    Record<string, unknown> | undefined
  >
  if (kind === 'training') return optimizer?.kind === 'adamw'
  return integrator?.tolerance !== undefined
}

/** In the words of version 0.1.0, whatever they are today. */
export interface KeptExperiment {
  name: string
  task: Record<string, unknown>
  network?: Record<string, unknown>
  dynamics: Record<string, unknown> & { steps: number }
  [other: string]: unknown
}

function training(name: string, dynamics: object, changes: object): KeptExperiment {
  return network(name, { kind: 'training', ...dynamics }, changes)
}

function network(name: string, dynamics: object, changes: object = {}): KeptExperiment {
  return {
    name,
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
    network: { hidden: 16 },
    dynamics: { steps: 60, ...dynamics },
    record: { measureEvery: 5, snapshots: [30] },
    ...changes,
  }
}

function toy(model: string, start: readonly number[], dynamics: object): KeptExperiment {
  return {
    name: model,
    task: { kind: 'toy', model, start },
    dynamics: { kind: 'gradientFlow', steps: 60, ...dynamics },
    record: { measureEvery: 5, snapshots: [30] },
  }
}
