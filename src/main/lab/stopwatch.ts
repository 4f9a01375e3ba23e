import { performance } from 'node:perf_hooks'

export interface Stopwatch {
  /** Seconds computed so far, pauses left out. */
  seconds(): number
  pause(): void
  resume(): void
  /** Whether `interval` milliseconds of computing have passed since this alarm last rang; rings it. */
  due(alarm: string, interval: number): boolean
}

/** A stopwatch that starts running, with `secondsBefore` on it. */
export function startStopwatch(secondsBefore: number): Stopwatch {
  const rang = new Map<string, number>()
  let before = 1000 * secondsBefore
  let since = performance.now()
  const elapsed = () => before + performance.now() - since
  const start = elapsed()
  return {
    seconds: () => elapsed() / 1000,
    pause() {
      before = elapsed()
      since = Infinity
    },
    resume() {
      since = performance.now()
    },
    due(alarm, interval) {
      const now = elapsed()
      if (now - (rang.get(alarm) ?? start) < interval) return false
      rang.set(alarm, now)
      return true
    },
  }
}
