import { z } from 'zod'
import { words } from '../specification/words.ts'
import { setTo } from '../specification/problem.ts'
import { counted, type TaskDescription } from './task.ts'

interface ToyDescription {
  title: string
  /** Names of the parameters, in order. */
  parameters: readonly string[]
  /** The zero-loss set, as an equation. */
  zeroLossSet: string
  /** Whether it is linear in its input too, so that other inputs test it. */
  isLinear: boolean
}

/** The models of Figures 1–4: one training pair, a residual r(θ), and the zero-loss set r = 0. */
export const toyModels = {
  twoWeightLinear: {
    title: 'two linear weights',
    parameters: ['w₁', 'w₂'],
    zeroLossSet: 'w₁ + w₂ = 2',
    isLinear: true,
  },
  threeWeightLinear: {
    title: 'three linear weights',
    parameters: ['w₁', 'w₂', 'w₃'],
    zeroLossSet: 'w₁ + w₂ + w₃ = 3',
    isLinear: true,
  },
  curvedScalar: {
    title: 'two scalar layers, curved set',
    parameters: ['w₁', 'w₂'],
    zeroLossSet: 'w₁w₂ = 1',
    isLinear: false,
  },
  singularScalar: {
    title: 'two scalar layers, singular set',
    parameters: ['w₁', 'w₂'],
    zeroLossSet: 'w₁w₂ = 0',
    isLinear: false,
  },
  leakyRelu: {
    title: 'two scalar layers, leaky relu',
    parameters: ['w₁', 'w₂'],
    zeroLossSet: 'w₂σ(w₁) = 1',
    isLinear: false,
  },
  parabola: { title: '(y − x²)²', parameters: ['x', 'y'], zeroLossSet: 'y = x²', isLinear: false },
} as const satisfies Record<string, ToyDescription>

export type ToyModelName = keyof typeof toyModels
export const toyModelNames = Object.keys(toyModels) as ToyModelName[]

/** A model of a few weights and the point it starts from. */
export const toySchema = z.strictObject({
  kind: z.literal('toy'),
  model: z.enum(toyModelNames).register(words, {
    label: 'model',
    help: 'Each with the set on which its loss is zero.',
    choices: Object.fromEntries(
      toyModelNames.map((name) => [name, `${toyModels[name].title}: ${toyModels[name].zeroLossSet}`]),
    ),
  }),
  start: z.array(z.number().min(-1e6).max(1e6)).min(2).max(3).register(words, {
    label: 'start',
    symbol: 'θ_0',
    help: 'One number for each weight of the model.',
  }),
})

export type ToyTask = z.output<typeof toySchema>

/** A closed model: one sample, one residual, and weights of its own. */
export const toyTask: TaskDescription<ToyTask> = {
  label: 'a few weights',
  targets: () => 'real',
  inputsOf: { domain: 'weights', fields: [], areDrawn: false },
  hasDenseInputs: false,
  isClosed: true,
  title: ({ model }) => toyModels[model].title,
  sizes: ({ start }) => ({ total: 1, train: 1, test: 0, inputs: start.length, outputs: 1 }),
  gridSide: () => null,
  inputCycles: () => [],
  outputCycle: () => null,
  inputNames: ({ start }) => ({ weight: counted(start.length).map((place) => place + 1) }),
  outputNames: () => ({ output: counted(1) }),
  hasKeyFrequencies: () => false,
  problems({ model, start }) {
    const { parameters } = toyModels[model]
    if (start.length === parameters.length) return []
    const message = `${model} has the ${parameters.length} parameters ${parameters.join(', ')}`
    const fitting = parameters.map((_, i) => start[i] ?? [-1, 1, 0.5][i]!)
    return [{ path: ['task', 'start'], value: start, message, repairs: [setTo('task.start', fitting)] }]
  },
}
