import { z } from 'zod'
import { labelsOf } from '../specification/labelsOf.ts'
import { decay, limits, precisions, rate, wholeNumber } from '../specification/limits.ts'
import { duration } from './duration.ts'
import { lossDescriptions, losses } from './losses.ts'
import { findOptimizer, optimizer } from './optimizers.ts'
import { parameterNames, type ParameterName } from '../models/models.ts'
import { words } from '../specification/words.ts'

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
    help: 'Each step uses a few pairs, drawn from the seed; without minibatches, every step uses all of them.',
  })

const schedule = z
  .strictObject({
    warmupSteps: wholeNumber({ ...limits.steps, min: 0 })
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
    steps: wholeNumber(limits.steps)
      .register(words, {
        label: 'schedule ends',
        symbol: 'T',
        help: 'The step at which the cosine reaches its floor and stays there; if omitted, the run’s original last step, even if the run is later extended.',
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
    help: 'The learning rate over the steps, as in the warm-up schedules of Hugging Face’s transformers.',
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
    help: 'Gives a layer its own learning rate and weight decay; τ follows the common ones.',
  })

/** Training by the gradient of a loss, with weight decay. */
export const training = z.strictObject({
  kind: z.literal('training'),
  optimizer: optimizer.default({ kind: 'gradientDescent' }),
  learningRate: rate().register(words, {
    label: 'learning rate',
    symbol: 'η',
    help: 'The paper trains with 1 on the mean squared error.',
    filter: ['learningRate'],
  }),
  schedule: schedule.optional(),
  weightDecay: decay().register(words, {
    label: 'weight decay',
    symbol: 'wd',
    help: 'What moves the weights along the zero-loss set; the paper takes 1e-4. η·wd stays below 2.',
    filter: ['weightDecay', 'wd'],
  }),
  weightDecayKind: z
    .enum(['decoupled', 'l2'])
    .register(words, {
      label: 'kind of decay',
      help: 'Decoupled shrinks the weights in a step of its own; L2 adds wd·θ to the gradient, before the moments. AdamW’s own is decoupled, momentum’s is L2; for gradient descent both are the same.',
      choices: { l2: 'L2' },
      leftOut: (kindAt) => ownDecayKind(kindAt('dynamics.optimizer.kind')),
      filter: ['weightDecayKind'],
    })
    .optional(),
  perParameter: perParameter.optional(),
  maxGradientNorm: z
    .number()
    .positive()
    .register(words, {
      label: 'gradient clip',
      help: 'If the gradient of a step, over all parameters and without decay, is longer than this norm, it is scaled down to it (PyTorch’s clip_grad_norm_).',
      filter: ['maxGradientNorm', 'clip'],
    })
    .optional(),
  loss: z
    .enum(losses)
    .register(words, {
      label: 'loss',
      help: 'The theory is about the squared error.',
      choices: labelsOf(lossDescriptions),
      filter: ['loss'],
    })
    .default('meanSquaredError'),
  reduction: z
    .enum(['mean', 'sum'])
    .register(words, {
      label: 'reduction',
      help: 'The mean over the n·p entries of the squared error, or over the n pairs of the cross-entropy, as training code has it; or the sum of the paper.',
    })
    .default('mean'),
  lossPrecision: z
    .enum(precisions)
    .register(words, {
      label: 'loss precision',
      help: 'Of the softmax and its logarithm; left out, float64. In float32, as in code that is float32 throughout, the loss is exactly 0 once every margin passes 16.6, and the right classes have no gradient (softmax collapse); float64 hides that.',
      leftOut: 'float64',
    })
    .optional(),
  batch: batch.optional(),
  ...duration,
})

/** The kind of decay where none is said. */
export function ownDecayKind(optimizer: string | undefined): 'decoupled' | 'l2' {
  return findOptimizer(optimizer)?.decay ?? 'l2'
}
