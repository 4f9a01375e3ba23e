import { z } from 'zod'
import { chatteringChanges, defaultAhead } from './chattering.ts'
import { dynamicsSchema, type DynamicsSpec } from './dynamics/dynamics.ts'
import { LabError } from './errors.ts'
import { filePath } from './filePath.ts'
import { intervention } from './interventions.ts'
import { networkSchema, type NetworkSpec } from './models/models.ts'
import { plainText } from './plainText.ts'
import { describeStudy, studySchema } from './studies/studies.ts'
import { runEventNames } from './runEventNames.ts'
import { taskSchema, taskSizes } from './tasks/tasks.ts'
import { decay, limits, positive, precisions, rate, wholeNumber, type Precision } from './specification/limits.ts'
import { words } from './specification/words.ts'

/** Where log-spaced measurements do not say otherwise. */
export const defaultPerDecade = 100

export type Activation = NetworkSpec['activation']

const scale = positive
  .max(1e6)
  .register(words, {
    label: 'initial scale',
    symbol: 'α',
    help: 'Multiplies all initial weights, 1 unless given: if large, the network learns lazily; if small, it learns features.',
    leftOut: 1,
    filter: ['initialScale'],
  })
  .optional()

const initialization = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('normal'),
      /** `p^-1/4` is the paper's N(0, p^(-1/2)) read as a variance. */
      standardDeviation: z
        .union([z.enum(['p^-1/2', 'p^-1/4']), positive])
        .register(words, {
          label: 'standard deviation',
          help: 'Of every entry of E, where $p$ is the number of inputs; those of W have 1/√$d_h$. The paper’s N(0, $p$^{−1/2}) reads as a deviation or as a variance.',
          example: 0.1,
          choices: { 'p^-1/2': 'sd 1/√p', 'p^-1/4': 'variance 1/√p' },
        })
        .default('p^-1/2'),
      scale,
    }),
    z.strictObject({ kind: z.literal('uniform'), scale }),
    /** Uniform weights, then gradient descent on the mean squared error: a memorizing state that several runs can share. */
    z.strictObject({
      kind: z.literal('trained'),
      steps: wholeNumber({ min: 1, max: 1_000_000 }).register(words, {
        label: 'steps before the start',
        help: 'Gradient descent on the mean squared error, before the first step that is recorded. It can be paused; a run that is stopped meanwhile begins anew.',
        example: 1000,
        unit: 'steps',
      }),
      learningRate: rate().register(words, {
        label: 'learning rate before the start',
        symbol: 'η',
        help: 'Of that gradient descent.',
        example: 1,
      }),
      weightDecay: decay().register(words, {
        label: 'weight decay before the start',
        symbol: 'wd',
        help: 'Of that gradient descent.',
        example: 0,
      }),
      scale,
    }),
    z.strictObject({
      kind: z.literal('file'),
      path: filePath.register(words, {
        label: 'file',
        help: 'An .npz with $E$ and, optionally, $W$, $b$, $c$ and train (indices or a mask).',
        example: '',
      }),
      hash: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'expected the 64 hexadecimal digits of a SHA-256')
        .register(words, {
          label: 'hash of the start',
          help: 'SHA-256 of the arrays, whatever the file that they came in.',
          isFound: true,
        })
        .optional(),
      scale,
    }),
  ])
  .register(words, {
    label: 'start',
    symbol: 'E_0',
    help: 'The weights that a run begins with.',
    choices: { normal: 'normal', uniform: 'uniform, ±1/√fan-in', trained: 'pretrained', file: 'from a file' },
    filter: ['initialization', 'init'],
  })

const geometry = z
  .strictObject({
    every: wholeNumber(limits.measureEvery)
      .register(words, { label: 'geometry every', help: 'Each costs a return to the set.', unit: 'steps' })
      .default(100),
    lag: wholeNumber(limits.measureEvery)
      .register(words, {
        label: 'lag',
        symbol: 'ℓ',
        help: 'Cosines are those of the update over this many steps; at most the number of steps between two measurements.',
        unit: 'steps',
      })
      .default(10),
  })
  .register(words, {
    label: 'geometry',
    help: 'Distance to the zero-loss set and the directions there; slow for large $p$.',
  })

