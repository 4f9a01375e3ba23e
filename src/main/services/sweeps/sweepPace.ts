/** How fast a sweep was seen to go on. Times are in seconds, from whenever. */
export interface SweepPace {
  /** From when on it is counted, and how many runs had ended then. */
  since: number
  ended: number
  /** How often its journals were seen to grow, and when they were last. */
  grown: number
  seen: number
}

/** A sweep that nobody was seen to compute for so long stands still. */
const patience = 600

/**
 * Its pace after another look at it, `isComputing` by this host itself. Time in which it stands still, or in which nobody looks at what others
 * compute, is none of the pace: that is counted anew then.
 */
export function nextPace(
  before: SweepPace | undefined,
  { time, ended, grown, isComputing }: { time: number; ended: number; grown: number; isComputing: boolean },
): SweepPace {
  if (!before || (!isComputing && time - before.seen > patience)) return { since: time, ended, grown, seen: time }
  return before.grown === grown ? before : { ...before, grown, seen: time }
}

/** By how many runs ended since it is counted; null where none did. */
export function secondsLeft(
  { since, ended: before }: SweepPace,
  { time, ended, runs }: { time: number; ended: number; runs: number },
): number | null {
  if (ended === runs) return 0
  return ended > before ? ((runs - ended) * (time - since)) / (ended - before) : null
}
