import type { Backend, Matrix } from '../backend/backend.ts'
import { requireFinite } from '../network/requireFinite.ts'
import type { VectorField } from '../network/vectorField.ts'
import { axpbyAll, matricesLike, norm, type Integrator } from './integrator.ts'

/** Advances `field.state` from y to the end of one step of length η, given velocity = f(y); may evaluate the field. */
export type FixedStepMethod = (stepSize: number, velocity: readonly Matrix[]) => void

/**
 * An integrator of constant step η around a one-step method. After each step it reports the local error
 * η‖f(y_(t+1)) − f(y_t)‖ / (2‖y_t‖), or by ‖y_(t+1)‖ where it starts from zero, free from the next step's field: an Euler run leaves the flow without its
 * objective rising, and this shows it. SCIENCE.md §4.
 */
export function fixedStep(
  backend: Backend,
  field: VectorField,
  stepSize: number,
  evaluationsPerStep: number,
  method: FixedStepMethod,
): Integrator {
  let velocity = matricesLike(backend, field.state)
  let previous = matricesLike(backend, field.state)
  let localError = NaN
  let largestLocalError = 0
  let accepted = 0
  let evaluations = 0

  return {
    begin() {
      evaluations += 1
      field.evaluate(velocity)
      requireFinite(norm(backend, velocity), 'the velocity norm')
    },
    step() {
      const before = norm(backend, field.state)
      method(stepSize, velocity)
      field.retract?.()
      const size = before > 0 ? before : norm(backend, field.state)
      ;[previous, velocity] = [velocity, previous]
      field.evaluate(velocity)
      axpbyAll(backend, 1, velocity, -1, previous)
      const change = norm(backend, previous)
      localError = change === 0 ? 0 : (stepSize * change) / (2 * size)
      requireFinite(localError, 'the local error')
      largestLocalError = Math.max(largestLocalError, localError)
      accepted += 1
      evaluations += evaluationsPerStep
      return stepSize
    },
    localError: () => localError,
    stepSize: () => stepSize,
    report: () => ({ accepted, rejected: 0, fieldEvaluations: evaluations, largestLocalError }),
    scalars: () => ({ accepted, evaluations, localError, largestLocalError }),
    restore(scalars) {
      accepted = scalars['accepted'] ?? 0
      // The saved state was counted as evaluated; `begin` does it once more.
      evaluations = (scalars['evaluations'] ?? 1) - 1
      localError = scalars['localError'] ?? NaN
      largestLocalError = scalars['largestLocalError'] ?? 0
    },
  }
}
