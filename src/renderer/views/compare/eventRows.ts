import type { RunSummary } from '../../../shared/run.ts'

/** Something that happened in runs, at a step and a decay time. */
export interface EventColumn {
  label: string
  step: (run: RunSummary) => number | null
  tau: (run: RunSummary) => number | null
}

const difference = (end: number | null, start: number | null) => (end === null || start === null ? null : end - start)

export const eventColumns: readonly EventColumn[] = [
  {
    label: 'memorized',
    step: (run) => run.events.memorized?.step ?? null,
    tau: (run) => run.events.memorized?.tau ?? null,
  },
  {
    label: 'half rise',
    step: (run) => run.events.halfRise?.step ?? null,
    tau: (run) => run.events.halfRise?.tau ?? null,
  },
  {
    label: 'grokked',
    step: (run) => run.events.generalized?.step ?? null,
    tau: (run) => run.events.generalized?.tau ?? null,
  },
  {
    label: 'delay',
    step: (run) => difference(run.events.generalized?.step ?? null, run.events.memorized?.step ?? null),
    tau: (run) => difference(run.events.generalized?.tau ?? null, run.events.memorized?.tau ?? null),
  },
]

export interface EventSummary {
  reached: number
  of: number
  /** NaN where not all reached it; the deviation is NaN below two. */
  mean: number
  deviation: number
  median: number
  /** NaN where none reached it. */
  min: number
  max: number
}

/** What some runs have in common in when an event came; a mean is one of all, or none. */
export function summarizeEvents(values: readonly (number | null)[]): EventSummary {
  const found = values.filter((value) => value !== null).sort((a, b) => a - b)
  const count = found.length
  const isWhole = count === values.length
  const mean = isWhole ? found.reduce((sum, value) => sum + value, 0) / count : NaN
  const squares = found.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const middle = (count - 1) / 2
  return {
    reached: count,
    of: values.length,
    mean,
    deviation: count < 2 || !isWhole ? NaN : Math.sqrt(squares / (count - 1)),
    median: count === 0 || !isWhole ? NaN : (found[Math.floor(middle)]! + found[Math.ceil(middle)]!) / 2,
    min: found[0] ?? NaN,
    max: found.at(-1) ?? NaN,
  }
}
