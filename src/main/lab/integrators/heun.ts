import type { Backend } from '../backend/backend.ts'
import type { VectorField } from '../network/vectorField.ts'
import { adaptiveStep } from './adaptiveStep.ts'
import { fixedStep } from './fixedStep.ts'
import { axpbyAll, matricesLike, type Integrator } from './integrator.ts'

/**
 * Heun's method with a fixed step, order 2, two field evaluations per step:
 * y_(t+1) = y_t + η/2 (k₁ + k₂), k₁ = f(y_t), k₂ = f(y_t + η k₁).
 */
export function heun(backend: Backend, field: VectorField, stepSize: number): Integrator {
  const second = matricesLike(backend, field.state)
  return fixedStep(backend, field, stepSize, 2, (length, first) => {
    axpbyAll(backend, length, first, 1, field.state)
    field.evaluate(second)
    axpbyAll(backend, -length / 2, first, 1, field.state)
    axpbyAll(backend, length / 2, second, 1, field.state)
  })
}

/** Heun's method with the embedded Euler step as its error estimate, h/2 (k₂ − k₁): order 2(1), adaptive. */
export function adaptiveHeun(backend: Backend, field: VectorField, firstStep: number, tolerance: number): Integrator {
  return adaptiveStep(backend, field, firstStep, tolerance, {
    errorOrder: 2,
    stages: [[1]],
    weights: [1 / 2, 1 / 2],
    errorWeights: [-1 / 2, 1 / 2],
    firstSameAsLast: false,
  })
}
