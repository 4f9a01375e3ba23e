import type { Backend } from '../backend/backend.ts'
import { requireFinite } from '../network/requireFinite.ts'
import type { VectorField } from '../network/vectorField.ts'
import type { ButcherTableau } from './butcherTableau.ts'
import { axpbyAll, matricesLike, normOf } from '../network/matrixLists.ts'
import type { Integrator } from './integrator.ts'

/**
 * Integration in steps of constant length η. After each step it reports the local error η‖f(y_(t+1)) − f(y_t)‖ / (2‖y_t‖),
 * or by ‖y_(t+1)‖ where it starts from zero, free from the next step's field: an Euler run leaves the flow without its
 * objective rising, and this shows it. SCIENCE.md §4. Throws DIVERGED where a velocity is not finite.
 */
export function fixedStep(
  backend: Backend,
  field: VectorField,
  stepSize: number,
  { stages, weights }: ButcherTableau,
): Integrator {
  const { state } = field
  // No step is taken back, so none needs a copy of its start: from stage to stage the state moves by what a row adds.
  const rows = [...stages, weights]
  const moves = rows.map((row, i) => row.map((coefficient, j) => coefficient - (rows[i - 1]?.[j] ?? 0)))
  const slopes = rows.map(() => matricesLike(backend, state))
  let next = matricesLike(backend, state)
  let localError = NaN
  let largestLocalError = 0
  let accepted = 0
  let evaluations = 0

  function move(coefficients: readonly number[]): void {
    coefficients.forEach((coefficient, i) => {
      if (coefficient !== 0) axpbyAll(backend, stepSize * coefficient, slopes[i]!, 1, state)
    })
  }

  return {
    begin() {
      evaluations += 1
      field.evaluate(slopes[0]!)
      requireFinite(normOf(backend, slopes[0]!), 'the velocity norm')
    },
    step() {
      const before = normOf(backend, state)
      move(moves[0]!)
      for (let stage = 1; stage < moves.length; stage++) {
        field.evaluate(slopes[stage]!)
        move(moves[stage]!)
      }
      field.retract?.()
      const size = before > 0 ? before : normOf(backend, state)
      field.evaluate(next)
      const change = slopes[0]!
      axpbyAll(backend, 1, next, -1, change)
      const distance = normOf(backend, change)
      ;[slopes[0], next] = [next, change]
      localError = distance === 0 ? 0 : (stepSize * distance) / (2 * size)
      requireFinite(localError, 'the local error')
      largestLocalError = Math.max(largestLocalError, localError)
      accepted += 1
      evaluations += moves.length
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
