import type { MeasurementName } from '../measurements.ts'
import type { RunEventName, RunSummary } from '../run.ts'
import type { FacetPath } from '../specification/facets.ts'

/** Where something lies that is known of a run: summaries are read by it, and the archive makes SQL of it. */
export type RunValue =
  | { in: 'run'; column: RunColumnName }
  | { in: 'facets'; path: FacetPath }
  | { in: 'latest'; name: MeasurementName }
  | { in: 'events'; name: RunEventName; at: 'step' | 'tau' }
  /** What lies between two numbers that are both there. */
  | { in: 'difference'; of: RunValue; less: RunValue }
  /** The first that is there. */
  | { in: 'either'; of: readonly RunValue[] }
  /** A number above zero. */
  | { in: 'positive'; of: RunValue }
  /** A number cut to a multiple of a unit. */
  | { in: 'multiple'; of: RunValue; unit: number }
  /** Seconds since it was made. */
  | { in: 'age' }

/** What a summary says by itself, and of its experiment. */
export type RunColumnName = {
  [Key in keyof RunSummary]: RunSummary[Key] extends number | string | null ? Key : never
}[keyof RunSummary]

export function readRunValue(value: RunValue, run: RunSummary, now = Date.now()): number | string | null {
  switch (value.in) {
    case 'run':
      return run[value.column]
    case 'facets':
      return run.facets[value.path] ?? null
    case 'latest':
      return run.latest[value.name] ?? null
    case 'events':
      return run.events[value.name]?.[value.at] ?? null
    case 'difference': {
      const [end, start] = [readRunValue(value.of, run, now), readRunValue(value.less, run, now)]
      return typeof end === 'number' && typeof start === 'number' ? end - start : null
    }
    case 'either':
      return value.of.map((each) => readRunValue(each, run, now)).find((each) => each !== null) ?? null
    case 'positive': {
      const number = readRunValue(value.of, run, now)
      return typeof number === 'number' && number > 0 ? number : null
    }
    case 'multiple': {
      const number = readRunValue(value.of, run, now)
      return typeof number === 'number' ? Math.floor(number / value.unit) * value.unit : null
    }
    case 'age':
      return (now - run.createdAt) / 1000
  }
}
