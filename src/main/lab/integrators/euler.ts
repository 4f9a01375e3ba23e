import type { Backend } from '../backend/backend.ts'
import type { VectorField } from '../network/vectorField.ts'
import { fixedStep } from './fixedStep.ts'
import { axpbyAll, type Integrator } from './integrator.ts'

/** Euler's method, y_(t+1) = y_t + η f(y_t): order 1, one field evaluation per step. The paper's choice (Sec. 7). */
export function euler(backend: Backend, field: VectorField, stepSize: number): Integrator {
  return fixedStep(backend, field, stepSize, 1, (length, velocity) => {
    axpbyAll(backend, length, velocity, 1, field.state)
  })
}
