import { z } from 'zod'
import { filePath } from './filePath.ts'
import { intervention, interventionProblems, weightDecayProblems } from './interventions.ts'
import { parseInput } from './parseInput.ts'
import { plainText } from './plainText.ts'
import { specificationProblems } from './specificationProblems.ts'
import { toyTask } from './toyTask.ts'
import { circumstances, usualValues } from './usualValues.ts'

/** The least and the greatest value that each bounded field accepts. */
export const limits = {
  modulus: { least: 2, most: 509 },
  hidden: { least: 1, most: 16_384 },
  steps: { least: 1, most: 1_000_000_000 },
  seed: { least: 0, most: 4_294_967_295 },
  seeds: { least: 1, most: 1_000 },
  measureEvery: { least: 1, most: 1_000_000_000 },
} as const

/** Equations n·p up to which JJᵀ on the zero-loss set is factored; with more, conjugate gradients are faster. */
export const mostExactEquations = 512

export const activations = ['relu', 'leakyRelu', 'quadratic', 'tanh', 'gelu', 'identity'] as const
export type Activation = (typeof activations)[number]

export const precisions = ['float64', 'float32'] as const
export type Precision = (typeof precisions)[number]

const wholeNumber = ({ least, most }: { least: number; most: number }) =>
  z.int('expected a whole number').min(least).max(most)
const positive = z.number().positive()
const stepSize = positive.max(1e6)

const modularAddition = z.strictObject({
  kind: z.literal('modularAddition'),
  modulus: wholeNumber(limits.modulus),
  trainFraction: z.number().gt(0).lt(1),
})

const initialization = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('normal'),
    /** `p^-1/4` is the paper's N(0, p^(-1/2)) read as a variance. */
    standardDeviation: z.union([z.enum(['p^-1/2', 'p^-1/4']), positive]).default('p^-1/2'),
  }),
  z.strictObject({ kind: z.literal('uniform') }),
  /** Uniform weights, then gradient descent on the mean squared error: a memorising state that several runs can share. */
  z.strictObject({
    kind: z.literal('trained'),
    steps: wholeNumber({ least: 1, most: 1_000_000 }),
    learningRate: stepSize,
    weightDecay: z.number().gte(0).max(1e6),
  }),
  z.strictObject({ kind: z.literal('file'), path: filePath }),
])

const tolerance = z.number().gte(1e-13).lte(0.1)
const integrator = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('euler'), stepSize: stepSize.default(1e-3) }),
  /** With a tolerance Heun's step adapts (embedded Euler); without one it is fixed. */
  z.strictObject({ kind: z.literal('heun'), stepSize: stepSize.default(1e-3), tolerance: tolerance.optional() }),
  z.strictObject({
    kind: z.literal('dormandPrince'),
    stepSize: stepSize.default(1e-3),
    tolerance: tolerance.default(1e-6),
  }),
])

const steps = wholeNumber(limits.steps)

const isolated = z.strictObject({
  kind: z.literal('isolated'),
  ridge: z.number().gte(0).default(0),
  integrator: integrator.default({ kind: 'euler', stepSize: 1e-3 }),
  steps,
})

export const optimizerKinds = ['gradientDescent', 'momentum', 'adamw'] as const
const movingAverage = z.number().gte(0).lt(1)
const optimizerSettings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('gradientDescent') }),
  z.strictObject({ kind: z.literal('momentum'), momentum: movingAverage.default(0.9) }),
  z.strictObject({
    kind: z.literal('adamw'),
    beta1: movingAverage.default(0.9),
    beta2: movingAverage.default(0.999),
    epsilon: positive.default(1e-8),
  }),
])
/** An optimizer's kind alone stands for the kind with its default settings. */
const optimizer = z.preprocess(
  (given: z.input<typeof optimizerSettings> | (typeof optimizerKinds)[number]) =>
    typeof given === 'string' ? { kind: given } : given,
  optimizerSettings,
)

export const losses = ['meanSquaredError', 'crossEntropy'] as const
export type Loss = (typeof losses)[number]

const training = z.strictObject({
  kind: z.literal('training'),
  optimizer: optimizer.default({ kind: 'gradientDescent' }),
  learningRate: stepSize,
  weightDecay: z.number().gte(0).max(1e6),
  loss: z.enum(losses).default('meanSquaredError'),
  /** `mean` over the n·p entries for the squared error, over the n pairs for the cross-entropy. */
  reduction: z.enum(['mean', 'sum']).default('mean'),
  /** Of the softmax, its logarithm, their sum and the gradient that comes from them; left out: float64. */
  lossPrecision: z.enum(precisions).optional(),
  steps,
})

const zeroLossFlow = z.strictObject({
  kind: z.literal('zeroLossFlow'),
  integrator: integrator.default({ kind: 'heun', stepSize: 1e-3, tolerance: 1e-3 }),
  steps,
})

/** θ̇ = −∇(L + λ‖θ‖²), λ the ridge: the motion of the toy models. */
const gradientFlow = z.strictObject({
  kind: z.literal('gradientFlow'),
  ridge: z.number().gte(0).default(0),
  integrator: integrator.default({ kind: 'dormandPrince', stepSize: 1e-2, tolerance: 1e-9 }),
  steps,
})

const dynamics = z.discriminatedUnion('kind', [training, isolated, zeroLossFlow, gradientFlow])

const geometry = z.strictObject({
  every: wholeNumber(limits.measureEvery).default(100),
  /** The cosines are those of the update since so many steps before. */
  lag: wholeNumber(limits.measureEvery).default(10),
})

