import type { ToyModelName } from '../../../shared/tasks/toy.ts'
import { activationFunctions } from '../network/activations.ts'

/** A network of two or three weights on one training pair: its residual and the residual's gradient. */
export interface ToyModel {
  /** r(θ) = f(x; θ) − y. */
  residual(theta: ArrayLike<number>): number
  /** ∇r(θ). */
  gradient(theta: ArrayLike<number>): number[]
  /** Weights of the rule y = Σ v_j x_j that test inputs follow, for a model that is linear in x and θ. */
  readonly rule?: readonly number[]
}

const { value: leaky, derivative: leakySlope } = activationFunctions.leakyRelu

/**
 * The models of Figures 1–4, each with the loss L = r² and the zero-loss set r = 0 (dimensionless):
 *
 * - two and three linear weights, f = Σ w_j x_j on (1, …, 1) → 2 and 3;
 * - two scalar linear layers, f = w₂w₁x on 1 → 1 (a curved set) and on 1 → 0 (singular at the origin);
 * - the same with a leaky relu of slope 1/10, f = w₂σ(w₁x) on 1 → 1;
 * - the parabola L = (y − x²)² of θ = (x, y).
 *
 * Musat, Fig. 1–4; SCIENCE.md §6.
 */
export const toyModelFunctions: Record<ToyModelName, ToyModel> = {
  twoWeightLinear: linear(2),
  threeWeightLinear: linear(3),
  curvedScalar: product(1),
  singularScalar: product(0),
  leakyRelu: {
    residual: (theta) => theta[1]! * leaky(theta[0]!) - 1,
    gradient: (theta) => [theta[1]! * leakySlope(theta[0]!), leaky(theta[0]!)],
  },
  parabola: {
    residual: (theta) => theta[1]! - theta[0]! ** 2,
    gradient: (theta) => [-2 * theta[0]!, 1],
  },
}

function linear(weights: number): ToyModel {
  const ones = Array<number>(weights).fill(1)
  return {
    residual: (theta) => ones.reduce((sum, _, j) => sum + theta[j]!, -weights),
    gradient: () => ones,
    rule: ones,
  }
}

function product(target: number): ToyModel {
  return {
    residual: (theta) => theta[0]! * theta[1]! - target,
    gradient: (theta) => [theta[1]!, theta[0]!],
  }
}
