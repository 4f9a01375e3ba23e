import { z } from 'zod'
import { words } from './specification/words.ts'

const at = z
  .int()
  .min(0)
  .register(words, { label: 'at step', help: 'Before this step is measured.', unit: 'steps', example: 0 })
const frequencies = z
  .array(z.int().min(1))
  .min(1)
  .register(words, {
    label: 'frequencies',
    symbol: 'k',
    help: 'Of the first layer’s spectrum over the tokens, 1 to ⌊p/2⌋.',
    example: [1],
  })

/** What is done to a run from outside, before step `at` is measured; those of the same step are applied in the order listed. */
export const intervention = z
  .discriminatedUnion('kind', [
    /** Of the first layer's spectrum over the tokens, keeps the mean and these frequencies and nothing else. */
    z.strictObject({ at, kind: z.literal('keepFrequencies'), frequencies }),
    z.strictObject({ at, kind: z.literal('removeFrequencies'), frequencies }),
    z.strictObject({
      at,
      kind: z.literal('rescale'),
      layer: z
        .enum(['first', 'second'])
        .register(words, { label: 'layer', help: 'Which of the two is rescaled.', example: 'first' }),
      factor: z
        .number()
        .positive()
        .max(1e6)
        .register(words, { label: 'factor', help: 'What its weights are multiplied by.', example: 0.5 }),
    }),
    /** From `at` on, holds ‖θ‖, √(‖E‖² + ‖W‖²) without biases, at a number, or at what it was at the start. */
    z.strictObject({
      at,
      kind: z.literal('clampNorm'),
      norm: z.union([z.literal('initial'), z.number().positive()]).register(words, {
        label: 'norm',
        help: 'Value at which √(‖E‖² + ‖W‖²), biases included, is held from then on: a number, or its value at the start.',
        example: 'initial',
      }),
    }),
    /** From `at` on, another weight decay. */
    z.strictObject({
      at,
      kind: z.literal('setWeightDecay'),
      value: z.number().gte(0).max(1e6).register(words, {
        label: 'weight decay from then on',
        symbol: 'wd',
        help: 'In the place of the weight decay of the dynamics.',
        example: 0,
      }),
    }),
  ])
  .register(words, {
    label: 'intervention',
    help: 'What is done to the run.',
    choices: {
      keepFrequencies: 'keep only these frequencies',
      removeFrequencies: 'remove frequencies',
      rescale: 'rescale a layer',
      clampNorm: 'hold the norm',
      setWeightDecay: 'change the weight decay',
    },
  })

export type Intervention = z.output<typeof intervention>