const record = z.strictObject({
  measureEvery: wholeNumber(limits.measureEvery).default(10),
  snapshots: z.union([z.enum(['log', 'events']), z.array(z.int().min(0).max(limits.steps.most))]).default('log'),
  /** Accuracy at and above which the training set counts as memorised, the test set as generalised. */
  memoriseThreshold: z.number().gt(0).lte(1).default(0.99),
  generaliseThreshold: z.number().gt(0).lte(1).default(0.99),
  /** Measures the run against the zero-loss set. */
  geometry: geometry.optional(),
})

const network = z.strictObject({
  hidden: wholeNumber(limits.hidden),
  activation: z.enum(activations).default('relu'),
})

const experiment = z
  .strictObject({
    name: plainText(z.string().min(1).max(200)).default('untitled'),
    task: z.discriminatedUnion('kind', [modularAddition, toyTask]),
    network,
    initialization: initialization.default({ kind: 'normal', standardDeviation: 'p^-1/2' }),
    dynamics,
    interventions: z.array(intervention).max(1000).default([]),
    precision: z.enum(precisions).default('float64'),
    seeds: z
      .array(wholeNumber(limits.seed))
      .min(limits.seeds.least)
      .max(limits.seeds.most)
      .refine((seeds) => new Set(seeds).size === seeds.length, 'each seed may stand once')
      .default([0]),
    record: record.prefault({}),
  })
  .superRefine((spec, context) => {
    if (context.issues.length > 0) return
    for (const { path, value, message } of [
      ...weightDecayProblems(spec),
      ...interventionProblems(spec),
      ...specificationProblems(spec),
    ]) {
      context.addIssue({ code: 'custom', path, input: value, message })
    }
  })

type NetworkInput = z.input<typeof experiment>
type ToyInput = Omit<NetworkInput, 'task' | 'network'> & { task: z.input<typeof toyTask>; network?: undefined }

/** One experiment: a task, a network, its start, its dynamics, and one run for each seed. A toy task names no network. */
export const ExperimentSpec = z.preprocess(
  (given: NetworkInput | ToyInput) => withoutDefaultPrecision(withToyNetwork(given)),
  experiment,
)

function withToyNetwork(given: NetworkInput | ToyInput): NetworkInput {
  const isToy = given?.task?.kind === 'toy' && given.network === undefined
  return isToy ? { ...given, network: { hidden: 1, activation: 'identity' } } : (given as NetworkInput)
}

/** Training that says what holds without saying is the same training, also by its content. */
function withoutDefaultPrecision(given: NetworkInput): NetworkInput {
  if (given?.dynamics?.kind !== 'training' || given.dynamics.lossPrecision !== 'float64') return given
  const { lossPrecision: _, ...dynamics } = given.dynamics
  return { ...given, dynamics }
}

export type ExperimentSpec = z.output<typeof ExperimentSpec>
export type ExperimentInput = NetworkInput | ToyInput
/** What one run needs: the experiment's specification with the seed that is the run's own. */
export type RunSpec = Omit<ExperimentSpec, 'seeds'> & { seed: number }
export type TaskSpec = ExperimentSpec['task']
export type DynamicsSpec = ExperimentSpec['dynamics']
export type IntegratorSpec = z.output<typeof integrator>
export type InitializationSpec = ExperimentSpec['initialization']

export type TrainingSpec = Extract<DynamicsSpec, { kind: 'training' }>
export type OptimizerSpec = z.output<typeof optimizer>

/** Checks a specification and fills in defaults; throws `INVALID_SPECIFICATION` naming every wrong field. */
export function parseExperiment(input: unknown): ExperimentSpec {
  const hint = (path: string) => usualHint(input, path)
  return parseInput(ExperimentSpec, input, { code: 'INVALID_SPECIFICATION', whole: 'specification', hint })
}

/** A rate that was left out is asked for with the value that is usual; none is assumed. */
function usualHint(input: unknown, path: string): string {
  const usual = new Map<string, number>(Object.entries(usualValues(input))).get(path)
  return usual === undefined ? '' : `; usual${circumstances(input)}: ${usual}`
}

export function toRunSpec(spec: ExperimentSpec, seed: number): RunSpec {
  const { seeds: _, ...shared } = spec
  return { ...shared, seed }
}

/** |D| and its two parts: n = round(f_s·|D|) training pairs, the rest test pairs. A toy task has one training pair. */
export function splitSizes(task: TaskSpec): { total: number; train: number; test: number } {
  if (task.kind === 'toy') return { total: 1, train: 1, test: 0 }
  const total = (task.modulus * (task.modulus + 1)) / 2
  const train = Math.round(task.trainFraction * total)
  return { total, train, test: total - train }
}

/** p; undefined for a toy task. */
export function modulusOf(task: TaskSpec): number | undefined {
  return task.kind === 'modularAddition' ? task.modulus : undefined
}

/**
 * One step of the run's clock in decay time, before any intervention. Momentum β makes each step's decay act
 * 1/(1 − β) times over, so that training's clock runs at η·wd/(1 − β) there, at η·wd otherwise.
 */
export function tauPerStep(dynamics: DynamicsSpec): number {
  if (dynamics.kind === 'training') {
    const { learningRate, weightDecay, optimizer } = dynamics
    return (learningRate * weightDecay) / (optimizer.kind === 'momentum' ? 1 - optimizer.momentum : 1)
  }
  // Under −∇(L + λ‖θ‖²) the decay rate is 2λ.
  const rate = dynamics.kind === 'gradientFlow' ? 2 * dynamics.ridge : 1
  return rate * dynamics.integrator.stepSize
}
