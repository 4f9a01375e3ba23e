import type { RunQuery } from '../../shared/query/runQuery.ts'
import type { ColumnValue } from '../../shared/query/runColumns.ts'
import type { TextValue } from '../../shared/query/runFields.ts'
import type { RunColumnName } from '../../shared/query/runValues.ts'

/**
 * How long an answer about all runs is true: until anything but the progress of runs is written, until anything is
 * written, or at this moment alone.
 */
export type Lasting = 'lasting' | 'all' | 'moment'

export function lastingOf(query: RunQuery): Lasting {
  switch (query.kind) {
    case 'and':
    case 'or':
      return shortest(query.parts.map(lastingOf))
    case 'not':
      return lastingOf(query.part)
    case 'free':
      return 'lasting'
    default:
      return lastingOfValue(query.field.value)
  }
}

export function lastingOfValue(value: ColumnValue | TextValue): Lasting {
  switch (value.in) {
    case 'age':
      return 'moment'
    case 'latest':
      return 'all'
    case 'run':
      return progressing.includes(value.column) ? 'all' : 'lasting'
    case 'positive':
    case 'multiple':
      return lastingOfValue(value.of)
    case 'difference':
      return shortest([value.of, value.less].map(lastingOfValue))
    case 'any':
    case 'either':
      return shortest(value.of.map(lastingOfValue))
    case 'properties':
      return shortest(Object.values(value.of).map(lastingOfValue))
    default:
      return 'lasting'
  }
}

/** What changes as a run is computed. */
const progressing: readonly RunColumnName[] = ['step', 'tau', 'seconds', 'sequence']

/** What follows from several answers is true as long as all of them are. */
export function shortest(all: readonly Lasting[]): Lasting {
  return all.includes('moment') ? 'moment' : all.includes('all') ? 'all' : 'lasting'
}
