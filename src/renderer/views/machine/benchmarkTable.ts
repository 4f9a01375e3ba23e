import type { BackendTiming } from '../../../shared/machine.ts'

/** One operation: its time with each backend, in the order of `contestants`. */
export interface BenchmarkRow {
  operation: string
  cells: ((BackendTiming & { fastest: boolean; slower: number }) | null)[]
}

export interface BenchmarkTable {
  contestants: { backend: string; threads: number }[]
  rows: BenchmarkRow[]
}

/** Timings side by side: a row for each operation, a column for each backend and number of threads. */
export function benchmarkTable(timings: readonly BackendTiming[]): BenchmarkTable {
  const keys = [...new Set(timings.map(keyOf))]
  const contestants = keys.map((key) => timings.find((timing) => keyOf(timing) === key)!)
  const operations = [...new Set(timings.map(({ operation }) => operation))]
  const rows = operations.map((operation) => {
    const found = keys.map((key) => timings.find((timing) => keyOf(timing) === key && timing.operation === operation))
    const best = Math.min(...found.map((timing) => timing?.milliseconds ?? Infinity))
    return {
      operation,
      cells: found.map((timing) =>
        timing ? { ...timing, fastest: timing.milliseconds === best, slower: timing.milliseconds / best } : null,
      ),
    }
  })
  return { contestants: contestants.map(({ backend, threads }) => ({ backend, threads })), rows }
}

function keyOf({ backend, threads }: BackendTiming): string {
  return `${backend} ${threads}`
}