const chattering = z
  .strictObject({
    every: wholeNumber(limits.measureEvery)
      .register(words, {
        label: 'chattering every',
        help: 'Each takes as long as the steps looked ahead.',
        unit: 'steps',
      })
      .default(100),
    ahead: wholeNumber(limits.ahead)
      .register(words, {
        label: 'looked ahead',
        symbol: 'm',
        help: `Steps in which changes of sign are counted, on a copy of the network; from ${chatteringChanges} on a pre-activation chatters.`,
        unit: 'steps',
      })
      .default(defaultAhead),
  })
  .register(words, {
    label: 'chattering',
    help: 'The share of pre-activations that change sign again and again, as where the motion slides along the kinks of relu.',
  })

const record = z.strictObject({
  measureEvery: z
    .union([wholeNumber(limits.measureEvery), z.enum(['log'])])
    .register(words, {
      label: 'measure every',
      help: 'Losses, accuracies and norms; a measurement costs about as much as a step. Memorization and grokking are detected at measured steps only.',
      unit: 'steps',
      example: 10,
      choices: { log: 'log-spaced' },
    })
    .default(10),
  perDecade: wholeNumber(limits.perDecade)
    .register(words, {
      label: 'measurements per decade',
      help: 'For log-spaced measurements; 100 unless given: one whenever the steps have grown by 2.3 %, and at every step while that is less than one.',
      example: 100,
    })
    .optional(),
  snapshots: z
    .union([z.enum(['log', 'events']), z.array(z.int().min(0).max(limits.steps.max))])
    .register(words, {
      label: 'snapshots',
      help: 'Both layers, exactly. The first, the last and those at events are always kept, but none where a local error exceeds its bound.',
      example: [100, 1000],
      choices: { log: 'log-spaced', events: 'at events' },
    })
    .default('log'),
  memorizeThreshold: z
    .number()
    .gt(0)
    .lte(1)
    .register(words, { label: 'memorized from', help: 'Training accuracy that counts as memorized.' })
    .default(0.99),
  generalizeThreshold: z
    .number()
    .gt(0)
    .lte(1)
    .register(words, { label: 'grokked from', help: 'Test accuracy that counts as grokked.' })
    .default(0.99),
  /** Measures the run against the zero-loss set. */
  geometry: geometry.optional(),
  chattering: chattering.optional(),
})

const stop = z
  .strictObject({
    after: z.enum(runEventNames).register(words, {
      label: 'ends after',
      help: 'The event to count from. A run in which it never occurs takes all its steps.',
      choices: {
        memorized: 'memorized',
        halfRise: 'half risen',
        generalized: 'grokked',
        localErrorExceeded: 'local error exceeded',
        chattering: 'chattering',
        stalled: 'stalled',
      },
      example: 'generalized',
    }),
    steps: wholeNumber(limits.steps)
      .register(words, { label: 'steps after it', help: 'How much later the run ends.', example: 1000, unit: 'steps' })
      .optional(),
    decayTime: z
      .number()
      .positive()
      .register(words, {
        label: 'decay time after it',
        symbol: 'τ',
        help: 'Instead of steps: the run ends at the step by which its clock has advanced this far past the event.',
        example: 1,
      })
      .optional(),
  })
  .register(words, {
    label: 'early end',
    help: 'Ends a run, as finished, a given time after an event, before it has taken all its steps.',
  })

const name = plainText(z.string().min(1).max(200))
  .register(words, { label: 'name', help: 'What the runs are called and grouped by.' })
  .default('untitled')
const seeds = z
  .array(wholeNumber(limits.seed))
  .min(limits.seeds.min)
  .max(limits.seeds.max)
  .refine((list) => new Set(list).size === list.length, 'each seed may appear only once')
  .register(words, {
    label: 'seeds',
    help: 'One run per seed, from which its split and its initial weights are drawn.',
    isDistinct: true,
    filter: ['seed'],
  })
  .default([0])

