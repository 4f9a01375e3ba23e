import { isOutcome, LabError } from '../../../shared/errors.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import type { VectorField } from '../network/vectorField.ts'
import type { ButcherTableau } from './butcherTableau.ts'
import { axpbyAll, matricesLike, normOf } from '../network/matrixLists.ts'
import type { Integrator } from './integrator.ts'

/** An integrator that chooses its steps, and knows the state within the last of them. */
export interface AdaptiveIntegrator extends Integrator {
  /**
   * Puts the state where it was at a share θ of the last step, 0 < θ ≤ 1, by dense output, y(θ) = y_0 + h Σ_i b_i(θ) k_i,
   * and evaluates the field there; where the field keeps to a set, the state is then brought back onto it. The next step
   * goes on from the end of the last all the same.
   */
  interpolate(share: number): void
  /** The state that belongs to `scalars`: the present one, or where that is interpolated, the start of the step. */
  resumable(): readonly Matrix[]
}

const safety = 0.9
const minFactor = 0.2
const greatestFactor = 5
const minStep = 1e-14

/**
 * Adaptive integration. A step of length h is accepted where ‖h Σ_i e_i k_i‖ ≤ tolerance · max(‖y_t‖, ‖y_(t+1)‖); the next
 * length is h · clamp(0.9·(tolerance/error)^(1/q), 1/5, 5) with q the order of the estimate (Hairer, Nørsett & Wanner,
 * *Solving ODEs I*, II.4). A trial state where the field is not defined or not finite counts as rejected. Throws DIVERGED
 * where the length falls below 1e-14.
 */
export function adaptiveStep(
  backend: Backend,
  field: VectorField,
  firstStep: number,
  tolerance: number,
  tableau: ButcherTableau,
): AdaptiveIntegrator {
  const { state } = field
  const start = matricesLike(backend, state)
  const end = matricesLike(backend, state)
  const scratch = matricesLike(backend, state)
  const last = matricesLike(backend, state)
  const slopes = [...tableau.stages, tableau.weights].map(() => matricesLike(backend, state))
  slopes.push(last)
  let proposed = firstStep
  let taken = NaN
  let localError = NaN
  /** `proposed` and `localError` as they were before the last step. */
  let before = { proposed, localError }
  let isInterpolated = false
  /** Whether the next step is one that was counted before the run was resumed. */
  let isRetaken = false
  let counts = { accepted: 0, rejected: 0, evaluations: 0 }

  /** Leaves the trial state in `state`, its field in `last`; the returned error is a share of the larger norm. */
  function attempt(length: number): number {
    for (let stage = 0; stage < tableau.stages.length; stage++) {
      combine(length, tableau.stages[stage]!)
      evaluate(slopes[stage + 1]!)
    }
    combine(length, tableau.weights)
    const reached = normOf(backend, state)
    // A return to a set goes by the field's last evaluation, which is to be one of this step.
    if (field.retract && tableau.stages.length === 0) evaluate(last)
    field.retract?.()
    evaluate(last)
    if (!Number.isFinite(normOf(backend, last))) return Infinity
    for (const matrix of scratch) backend.fill(matrix, 0)
    addScaled(length, tableau.errorWeights, scratch)
    const distance = normOf(backend, scratch)
    return distance === 0 ? 0 : distance / Math.max(normOf(backend, start), reached)
  }

  function combine(length: number, coefficients: readonly number[]): void {
    axpbyAll(backend, 1, start, 0, state)
    addScaled(length, coefficients, state)
  }

  function addScaled(length: number, coefficients: readonly number[], target: readonly Matrix[]): void {
    coefficients.forEach((coefficient, i) => {
      if (coefficient !== 0) axpbyAll(backend, length * coefficient, slopes[i]!, 1, target)
    })
  }

  function evaluate(velocity: readonly Matrix[]): void {
    counts.evaluations += 1
    field.evaluate(velocity)
  }

  function attemptOrReject(length: number): number {
    try {
      const share = attempt(length)
      return Number.isNaN(share) ? Infinity : share
    } catch (failure) {
      if (failure instanceof LabError && isOutcome(failure.code)) return Infinity
      throw failure
    }
  }

  return {
    begin() {
      isInterpolated = false
      evaluate(last)
      if (!Number.isFinite(normOf(backend, last))) {
        throw new LabError('DIVERGED', 'the velocity at the start is not finite')
      }
    },
    step(remaining) {
      axpbyAll(backend, 1, isInterpolated ? end : state, 0, start)
      axpbyAll(backend, 1, last, 0, slopes[0]!)
      isInterpolated = false
      before = { proposed, localError }
      const counted = { ...counts }
      for (;;) {
        const length = Math.min(proposed, remaining)
        const share = attemptOrReject(length)
        const factor = clamp(safety * (tolerance / share) ** (1 / tableau.errorOrder))
        if (share <= tolerance) {
          counts.accepted += 1
          if (isRetaken) counts = counted
          isRetaken = false
          localError = share
          taken = length
          // A step cut short to land on a given time says little about how long the next may be.
          if (length === proposed || factor < 1) proposed = length * factor
          else proposed = Math.max(proposed, length * factor)
          return length
        }
        counts.rejected += 1
        proposed = length * Math.min(factor, safety)
        if (proposed < minStep) {
          throw new LabError('DIVERGED', `the step fell to ${proposed} to hold a tolerance of ${tolerance}`)
        }
      }
    },
    interpolate(share) {
      if (!isInterpolated) axpbyAll(backend, 1, state, 0, end)
      isInterpolated = share < 1
      if (!isInterpolated) {
        axpbyAll(backend, 1, end, 0, state)
        evaluate(scratch)
        return
      }
      const weights = tableau.denseWeights.map((row) => polynomial(row, share))
      combine(taken, weights)
      evaluate(scratch)
      field.retract?.()
    },
    resumable: () => (isInterpolated ? start : state),
    localError: () => localError,
    stepSize: () => proposed,
    report() {
      const { accepted, rejected, evaluations } = counts
      return { accepted, rejected, fieldEvaluations: evaluations, largestLocalError: 0 }
    },
    scalars: () => (isInterpolated ? { ...before, ...counts, isWithinStep: 1 } : { proposed, localError, ...counts }),
    restore(scalars) {
      isInterpolated = false
      proposed = scalars['proposed'] ?? firstStep
      localError = scalars['localError'] ?? NaN
      isRetaken = scalars['isWithinStep'] === 1
      counts = {
        accepted: scalars['accepted'] ?? 0,
        rejected: scalars['rejected'] ?? 0,
        // The saved state was counted as evaluated; `begin` does it once more.
        evaluations: (scalars['evaluations'] ?? 1) - 1,
      }
    },
  }
}

function clamp(factor: number): number {
  return Math.min(greatestFactor, Math.max(minFactor, factor))
}

/** Σ_j c_j θ^j, j from 1. */
function polynomial(coefficients: readonly number[], theta: number): number {
  return coefficients.reduceRight((sum, coefficient) => (sum + coefficient) * theta, 0)
}
