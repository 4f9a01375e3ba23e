import { LabError } from '../../../shared/errors.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import type { VectorField } from '../network/vectorField.ts'
import { axpbyAll, matricesLike, norm, type Integrator } from './integrator.ts'

/** An explicit embedded Runge–Kutta pair. The first stage is always f(y). */
export interface EmbeddedPair {
  /** Order of the error estimate in h: the estimate is O(h^errorOrder). */
  readonly errorOrder: number
  /** Rows 2, 3, … of the Runge–Kutta matrix, without a last row that equals the weights. */
  readonly stages: readonly (readonly number[])[]
  readonly weights: readonly number[]
  /** Weights of the higher-order solution minus those of the embedded one. */
  readonly errorWeights: readonly number[]
  /** Whether f at the new state is the last stage of the estimate. */
  readonly firstSameAsLast: boolean
}

const safety = 0.9
const leastFactor = 0.2
const greatestFactor = 5
const leastStep = 1e-14

/**
 * Adaptive integration with an embedded pair. A step of length h is accepted where
 * ‖h Σ_i e_i k_i‖ ≤ tolerance · max(‖y_t‖, ‖y_(t+1)‖); the next length is h · clamp(0.9·(tolerance/error)^(1/q), 1/5, 5)
 * with q the order of the estimate (Hairer, Nørsett & Wanner, *Solving ODEs I*, II.4). A trial state where the field is
 * not defined or not finite counts as rejected. Throws DIVERGED where the length falls below 1e-14.
 */
export function adaptiveStep(
  backend: Backend,
  field: VectorField,
  firstStep: number,
  tolerance: number,
  pair: EmbeddedPair,
): Integrator {
  const { state } = field
  const start = matricesLike(backend, state)
  const error = matricesLike(backend, state)
  const slopes = [...pair.stages, []].map(() => matricesLike(backend, state))
  const last = matricesLike(backend, state)
  if (pair.firstSameAsLast) slopes.push(last)
  let proposed = firstStep
  let localError = NaN
  let accepted = 0
  let rejected = 0
  let evaluations = 0

  /** Leaves the trial state in `state`, its field in `last`; the returned error is a share of the larger norm. */
  function attempt(length: number): number {
    for (let stage = 0; stage < pair.stages.length; stage++) {
      combine(length, pair.stages[stage]!)
      evaluate(slopes[stage + 1]!)
    }
    combine(length, pair.weights)
    const reached = norm(backend, state)
    field.retract?.()
    evaluate(last)
    if (!Number.isFinite(norm(backend, last))) return Infinity
    for (const matrix of error) matrix.data.fill(0)
    addScaled(length, pair.errorWeights, error)
    const distance = norm(backend, error)
    return distance === 0 ? 0 : distance / Math.max(norm(backend, start), reached)
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
    evaluations += 1
    field.evaluate(velocity)
  }

  function attemptOrReject(length: number): number {
    try {
      const share = attempt(length)
      return Number.isNaN(share) ? Infinity : share
    } catch (failure) {
      if (failure instanceof LabError) return Infinity
      throw failure
    }
  }

  return {
    begin() {
      evaluate(slopes[0]!)
      if (!Number.isFinite(norm(backend, slopes[0]!))) {
        throw new LabError('DIVERGED', 'the velocity at the start is not finite')
      }
    },
    step(remaining) {
      axpbyAll(backend, 1, state, 0, start)
      for (;;) {
        const length = Math.min(proposed, remaining)
        const share = attemptOrReject(length)
        const factor = clamp(safety * (tolerance / share) ** (1 / pair.errorOrder))
        if (share <= tolerance) {
          accepted += 1
          localError = share
          // A step cut short to land on a recorded time says little about how long the next may be.
          if (length === proposed || factor < 1) proposed = length * factor
          else proposed = Math.max(proposed, length * factor)
          axpbyAll(backend, 1, last, 0, slopes[0]!)
          return length
        }
        rejected += 1
        proposed = length * Math.min(factor, safety)
        if (proposed < leastStep) {
          throw new LabError('DIVERGED', `the step fell to ${proposed} to hold a tolerance of ${tolerance}`)
        }
      }
    },
    localError: () => localError,
    stepSize: () => proposed,
    report: () => ({ accepted, rejected, fieldEvaluations: evaluations, largestLocalError: 0 }),
    scalars: () => ({ proposed, localError, accepted, rejected, evaluations }),
    restore(scalars) {
      proposed = scalars['proposed'] ?? firstStep
      localError = scalars['localError'] ?? NaN
      accepted = scalars['accepted'] ?? 0
      rejected = scalars['rejected'] ?? 0
      // The saved state was counted as evaluated; `begin` does it once more.
      evaluations = (scalars['evaluations'] ?? 1) - 1
    },
  }
}

function clamp(factor: number): number {
  return Math.min(greatestFactor, Math.max(leastFactor, factor))
}
