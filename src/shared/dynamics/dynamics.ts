import { z } from 'zod'
import { formatGiven } from '../formatting/formatNumber.ts'
import type { MeasurementName } from '../measurements.ts'
import { labelsOf } from '../specification/labelsOf.ts'
import { words } from '../specification/words.ts'
import { duration } from './duration.ts'
import { integrator, type IntegratorSpec } from './integrators.ts'
import { lossDescriptions } from './losses.ts'
import { training } from './training.ts'

/** Equations n·p up to which JJᵀ on the zero-loss set is factored; with more, conjugate gradients are faster. */
export const maxExactEquations = 512

/** n training samples, m inputs, o outputs, d_h hidden units. */
export interface WorkSizes {
  n: number
  m: number
  o: number
  h: number
  /** Multiply-adds of one sample's row of X and a column of E: m where X is dense, none where it is tokens. */
  x: number
  /** Biases of all layers: each is added to every sample, and its slope summed over them. */
  biases: number
}

const ridge = z
  .number()
  .gte(0)
  .register(words, {
    label: 'ridge',
    symbol: 'λ',
    help: '0 is the limit in which the second layer fits exactly. Above 0, $n$ may exceed d_h.',
    filter: ['ridge', 'lambda', 'λ'],
  })
  .default(0)

const isolated = z.strictObject({
  kind: z.literal('isolated'),
  ridge,
  integrator: integrator.default({ kind: 'euler', stepSize: 1e-3 }),
  ...duration,
})

const zeroLossFlow = z.strictObject({
  kind: z.literal('zeroLossFlow'),
  integrator: integrator.default({ kind: 'heun', stepSize: 1e-3, tolerance: 1e-3 }),
  ...duration,
})

/** θ̇ = −∇(L + λ‖θ‖²), λ the ridge: the motion of the toy models. */
const gradientFlow = z.strictObject({
  kind: z.literal('gradientFlow'),
  ridge,
  integrator: integrator.default({ kind: 'dormandPrince', stepSize: 1e-2, tolerance: 1e-9 }),
  ...duration,
})

const kinds = [training, isolated, zeroLossFlow, gradientFlow] as const

export type DynamicsSpec = z.output<(typeof kinds)[number]>
type DynamicsKind = DynamicsSpec['kind']
type DynamicsOf<Kind extends DynamicsKind> = Extract<DynamicsSpec, { kind: Kind }>

/** What is said of a dynamics without its motion, which is its other half, in `lab/evolutions`. */
interface DynamicsDescription<Spec> {
  label: string
  /** Within a sentence; marked for `setSymbols`. */
  phrase: string
  /** Of one dynamics, in a precision of the run; marked for `setSymbols`. */
  title(spec: Spec): string
  /** Multiply-adds of evaluating its gradient or its field once. */
  evaluationWork(spec: Spec, sizes: WorkSizes): number
  /** Order of the largest square matrix that it holds. */
  systemOrder(sizes: WorkSizes): number
  /** What it measures of itself, besides what is measured whatever the dynamics. */
  measures(spec: Spec): readonly MeasurementName[]
}

/** Every kind of dynamics: a kind is added here, and in `lab/evolutions`. */
const dynamicsDescriptions: { [Kind in DynamicsKind]: DynamicsDescription<DynamicsOf<Kind>> } = {
  training: {
    label: 'training',
    phrase: 'training',
    title({ loss, lossPrecision, reduction, weightDecay }) {
      const { label } = lossDescriptions[loss]
      // What was computed where nothing is asked for, which depends on the backend, is in the provenance.
      const words = lossPrecision === 'float32' ? `${label} in float32` : label
      return `${words}, ${reduction}, decay ${formatGiven(weightDecay)}`
    },
    evaluationWork: ({ batch }, sizes) => gradientWork(batch?.size ?? sizes.n, sizes),
    systemOrder: () => 0,
    measures: ({ schedule }) => ['gradientNorm', ...(schedule ? (['learningRate'] as const) : [])],
  },
  isolated: {
    label: 'isolated',
    phrase: 'isolated first layer',
    title: ({ ridge }) => `isolated, λ ${ridge === 0 ? '→ 0' : `= ${formatGiven(ridge)}`}`,
    evaluationWork: (_, sizes) => isolatedWork(sizes),
    systemOrder: ({ n, h }) => Math.min(n, h),
    measures: ({ integrator }) => ['ridgeObjective', 'conditionNumber', measuredStep(integrator)],
  },
  zeroLossFlow: {
    label: 'flow on Z',
    phrase: 'flow on $Z$',
    title: () => 'flow on $Z$',
    evaluationWork: (_, sizes) => zeroLossWork(sizes),
    systemOrder: ({ n, o }) => (n * o <= maxExactEquations ? n * o : n),
    measures: ({ integrator }) => [measuredStep(integrator)],
  },
  gradientFlow: {
    label: 'gradient flow',
    phrase: 'gradient flow',
    title: ({ ridge }) => `gradient flow, λ = ${formatGiven(ridge)}`,
    evaluationWork: () => 10,
    systemOrder: () => 0,
    measures: ({ integrator }) => [measuredStep(integrator)],
  },
}

/** What `dynamics` of a specification says. */
export const dynamicsSchema = z.discriminatedUnion('kind', kinds).register(words, {
  label: 'dynamics',
  help: 'Training follows the loss; isolated moves the first layer with the second at its optimum; the flow on $Z$ lowers the norm where the loss is 0; a gradient flow moves a toy model.',
  choices: labelsOf(dynamicsDescriptions),
  filter: ['dynamics'],
})

export function dynamicsOf(spec: DynamicsSpec): DynamicsDescription<DynamicsSpec> {
  return dynamicsDescriptions[spec.kind] as DynamicsDescription<DynamicsSpec>
}

/** Also of a kind that is not known, which a run of a newer version may have. */
export function findDynamics(kind: string): DynamicsDescription<never> | undefined {
  return Object.entries<DynamicsDescription<never>>(dynamicsDescriptions).find(([name]) => name === kind)?.[1]
}

const measuredStep = ({ tolerance }: IntegratorSpec) => (typeof tolerance === 'number' ? 'stepSize' : 'localError')

const isolatedWork = ({ n, o, h, x }: WorkSizes) =>
  2 * n * x * h +
  (h < n
    ? (n * h * h) / 2 + h ** 3 / 6 + h * h * o + 3 * n * o * h
    : (n * n * h) / 2 + n ** 3 / 6 + n * n * o + 2 * n * o * h)

/** Of the gradient on so many samples. */
export const gradientWork = (samples: number, { o, h, x, biases }: WorkSizes) =>
  samples * ((3 * o + 2 * x) * h + 2 * biases)

/** Building and factoring JJᵀ, or some 150 conjugate-gradient iterations where it is large. */
export const zeroLossWork = ({ n, m, o, h, x, biases }: WorkSizes) =>
  n * o <= maxExactEquations
    ? (x > 0 ? 1 : 4 / m + (biases > 0 ? 1 : 0)) * (((n * o) ** 2 * h) / 2) +
      (n * o) ** 3 / 6 +
      3 * n * (x * h + biases)
    : 150 * (n * ((4 * o + 2 * x) * h + 2 * biases) + n * n * o) + (n * n * h) / 2 + n ** 3 / 6
