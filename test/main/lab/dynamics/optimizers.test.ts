import { describe, expect, it } from 'vitest'
import type { Matrix } from '../../../../src/main/lab/backend/backend.ts'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import { createOptimizer } from '../../../../src/main/lab/dynamics/optimizers.ts'
import type { OptimizerSpec } from '../../../../src/shared/dynamics/optimizers.ts'
import { entriesOf } from '../../../support/entries.ts'

const backend = plainBackend('float64')
const learningRate = 0.03
const weightDecay = 0.2
const steps = 200
/** Curvatures and minima of L(θ) = Σ a(θ − c)²/2, first those of E, then those of W. */
const curvature = [3, 0.1, 1, 0.5, 2, 0.01]
const minimum = [1, -2, 0.3, 4, -1, 2]
const start = [0.5, 1, -1, 2, 0, -3]

const optimizers: OptimizerSpec[] = [
  { kind: 'gradientDescent' },
  { kind: 'momentum', momentum: 0.9 },
  { kind: 'adamw', beta1: 0.8, beta2: 0.99, epsilon: 1e-3 },
]

function layer(rows: number, columns: number, values: number[]): Matrix {
  const M = backend.matrix(rows, columns)
  entriesOf(M).set(values)
  return M
}

function optimize(optimizer: OptimizerSpec, decay: number, slope: (theta: number, i: number) => number): number[] {
  const parameters = [layer(2, 2, start.slice(0, 4)), layer(1, 2, start.slice(4))] as const
  const gradient = [backend.matrix(2, 2), backend.matrix(1, 2)] as const
  const named = parameters.map((matrix, i) => ({ name: 'EW'[i]!, matrix }))
  const method = createOptimizer(backend, { optimizer }, named, gradient)
  const theta = () => [...entriesOf(parameters[0]), ...entriesOf(parameters[1])]
  for (let step = 0; step < steps; step++) {
    const slopes = theta().map(slope)
    entriesOf(gradient[0]).set(slopes.slice(0, 4))
    entriesOf(gradient[1]).set(slopes.slice(4))
    method.step({ learningRate, weightDecay: decay, gradientScale: 1 })
  }
  return theta()
}

const quadratic = (theta: number, i: number) => curvature[i]! * (theta - minimum[i]!)

describe('optimizers', () => {
  it('gradient descent follows its closed form on a quadratic', () => {
    const found = optimize({ kind: 'gradientDescent' }, weightDecay, quadratic)
    found.forEach((theta, i) => {
      const rest = (curvature[i]! * minimum[i]!) / (curvature[i]! + weightDecay)
      const contraction = (1 - learningRate * (curvature[i]! + weightDecay)) ** steps
      expect(theta).toBeCloseTo(rest + contraction * (start[i]! - rest), 12)
    })
  })

  it('momentum is the three-term recurrence of the heavy ball', () => {
    const beta = 0.9
    const found = optimize({ kind: 'momentum', momentum: beta }, weightDecay, quadratic)
    found.forEach((theta, i) => {
      let previous = start[i]!
      let present = start[i]!
      for (let step = 0; step < steps; step++) {
        const force = quadratic(present, i) + weightDecay * present
        const next = present - learningRate * force + beta * (present - previous)
        previous = present
        present = next
      }
      expect(theta).toBeCloseTo(present, 12)
    })
  })

  it('AdamW is its moments written as weighted sums over all gradients so far', () => {
    const { beta1, beta2, epsilon } = optimizers[2] as Extract<OptimizerSpec, { kind: 'adamw' }>
    const found = optimize(optimizers[2]!, weightDecay, quadratic)
    found.forEach((theta, i) => {
      const gradients: number[] = []
      let present = start[i]!
      for (let step = 1; step <= steps; step++) {
        gradients.push(quadratic(present, i))
        const average = (beta: number, power: number) => {
          const weights = gradients.map((_, k) => beta ** (step - 1 - k))
          const total = weights.reduce((sum, weight) => sum + weight, 0)
          return weights.reduce((sum, weight, k) => sum + (weight / total) * gradients[k]! ** power, 0)
        }
        const direction = average(beta1, 1) / (Math.sqrt(average(beta2, 2)) + epsilon)
        present += -learningRate * direction - learningRate * weightDecay * present
      }
      expect(theta).toBeCloseTo(present, 10)
    })
  })

  it.each([optimizers[0]!, optimizers[2]!])('decays by (1 − η·wd)^t where there is no loss ($kind)', (optimizer) => {
    const found = optimize(optimizer, weightDecay, () => 0)
    found.forEach((theta, i) => {
      expect(theta).toBeCloseTo(start[i]! * (1 - learningRate * weightDecay) ** steps, 14)
    })
  })

  it('momentum alone decays as e^(−τ) on the clock τ = η·wd·t/(1 − β)', () => {
    const decay = 0.01
    const found = optimize({ kind: 'momentum', momentum: 0.9 }, decay, () => 0)
    const tau = (learningRate * decay * steps) / (1 - 0.9)
    found.forEach((theta, i) => {
      // Off by the first 1/(1 − β) steps, in which the velocity builds up.
      expect(Math.abs(theta - start[i]! * Math.exp(-tau))).toBeLessThanOrEqual(0.05 * tau * Math.abs(start[i]!))
    })
  })
})
