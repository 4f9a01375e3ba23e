import { formatCount, formatFixed, formatNumber } from '../../../shared/formatting/formatNumber.ts'
import type { Reading } from '../../../shared/query/runTable.ts'
import { valueText, type TableColumn } from './tableColumns.ts'

/** What a group's line says in a column: the value, and in `around` how far its runs lie from it; `title` in full. */
export interface GroupText {
  text: string
  around?: string
  title?: string
}

/** Says what the runs of a group, so many, come to in a column; nothing before that is known. */
export function groupText(column: TableColumn, reading: Reading | undefined, runs: number): GroupText {
  if (!reading || column.group === 'none') return { text: '' }
  const format = column.format ?? formatNumber
  const { sum, min, max, mean, deviation } = reading
  if (column.group === 'same') return { text: valueText(column, reading.same) }
  if (min === null || max === null || mean === null) return { text: '' }
  if (column.group === 'sum') return { text: format(sum) }
  if (column.group === 'spread' && reading.settled < runs) {
    const words = column.settled ? 'runs have come to it' : 'runs have finished with a value'
    const count = `${formatCount(reading.settled)} of ${formatCount(runs)}`
    return { text: count, title: `${count} ${words}; there is a mean when all have` }
  }
  if (format(min) === format(max)) return { text: format(min) }
  if (column.group === 'range') return { text: `${format(min)}–${format(max)}` }
  // The mean shows no more than the runs themselves do, and the deviation as many decimals as the mean.
  const text = format(reading.integers ? Math.round(mean) : mean)
  const decimals = /^[\u2212\d\u2009]+(?:\.(\d+))?$/.exec(text)
  const spread = deviation ?? 0
  const around = `± ${decimals ? formatFixed(spread, decimals[1]?.length ?? 0) : format(spread)}`
  return { text, around, title: `${text} ${around}, mean and deviation of ${formatCount(runs)} runs` }
}
