import type { Backend } from '../backend/backend.ts'
import type { VectorField } from '../network/vectorField.ts'
import { adaptiveStep } from './adaptiveStep.ts'
import type { Integrator } from './integrator.ts'

/**
 * The method of Dormand & Prince, order 5(4), seven stages of which the last is the first of the next step.
 * J. R. Dormand, P. J. Prince, *A family of embedded Runge–Kutta formulae*, J. Comput. Appl. Math. 6 (1980) 19–26.
 */
export function dormandPrince(backend: Backend, field: VectorField, firstStep: number, tolerance: number): Integrator {
  return adaptiveStep(backend, field, firstStep, tolerance, {
    errorOrder: 5,
    stages: [
      [1 / 5],
      [3 / 40, 9 / 40],
      [44 / 45, -56 / 15, 32 / 9],
      [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
      [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    ],
    weights: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0],
    errorWeights: [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40],
    firstSameAsLast: true,
  })
}
