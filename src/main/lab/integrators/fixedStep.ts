import type { Backend } from '../backend/backend.ts'
import type { VectorField } from '../network/vectorField.ts'
import type { ButcherTableau } from './butcherTableau.ts'
import { normOf } from '../network/matrixLists.ts'
import { requireFinite } from '../network/requireFinite.ts'
import { fixedStages, type FixedStages } from './fixedStages.ts'
import type { Integrator } from './integrator.ts'

/** An integrator in steps of constant length, with its parts. */
export interface FixedStep extends Integrator {
  readonly stages: FixedStages
  /** Counts a step that was taken, by ‖f(y_(t+1)) − f(y_t)‖, ‖y_t‖ and ‖y_(t+1)‖. Throws DIVERGED where they are not finite. */
  record(distance: number, before: number, after: number): void
}

/**
 * Integration in steps of constant length η. After each step it reports the local error η‖f(y_(t+1)) − f(y_t)‖ / (2‖y_t‖),
 * or by ‖y_(t+1)‖ where it starts from zero, free from the next step's field: an Euler run leaves the flow without its
 * objective rising, and this shows it. SCIENCE.md §4. Throws DIVERGED where a velocity is not finite.
 */
export function fixedStep(backend: Backend, field: VectorField, stepSize: number, tableau: ButcherTableau): FixedStep {
  const { state } = field
  const stages = fixedStages(backend, field, stepSize, tableau)
  let localError = NaN
  let largestLocalError = 0
  let accepted = 0
  let evaluations = 0

  function record(distance: number, before: number, after: number): void {
    localError = localErrorOf(stepSize, distance, before, after)
    requireFinite(localError, 'the local error')
    largestLocalError = Math.max(largestLocalError, localError)
    accepted += 1
    evaluations += stages.evaluations
  }

  return {
    stages,
    record,
    begin() {
      evaluations += 1
      requireFinite(normOf(backend, stages.begin()), 'the velocity norm')
    },
    step() {
      const before = normOf(backend, state)
      stages.move()
      field.retract?.()
      const after = before > 0 ? NaN : normOf(backend, state)
      record(normOf(backend, stages.change()), before, after)
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

/** η‖Δf‖ / (2‖y‖), by ‖y_t‖ or, where that is 0, by ‖y_(t+1)‖. */
export function localErrorOf(stepSize: number, distance: number, before: number, after: number): number {
  return distance === 0 ? 0 : (stepSize * distance) / (2 * (before > 0 ? before : after))
}
