import { z } from 'zod'
import { labelsOf } from '../specification/labelsOf.ts'
import { words } from '../specification/words.ts'

/** What is said of an optimizer without its steps, which are its other half, in `lab/dynamics`. */
interface OptimizerDescription {
  label: string
  /** Within a sentence. */
  phrase: string
  /** In a table. */
  short: string
  /** What works and is in use, on losses that are means. */
  usual: { learningRate: number; weightDecay: number }
  /** How its decay acts where none is said. */
  decay: 'decoupled' | 'l2'
  /** Whether the length of its steps does not depend on the gradient's. */
  ignoresScale: boolean
  /** The setting that is β, the share of a moment of the gradient that a step leaves; without moments there is none. */
  remembers?: string
}

/**
 * Usual are, for gradient descent, the paper's values (momentum, which multiplies a step by 1/(1 − β), has a tenth of its
 * rate), for AdamW the decay of Power et al. 2022 and the rate of Nanda et al. 2023. Each memorizes p = 11 within some
 * hundred steps; `usualValues.test.ts`.
 */
export const optimizers = {
  gradientDescent: {
    label: 'gradient descent',
    phrase: 'gradient descent',
    short: 'descent',
    usual: { learningRate: 1, weightDecay: 1e-4 },
    decay: 'l2',
    ignoresScale: false,
  },
  momentum: {
    label: 'momentum',
    phrase: 'gradient descent with momentum',
    short: 'momentum',
    usual: { learningRate: 0.1, weightDecay: 1e-4 },
    decay: 'l2',
    ignoresScale: false,
    remembers: 'momentum',
  },
  adamw: {
    label: 'AdamW',
    phrase: 'AdamW',
    short: 'AdamW',
    usual: { learningRate: 1e-3, weightDecay: 1 },
    decay: 'decoupled',
    ignoresScale: true,
    remembers: 'beta1',
  },
} satisfies Record<string, OptimizerDescription>

/** Also of a kind that is not known, which a draft or a run of a newer version may have. */
export function findOptimizer(kind: string | undefined): OptimizerDescription | undefined {
  return Object.entries<OptimizerDescription>(optimizers).find(([name]) => name === kind)?.[1]
}

const movingAverage = () => z.number().gte(0).lt(1)
const optimizerSettings = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('gradientDescent') }),
    z.strictObject({
      kind: z.literal('momentum'),
      momentum: movingAverage()
        .register(words, {
          label: 'momentum',
          symbol: 'β',
          help: 'With L2 decay, momentum’s own, the decay clock runs 1/(1 − β) times as fast.',
        })
        .default(0.9),
    }),
    z.strictObject({
      kind: z.literal('adamw'),
      beta1: movingAverage()
        .register(words, { label: 'first moment', symbol: 'β_1', help: 'How long past gradients count.' })
        .default(0.9),
      beta2: movingAverage()
        .register(words, { label: 'second moment', symbol: 'β_2', help: 'How long past squares count.' })
        .default(0.999),
      epsilon: z
        .number()
        .positive()
        .register(words, { label: 'denominator', symbol: 'ε', help: 'Keeps the step finite.' })
        .default(1e-8),
    }),
  ])
  .register(words, {
    label: 'optimizer',
    help: 'What turns a gradient into a step.',
    choices: labelsOf(optimizers),
    filter: ['optimizer'],
  })
/** An optimizer's kind alone stands for the kind with its default settings. */
export const optimizer = z.preprocess(
  (given: z.input<typeof optimizerSettings> | keyof typeof optimizers) =>
    typeof given === 'string' ? { kind: given } : given,
  optimizerSettings,
)

export type OptimizerSpec = z.output<typeof optimizer>
export const optimizerKinds = Object.keys(optimizers) as OptimizerSpec['kind'][]
