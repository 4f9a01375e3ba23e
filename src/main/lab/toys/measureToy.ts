import type { Measurements } from '../../../shared/run.ts'
import type { ToyModel } from './toyModel.ts'

const maxProjectionSteps = 100
const weightNames = ['weight1', 'weight2', 'weight3'] as const

/**
 * Measures a toy model at θ: its weights; the training loss r²; the distance ‖θ − Π(θ)‖ to the zero-loss set, Π by
 * Gauss–Newton steps θ ← θ − r∇r/‖∇r‖²; the share of the loss gradient that is tangential there, the sine of its angle to
 * the normal ∇r(Π(θ)) (Thm 4.14, Fig. 4), NaN where the gradient is zero; and for a linear model the mean squared error
 * over the given test inputs. Dimensionless.
 */
export function measureToy(model: ToyModel, theta: ArrayLike<number>, inputs: readonly number[][]): Measurements {
  const residual = model.residual(theta)
  const foot = project(model, theta)
  const gradient = model.gradient(theta).map((slope) => 2 * residual * slope)
  const { rule } = model
  return {
    ...Object.fromEntries(Array.from(theta, (weight, j) => [weightNames[j], weight])),
    trainLoss: residual * residual,
    distanceToZeroLoss: Math.hypot(...foot.map((value, j) => value - theta[j]!)),
    tangentialFraction: sineBetween(gradient, model.gradient(foot)),
    ...(rule ? { testMse: average(inputs.map((x) => sum(x, (xj, j) => xj * (theta[j]! - rule[j]!)) ** 2)) } : {}),
  }
}

/** Π(θ): NaN where ∇r vanishes on the way, as at a singular point. */
function project(model: ToyModel, theta: ArrayLike<number>): number[] {
  let foot = Array.from(theta)
  for (let step = 0; step < maxProjectionSteps; step++) {
    const residual = model.residual(foot)
    if (Math.abs(residual) < 1e-14) break
    const normal = model.gradient(foot)
    const length = residual / sum(normal, (slope) => slope * slope)
    foot = foot.map((value, j) => value - length * normal[j]!)
  }
  return foot
}

/** ‖u − (u·n)n/‖n‖²‖/‖u‖. */
function sineBetween(u: readonly number[], normal: readonly number[]): number {
  const along = sum(u, (value, j) => value * normal[j]!) / sum(normal, (value) => value * value)
  return Math.hypot(...u.map((value, j) => value - along * normal[j]!)) / Math.hypot(...u)
}

function sum(values: readonly number[], term: (value: number, j: number) => number): number {
  return values.reduce((total, value, j) => total + term(value, j), 0)
}

function average(values: readonly number[]): number {
  return sum(values, (value) => value) / values.length
}
