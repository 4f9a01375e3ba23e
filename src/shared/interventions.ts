import { z } from 'zod'
import type { ComposedSpec } from './experiment.ts'
import { plainText } from './formatting/setSymbols.ts'
import { frequencyCount } from './frequencyCount.ts'
import { parametersOf } from './models/models.ts'
import { describeTask, taskSizes } from './tasks/tasks.ts'
import type { Problem } from './specification/problem.ts'
import { words } from './specification/words.ts'
import { isDecoupled, ratesOfParameter } from './training.ts'

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

/** What is done to a run from outside, before step `at` is measured; those of one step act in their order. */
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
        help: 'What √(‖E‖² + ‖W‖²), with biases theirs too, is held at from then on: a number, or what it was at the start.',
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
      keepFrequencies: 'keep frequencies alone',
      removeFrequencies: 'remove frequencies',
      rescale: 'rescale a layer',
      clampNorm: 'hold the norm',
      setWeightDecay: 'change the weight decay',
    },
  })

export type Intervention = z.output<typeof intervention>

/** What the schema of a single field cannot see: interventions that do not fit the task, the dynamics or its length. */
export function interventionProblems({ task, dynamics, interventions }: ComposedSpec): Problem[] {
  const { isClosed, inputCycles, title } = describeTask(task)
  if (isClosed) return []
  const cycle = inputCycles(task)[0]
  const largest = cycle ? frequencyCount(cycle.places.length) : 0
  return interventions.flatMap((entry, i): Problem[] => {
    const problems: Problem[] = []
    const report = (field: (string | number)[], value: unknown, message: string) =>
      problems.push({ path: ['interventions', i, ...field], value, message })
    if (entry.at > dynamics.steps) {
      report(['at'], entry.at, `the run ends at step ${dynamics.steps}`)
    }
    if ('frequencies' in entry) {
      entry.frequencies.forEach((frequency, j) => {
        if (frequency > largest) {
          const allowed = largest > 0 ? `are 1 to ${largest}` : 'are those of a cyclic symmetry, and it has none'
          report(['frequencies', j], frequency, `frequencies of ${plainText(title(task))} ${allowed}`)
        }
      })
    } else if (dynamics.kind !== 'training' && !(entry.kind === 'rescale' && entry.layer === 'first')) {
      const acting = 'keepFrequencies, removeFrequencies and rescale of the first layer'
      report(['kind'], entry.kind, `on dynamics.kind "${dynamics.kind}" only ${acting} can act`)
    }
    return problems
  })
}

/**
 * Weight decays that alone would make training unstable: each step multiplies a weight by 1 − η·wd. AdamW's steps are no
 * longer with an L2 decay than without.
 */
export function weightDecayProblems({ task, network, dynamics, interventions }: ComposedSpec): Problem[] {
  if (dynamics.kind !== 'training' || describeTask(task).isClosed) return []
  const { learningRate, optimizer } = dynamics
  if (optimizer.kind === 'adamw' && !isDecoupled(dynamics)) return []
  const bound = optimizer.kind === 'momentum' && !isDecoupled(dynamics) ? 2 * (1 + optimizer.momentum) : 2
  const names = parametersOf(network, taskSizes(task)).map(({ name }) => name)
  const factors = names.map((name) => {
    const rates = ratesOfParameter(dynamics, name)
    return rates.learningRate * rates.weightDecay
  })
  const factor = Math.max(...factors)
  const times = factor === 1 ? '' : ` and the rates of ${names[factors.indexOf(factor)]}`
  const given = [
    { path: ['dynamics', 'weightDecay'] as (string | number)[], value: dynamics.weightDecay },
    ...interventions.flatMap((entry, i) =>
      entry.kind === 'setWeightDecay' ? [{ path: ['interventions', i, 'value'], value: entry.value }] : [],
    ),
  ]
  return given
    .filter(({ value }) => factor * learningRate * value >= bound)
    .map(({ path, value }) => ({
      path,
      value,
      message:
        `with dynamics.learningRate ${learningRate}${times} the product is ${factor * learningRate * value}, and from ` +
        `${bound} on decay alone diverges: set it below ${bound / (factor * learningRate)}`,
    }))
}
