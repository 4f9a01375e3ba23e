import { z } from 'zod'
import { findOptimizer } from './dynamics/optimizers.ts'
import { parameterNames, type ParameterName } from './models/models.ts'
import { words } from './specification/words.ts'

const maxSteps = 1_000_000_000
const wholeNumber = (min: number) => z.int('expected a whole number').min(min).max(maxSteps)

const batch = z
  .strictObject({
    size: z
      .int('expected a whole number')
      .min(1)
      .register(words, {
        label: 'batch size',
        symbol: 'b',
        help: 'Pairs that each step is taken on, at most all $n$ of the training set.',
        unit: 'pairs',
        example: 32,
        filter: ['batchSize', 'batch'],
      }),
    sampling: z
      .enum(['withoutReplacement', 'withReplacement'])
      .register(words, {
        label: 'sampling',
        help: 'Without replacement each epoch is a new permutation of the training set, and its last batch may be smaller (PyTorch’s DataLoader); with it every pair of every step is drawn alone.',
        choices: { withoutReplacement: 'epochs', withReplacement: 'with replacement' },
        filter: ['sampling'],
      })
      .default('withoutReplacement'),
  })
  .register(words, {
    label: 'minibatches',
    help: 'Steps on a few pairs each, drawn by the seed; without, every step takes all of them.',
  })

const schedule = z
  .strictObject({
    warmupSteps: z
      .int('expected a whole number')
      .min(0)
      .max(maxSteps)
      .register(words, {
        label: 'warm-up steps',
        symbol: 'k',
        help: 'Over them the rate rises linearly from 0: step $t$ has η·$t$/$k$.',
        unit: 'steps',
        filter: ['warmupSteps', 'warmup'],
      })
      .default(0),
    shape: z.enum(['constant', 'cosine']).register(words, {
      label: 'after the warm-up',
      help: 'The rate stays, or falls as half a cosine.',
      example: 'cosine',
      filter: ['schedule'],
    }),
    steps: wholeNumber(1)
      .register(words, {
        label: 'schedule ends',
        symbol: 'T',
        help: 'The step at which the cosine has come to its floor, where it stays; left out, the last of the run, also after that is extended.',
        unit: 'steps',
      })
      .optional(),
    floor: z
      .number()
      .gte(0)
      .lte(1)
      .register(words, {
        label: 'floor',
        help: 'The share of the learning rate that the cosine falls to (min_lr_rate in transformers).',
      })
      .default(0),
  })
  .register(words, {
    label: 'schedule',
    help: 'The learning rate over the steps, as transformers’ schedules with warm-up have it.',
  })

const multiplier = () => z.number().gte(0).max(1e6)

const ratesOf = (name: ParameterName) =>
  z
    .strictObject({
      learningRate: multiplier()
        .register(words, {
          label: `learning rate of ${name}`,
          help: `Times the learning rate; 0 holds $${name}$ where it is.`,
        })
        .default(1),
      weightDecay: multiplier()
        .register(words, { label: `weight decay of ${name}`, help: 'Times the weight decay.' })
        .default(1),
    })
    .optional()
    .register(words, { label: `rates of ${name}`, help: `What the rates are multiplied by for $${name}$.` })

const perParameter = z
  .strictObject(
    Object.fromEntries(parameterNames.map((name) => [name, ratesOf(name)])) as Record<
      ParameterName,
      ReturnType<typeof ratesOf>
    >,
  )
  .register(words, {
    label: 'rates per layer',
    help: 'A learning rate and a weight decay of its own for a layer; τ is the clock of the common ones.',
  })

/** The fields of training that may be left out, each for what it has been without. */
export const trainingOptions = {
  batch: batch.optional(),
  schedule: schedule.optional(),
  weightDecayKind: z
    .enum(['decoupled', 'l2'])
    .register(words, {
      label: 'kind of decay',
      help: 'Decoupled shrinks the weights beside the step; L2 adds wd·θ to the gradient, before the moments. AdamW’s own is decoupled, momentum’s is L2; for gradient descent both are the same.',
      choices: { l2: 'L2' },
      leftOut: (kindAt) => ownDecayKind(kindAt('dynamics.optimizer.kind')),
      filter: ['weightDecayKind'],
    })
    .optional(),
  maxGradientNorm: z
    .number()
    .positive()
    .register(words, {
      label: 'gradient clip',
      help: 'Where the gradient of a step, of all parameters together and with decay left out, is longer, it is shortened to this norm (PyTorch’s clip_grad_norm_).',
      filter: ['maxGradientNorm', 'clip'],
    })
    .optional(),
  perParameter: perParameter.optional(),
}

/** The kind of decay where none is said. */
export function ownDecayKind(optimizer: string | undefined): 'decoupled' | 'l2' {
  return findOptimizer(optimizer)?.decay ?? 'l2'
}
