import type { PhaseThresholds } from '../../../shared/map/mapOptions.ts'
import { hasDiverged } from '../../../shared/map/mapQuantity.ts'
import { hasEnded } from '../../../shared/map/mapCells.ts'
import type { RunMoments, RunSummary } from '../../../shared/run.ts'

/** In the order from what generalizes soonest to what learns nothing. */
export const learningPhases = ['comprehension', 'grokking', 'memorization', 'confusion'] as const
export type LearningPhase = (typeof learningPhases)[number]

/** What comes of a run; one that diverged before it generalized is in none of the phases. */
export const runPhases = [...learningPhases, 'diverged'] as const
export type RunPhase = (typeof runPhases)[number]

/**
 * The phase of a run that has ended, by the steps t_memorize and t_grok at which its accuracies on training and test pairs passed
 * their thresholds:
 *
 * - comprehension: it generalized, less than `delay` after it memorized (or before);
 * - grokking: it generalized later than that;
 * - memorization: it memorized alone;
 * - confusion: neither.
 */
export function learningPhase(events: RunMoments, { delay, within = Infinity }: PhaseThresholds): LearningPhase {
  const inTime = (step: number | undefined) => (step !== undefined && step <= within ? step : undefined)
  const memorized = inTime(events.memorized?.step)
  const generalized = inTime(events.generalized?.step)
  if (generalized !== undefined) return generalized - (memorized ?? generalized) < delay ? 'comprehension' : 'grokking'
  return memorized === undefined ? 'confusion' : 'memorization'
}

/** The same of a run as it ended; null of one that has not, or failed by no fault of its own. */
export function phaseOfRun(run: RunSummary, thresholds: PhaseThresholds): RunPhase | null {
  if (!hasEnded(run)) return null
  const isDiverged = hasDiverged(run)
  if (run.status === 'failed' && !isDiverged) return null
  const phase = learningPhase(run.events, thresholds)
  // What it came to later is of no concern.
  const isInTime = run.step <= (thresholds.within ?? Infinity)
  return isDiverged && isInTime && (phase === 'memorization' || phase === 'confusion') ? 'diverged' : phase
}
