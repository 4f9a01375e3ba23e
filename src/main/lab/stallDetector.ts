import { findOptimizer } from '../../shared/dynamics/optimizers.ts'
import type { ComposedRunSpec } from '../../shared/experiment.ts'
import type { Measurements } from '../../shared/run.ts'

/** ‖θ‖/‖θ_0‖ from which a network that has learnt nothing has lost its way. */
const lostGrowth = 1000

/** Memories β/(1 − β) of an optimizer after which no more than e^(−10) of its moments is left. */
const forgottenAfter = 10

/** What the detector asks of a run besides its measurements. */
export interface StallContext {
  /** ‖·‖ of what the data contributes to the motion, of `Evolution.pull`. */
  pull: number
  /** Training accuracy of the best single answer to all pairs; NaN for a task without classes. */
  guessAccuracy: number
}

/**
 * Tells whether a run has come to a dead end, at a measured step; the value is that of the event, ‖θ‖/‖θ_0‖ or 0:
 *
 * - Nothing pulls. The data's part of the motion is 0 to the last bit, `pull` = 0, and the training set is not fitted:
 *   accuracy < 1, or loss > 0 where there are no classes. What moves on from there is decay alone, which shrinks weights
 *   and wakes no unit. An optimizer with moments also drifts by what it remembers; so with momentum β, or AdamW with
 *   β_1 = β, `pull` must have been 0 at every measured step of the last 10·β/(1 − β) steps.
 * - Nothing was learnt and the weights are gone: ‖θ‖ ≥ 1000·‖θ_0‖ > 0, with a training accuracy no higher than at the
 *   start or than by one answer to all.
 *
 * The run goes on. SCIENCE.md §5.
 */
export function createStallDetector(dynamics: ComposedRunSpec['dynamics']) {
  const patience = Math.round(forgottenAfter * memoryOf(dynamics))
  let start: { norm: number; accuracy: number } | undefined
  let isBegun = false
  /** The first of the measured steps up to now at which nothing pulled. */
  let stillSince: number | undefined

  function begin(norm: number, accuracy: number): void {
    isBegun = true
    if (norm > 0 && Number.isFinite(accuracy)) start = { norm, accuracy }
  }

  return {
    at(step: number, values: Measurements, { pull, guessAccuracy }: StallContext): number | undefined {
      const { trainAccuracy: accuracy = NaN, trainLoss = NaN } = values
      const norm = Math.sqrt((values.firstLayerNormSquared ?? NaN) + (values.secondLayerNormSquared ?? NaN))
      if (!isBegun) begin(norm, accuracy)
      const isFitted = Number.isNaN(accuracy) ? !(trainLoss > 0) : accuracy >= 1
      stillSince = pull === 0 && !isFitted ? (stillSince ?? step) : undefined
      if (stillSince !== undefined && step - stillSince >= patience) return 0
      const isLost =
        start !== undefined && norm >= lostGrowth * start.norm && accuracy <= Math.max(start.accuracy, guessAccuracy)
      return isLost ? norm / start!.norm : undefined
    },
    scalars: (): Record<string, number> => ({
      ...(start ? { 'stall.startNorm': start.norm, 'stall.startAccuracy': start.accuracy } : {}),
      ...(stillSince === undefined ? {} : { 'stall.stillSince': stillSince }),
    }),
    /** Where the start was not saved with the state, growth is not judged: the state is not the start. */
    restore(scalars: Record<string, number>): void {
      begin(scalars['stall.startNorm'] ?? NaN, scalars['stall.startAccuracy'] ?? NaN)
      stillSince = scalars['stall.stillSince']
    },
  }
}

/** Steps for which a gradient goes on acting after its own. */
function memoryOf(dynamics: ComposedRunSpec['dynamics']): number {
  if (dynamics.kind !== 'training') return 0
  const remembers = findOptimizer(dynamics.optimizer.kind)?.remembers
  const beta = new Map<string, unknown>(Object.entries(dynamics.optimizer)).get(remembers ?? '')
  return typeof beta === 'number' ? beta / (1 - beta) : 0
}
