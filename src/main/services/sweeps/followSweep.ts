import { statSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sweepRunStates, type SweepRunState } from '../../../shared/contract.ts'
import { listJournals, readEnd, type SweepFolder } from '../../sweep/sweepFolder.ts'

/** What has become of the runs of a sweep, whoever computes them. */
export interface FollowedSweep {
  /** Of each run its place in `sweepRunStates`. */
  readonly states: Uint8Array
  counts(): Record<SweepRunState, number>
  /** Reads the journals that have grown since; what has ended is not read again. */
  refresh(): Promise<void>
}

const placeOf = Object.fromEntries(sweepRunStates.map((state, place) => [state, place])) as Record<
  SweepRunState,
  number
>
const readsInOneTurn = 20

export function followSweep(sweep: SweepFolder): FollowedSweep {
  const states = new Uint8Array(sweep.keys.length)
  /** Bytes of the journals of a run when they were last read. */
  const bytesRead = new Map<number, number>()
  let refreshing: Promise<void> | undefined

  async function read(): Promise<void> {
    const journals = listJournals(sweep)
    let reads = 0
    for (const [place, key] of sweep.keys.entries()) {
      if (states[place]! >= placeOf.finished) continue
      const paths = journals.get(key)
      if (!paths) continue
      const bytes = paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0)
      if (bytes === bytesRead.get(place)) continue
      bytesRead.set(place, bytes)
      const end = readEnd(sweep, key, paths)
      states[place] = placeOf[!end ? 'begun' : end.status === 'finished' ? 'finished' : 'failed']
      if (++reads % readsInOneTurn === 0) await nextTurn()
    }
  }

  return {
    states,
    counts() {
      const counts = [0, 0, 0, 0]
      for (const state of states) counts[state]! += 1
      return Object.fromEntries(sweepRunStates.map((state, place) => [state, counts[place]!])) as Record<
        SweepRunState,
        number
      >
    },
    refresh() {
      refreshing ??= read().finally(() => (refreshing = undefined))
      return refreshing
    },
  }
}
