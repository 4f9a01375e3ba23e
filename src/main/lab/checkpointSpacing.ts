const restMilliseconds = 30_000
const shareOfTime = 0.05

/**
 * How long a run goes on from one checkpoint to the next, in milliseconds: half a minute where the next takes the place of the one before.
 * Where all are `kept`, as in a journal, no less than a twentieth of the `seconds` that it has computed, so that their number grows with the
 * logarithm of its time.
 */
export function checkpointSpacing(seconds: number, { kept }: { kept: boolean }): number {
  return kept ? Math.max(restMilliseconds, 1000 * shareOfTime * seconds) : restMilliseconds
}
