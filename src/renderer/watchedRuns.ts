import { maxWatched } from '../shared/contract/inputs.ts'

/** The runs whose events a page wants of its host: those that any part of it shows. */
export interface WatchedRuns {
  /** Adds a part of the page, which is asked anew each time; returns the function that takes it out. */
  add(shown: () => readonly string[]): () => void
  /** Tells the host where they are others than it was told last. */
  send(): void
}

export function createWatchedRuns(send: (runIds: string[]) => void): WatchedRuns {
  const parts = new Set<() => readonly string[]>()
  let told = ''
  return {
    add(shown) {
      // The same function may be added twice, by two parts of the page.
      const part = () => shown()
      parts.add(part)
      return () => parts.delete(part)
    },
    send() {
      const runIds = [...new Set([...parts].flatMap((shown) => shown()))].slice(0, maxWatched)
      const now = runIds.toSorted().join()
      if (now === told) return
      told = now
      send(runIds)
    },
  }
}
