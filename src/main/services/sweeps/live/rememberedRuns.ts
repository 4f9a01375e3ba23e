import type { RunEvent, RunSummary } from '../../../../shared/run.ts'
import { decodeValue, encodeValue } from '../../../../shared/wire.ts'

/** A run that has ended, as lists have it. */
interface Remembered {
  run: RunSummary
  /** All that it told; undefined where there was no more room for it. */
  events: Uint8Array | undefined
}

/** Runs that live maps have computed, by their keys; they are in memory alone. */
export interface RememberedRuns {
  get(key: string): RunSummary | undefined
  /** What a run told, as long as there is room for that; it can be computed again. */
  eventsOf(key: string): RunEvent[] | undefined
  set(run: RunSummary, events: readonly RunEvent[]): void
}

/** Bytes of what runs told, and runs whose ends are known besides. */
const usualRoom = { bytes: 256 * 2 ** 20, runs: 100_000 }

/** What was computed first goes first. */
export function rememberRuns(room = usualRoom): RememberedRuns {
  const remembered = new Map<string, Remembered>()
  let bytes = 0

  function forget(key: string): void {
    bytes -= remembered.get(key)?.events?.length ?? 0
    remembered.delete(key)
  }

  function makeRoom(): void {
    for (const each of remembered.values()) {
      if (bytes <= room.bytes) break
      bytes -= each.events?.length ?? 0
      each.events = undefined
    }
    for (const key of remembered.keys()) {
      if (remembered.size <= room.runs) break
      forget(key)
    }
  }

  return {
    get: (key) => remembered.get(key)?.run,
    eventsOf(key) {
      const content = remembered.get(key)?.events
      return content && (decodeValue(content) as RunEvent[])
    },
    set(run, events) {
      forget(run.id)
      const content = encodeValue(events)
      remembered.set(run.id, { run, events: content })
      bytes += content.length
      makeRoom()
    },
  }
}
