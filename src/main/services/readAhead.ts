import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'

/** Reads what is likely to be asked for next, while nobody waits for it. */
export type ReadAhead = (begin: () => Iterable<void>) => Promise<void>

const restMilliseconds = 50

/** Goes through what is begun, a part in each turn, a moment after it was asked for; while it does, nothing else is begun. */
export function createReadAhead(): ReadAhead {
  let isReading = false
  return async (begin) => {
    if (isReading) return
    isReading = true
    try {
      await pause(restMilliseconds, undefined, { ref: false })
      for (const _ of begin()) await nextTurn()
    } catch {
      // The archive may have been closed; what cannot be read is told to whoever asks for it.
    } finally {
      isReading = false
    }
  }
}
