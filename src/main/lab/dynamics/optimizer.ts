import type { ParameterRates } from '../../../shared/training.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import type { NamedMatrix } from '../network/model.ts'

/** What an optimizer moves: θ, its gradient, and by what the common η and wd are multiplied for it. */
export interface TrainedParameter extends NamedMatrix {
  readonly gradient: Matrix
  readonly rates: ParameterRates
}

/** What a step is taken with. */
export interface StepSettings {
  /** η_t. */
  learningRate: number
  /** wd per unit of learning rate. */
  weightDecay: number
  /** What the gradient is multiplied by first: below 1 where it is clipped. */
  gradientScale: number
}

/** Moves parameters θ by their loss gradient, one step at a time, in place. */
export interface Optimizer {
  /** θ_(t+1) from θ_t and ∇L(θ_t). */
  step(settings: StepSettings): void
  /** Further state than θ that a resumed training needs. */
  readonly matrices: Readonly<Record<string, Matrix>>
  scalars(): Record<string, number>
  restore(scalars: Record<string, number>): void
}

/** A zeroed matrix shaped as each parameter, by the names of the state that they hold: `velocityE` of E. */
export function stateLike(backend: Backend, what: string, parameters: readonly NamedMatrix[]): Record<string, Matrix> {
  return Object.fromEntries(
    parameters.map(({ name, matrix }) => [`${what}${name}`, backend.matrix(matrix.rows, matrix.columns)]),
  )
}
