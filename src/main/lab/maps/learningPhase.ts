import type { PhaseThresholds } from '../../../shared/map/mapOptions.ts'
import type { RunMoments } from '../../../shared/run.ts'

/** In the order from what generalizes soonest to what learns nothing. */
export const learningPhases = ['comprehension', 'grokking', 'memorization', 'confusion'] as const
export type LearningPhase = (typeof learningPhases)[number]

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
