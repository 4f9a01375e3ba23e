import { z } from 'zod'
import { formatCount } from '../formatting/formatNumber.ts'
import { words } from '../specification/words.ts'
import type { ModelDescription } from './model.ts'

export const hiddenUnits = { min: 1, max: 16_384 } as const

export const activations = ['relu', 'leakyRelu', 'quadratic', 'tanh', 'gelu', 'identity'] as const

/** The kind that a specification need not name. */
export const twoLayerSchema = z.strictObject({
  kind: z.literal('twoLayer').optional(),
  hidden: z
    .int('expected a whole number')
    .min(hiddenUnits.min)
    .max(hiddenUnits.max)
    .register(words, {
      label: 'hidden units',
      symbol: 'd_h',
      help: 'Columns of $E$, rows of $W$; the paper takes 128 and 512.',
      example: 256,
      unit: 'units',
      filter: ['d_h', 'hidden'],
    }),
  activation: z
    .enum(activations)
    .register(words, {
      label: 'activation',
      symbol: 'σ',
      help: 'Applied to each of the hidden units; leaky relu has slope 1/10.',
      choices: { leakyRelu: 'leaky relu' },
      filter: ['activation'],
    })
    .default('relu'),
  biases: z
    .boolean()
    .register(words, {
      label: 'biases',
      help: 'Whether the layers have biases $b$ and $c$, Ŷ = σ(XE + b)W + c; the paper’s network has none.',
      leftOut: 'false',
      filter: ['biases'],
    })
    .optional(),
})

export type TwoLayerSpec = z.output<typeof twoLayerSchema>

const parameterNames = ['E', 'b', 'W', 'c'] as const

/** Ŷ = σ(XE)W, or with biases σ(XE + b)W + c. SCIENCE.md §2. */
export const twoLayer: ModelDescription<TwoLayerSpec, (typeof parameterNames)[number]> = {
  label: 'two layers',
  title: ({ hidden, activation, biases }, { inputs, outputs }) =>
    `${inputs} → ${formatCount(hidden)} ${activation} → ${outputs}${biases ? ', with biases' : ''}`,
  parameterNames,
  parameters({ hidden, biases }, { inputs, outputs }) {
    const first = { columns: hidden, layer: 'first', columnsOf: 'units' } as const
    const second = { columns: outputs, layer: 'second', columnsOf: 'outputs' } as const
    const all = [
      { name: 'E', label: 'first layer', rows: inputs, rowsOf: 'inputs', ...first },
      { name: 'b', label: 'biases of the first layer', rows: 1, rowsOf: 'bias', ...first },
      { name: 'W', label: 'second layer', rows: hidden, rowsOf: 'units', ...second },
      { name: 'c', label: 'biases of the second layer', rows: 1, rowsOf: 'bias', ...second },
    ] as const
    return biases ? all : all.filter(({ rowsOf }) => rowsOf !== 'bias')
  },
  whyNoLinearReadout: ({ biases }) => (biases ? 'its layers have biases' : null),
}