/** What composes: a task, a network, its start, its dynamics. */
export const composedSchema = z.strictObject({
  name,
  task: taskSchema,
  network: networkSchema,
  initialization: initialization.default({ kind: 'normal', standardDeviation: 'p^-1/2' }),
  dynamics: dynamicsSchema,
  interventions: z
    .array(intervention)
    .max(1000)
    .register(words, {
      label: 'interventions',
      help: 'Changes made to a run from outside, each before its step is measured.',
      filter: ['interventions'],
    })
    .default([]),
  stop: stop.optional(),
  precision: z
    .enum(precisions)
    .register(words, {
      label: 'precision',
      help: 'float32 is about twice as fast; what lies on the zero-loss set needs float64.',
      filter: ['precision'],
    })
    .default('float64'),
  seeds,
  record: record.prefault({}),
})

/** What does not compose: a study, which is measured at every place of its own clock. */
export const studiedSchema = z.strictObject({
  name,
  study: studySchema,
  seeds,
  record: z
    .strictObject({
      arrays: z
        .union([z.enum(['all', 'ends']), z.array(z.int().min(0).max(limits.steps.max))])
        .register(words, {
          label: 'arrays',
          help: 'At which places of its clock the arrays of a study are kept. The first and the last always are.',
          example: [10, 20],
          choices: { all: 'at all places', ends: 'at both ends' },
        })
        .default('all'),
    })
    .prefault({}),
})

export type NetworkInput = z.input<typeof composedSchema>
type ToyInput = Omit<NetworkInput, 'task' | 'network'> & {
  task: Extract<NetworkInput['task'], { kind: 'toy' }>
  network?: undefined
}

/** What stands where a toy task names no network. */
export const toyNetwork = { hidden: 1, activation: 'identity' } as const

export type ComposedSpec = z.output<typeof composedSchema>
export type StudiedSpec = z.output<typeof studiedSchema>
/** One experiment, and one run for each seed. */
export type ExperimentSpec = ComposedSpec | StudiedSpec
export type ComposedInput = NetworkInput | ToyInput
export type ExperimentInput = ComposedInput | z.input<typeof studiedSchema>
type RunOf<Spec> = Spec extends unknown ? Omit<Spec, 'seeds'> & { seed: number } : never
export type ComposedRunSpec = RunOf<ComposedSpec>
export type StudiedRunSpec = RunOf<StudiedSpec>
/** What one run needs: the experiment's specification with the seed that is the run's own. */
export type RunSpec = RunOf<ExperimentSpec>
export type InitializationSpec = ComposedSpec['initialization']

export type TrainingSpec = Extract<DynamicsSpec, { kind: 'training' }>

export function toRunSpec<Spec extends ExperimentSpec>(spec: Spec, seed: number): RunOf<Spec> {
  const { seeds: _, ...shared } = spec
  return { ...shared, seed } as unknown as RunOf<Spec>
}

/** For what asks for a task, a network or a dynamics. Throws INVALID_SPECIFICATION where there is a study instead. */
export function requireComposed<Spec extends ExperimentSpec | RunSpec>(
  spec: Spec,
): Exclude<Spec, StudiedSpec | StudiedRunSpec> {
  if (!('study' in spec)) return spec as Exclude<Spec, StudiedSpec | StudiedRunSpec>
  const { label } = describeStudy(spec.study)
  throw new LabError(
    'INVALID_SPECIFICATION',
    `study: "${spec.study.kind}" (${label}) is not allowed here: a study has neither task, network nor dynamics`,
  )
}

/** How many steps a run has; of a study, the last place of its clock. */
export function stepsOf(spec: ExperimentSpec | RunSpec): number {
  return 'study' in spec ? describeStudy(spec.study).lastPlace(spec.study) : spec.dynamics.steps
}

/** What its numbers are computed in; a study says nothing of it. */
export function precisionOf(spec: ExperimentSpec | RunSpec): Precision {
  return 'study' in spec ? 'float64' : spec.precision
}

/** How many samples it trains on; null for a study, which has no split. */
export function trainingSamples(spec: ExperimentSpec | RunSpec): number | null {
  return 'study' in spec ? null : taskSizes(spec.task).train
}
