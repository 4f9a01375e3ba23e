import { isOutcome, type ErrorRecord } from '../../shared/errors.ts'
import type { RunEvent, Snapshot } from '../../shared/run.ts'

/** What all attempts at a run come to. */
export interface AssembledRun {
  /** As one run would have told it, numbered from 0. */
  events: RunEvent[]
  /** Where it can go on; undefined before its first snapshot after the start, at which it begins anew. */
  snapshot: Snapshot | undefined
  /** How it ended; undefined where it has not. */
  end: RunEnd | undefined
  /** Seconds computed up to the snapshot. */
  seconds: number
}

export type RunEnd = Extract<RunEvent, { type: 'settled' }>

/** Whether a run has ended with this: at its last step, or by what its dynamics came to. What was cancelled, or failed by the machine, goes on. */
export function isEnd(event: RunEvent): event is RunEnd {
  return event.type === 'settled' && (event.status === 'finished' || isOutcome(event.code ?? null))
}

/** Why an attempt failed, where that is no end of its run. */
export function faultOf(event: RunEvent): ErrorRecord | undefined {
  if (event.type !== 'settled' || event.status !== 'failed' || isOutcome(event.code ?? null)) return undefined
  return { code: event.code ?? 'INTERNAL', message: event.message ?? 'it failed' }
}

interface Attempt {
  events: readonly RunEvent[]
  /** The step it began at. */
  start: number
  end: RunEnd | undefined
  snapshots: ReadonlyMap<number, number>
}

/**
 * Puts the attempts at a run together: from the one that ended, else the one with the furthest snapshot, back through those it
 * began from. An attempt whose beginning nobody has any more, as its journal is damaged, counts for nothing.
 */
export function assembleRun(attempts: readonly (readonly RunEvent[])[]): AssembledRun {
  const usable: Attempt[] = []
  const parents = new Map<Attempt, Attempt>()
  for (const attempt of attempts.flatMap(readAttempt).sort((a, b) => a.start - b.start)) {
    const parent = attempt.start === 0 ? undefined : usable.find(({ snapshots }) => snapshots.has(attempt.start))
    if (attempt.start > 0 && !parent) continue
    if (parent) parents.set(attempt, parent)
    usable.push(attempt)
  }
  const reach = ({ snapshots }: Attempt) => Math.max(-1, ...snapshots.keys())
  const best = usable.find(({ end }) => end) ?? usable.toSorted((a, b) => reach(b) - reach(a))[0]
  if (!best) return { events: [], snapshot: undefined, end: undefined, seconds: 0 }

  const parts = [best.events]
  for (let later = best, earlier = parents.get(best); earlier; later = earlier, earlier = parents.get(later)) {
    parts.unshift(earlier.events.slice(0, earlier.snapshots.get(later.start)! + 1))
  }
  const events = parts.flat().map((event, sequence) => ({ ...event, sequence }))
  const last = events.findLastIndex(({ type }) => type === 'snapshot')
  const measured = events.slice(0, last + 1).findLast((event) => event.type === 'measured')
  const saved = events[last]
  return {
    events,
    // One that went on from step 0 could not be told from one that began there and told of it.
    snapshot: saved?.type === 'snapshot' && saved.snapshot.step > 0 ? saved.snapshot : undefined,
    end: best.end,
    seconds: measured?.seconds ?? 0,
  }
}

/** Nothing where it had not begun. */
function readAttempt(told: readonly RunEvent[]): Attempt[] {
  const [first] = told
  if (first?.type !== 'started') return []
  const events = told.filter((event) => event.type !== 'settled' || isEnd(event))
  const last = events.at(-1)
  const snapshots = new Map<number, number>()
  events.forEach((event, place) => {
    if (event.type === 'snapshot') snapshots.set(event.snapshot.step, place)
  })
  return [{ events, start: first.step, end: last && isEnd(last) ? last : undefined, snapshots }]
}
