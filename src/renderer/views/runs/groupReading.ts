import type { RunSummary } from '../../../shared/run.ts'
import { formatFixed, formatNumber } from '../../../shared/formatting/formatNumber.ts'
import { cellText, type RunColumn } from './runColumns.ts'

/** What a group's line says in a column: the value, and in `around` how far its runs lie from it; `title` in full. */
export interface Reading {
  text: string
  around?: string
  title?: string
}

export function groupReading(column: RunColumn, runs: readonly RunSummary[]): Reading {
  const format = column.format ?? formatNumber
  const values = runs.map(column.of).filter((value) => typeof value === 'number')
  switch (column.group) {
    case 'none':
      return { text: '' }
    case 'same':
      return { text: sharedText(column, runs) }
    case 'sum':
      return { text: values.length === 0 ? '' : format(values.reduce((sum, value) => sum + value, 0)) }
    case 'range':
    case 'spread': {
      if (values.length === 0) return { text: '' }
      const settled = runs.filter((run) => column.of(run) !== null && (column.settled || run.status === 'finished'))
      if (column.group === 'spread' && settled.length < runs.length) {
        const words = column.settled ? 'runs have come to it' : 'runs have finished with a value'
        const count = `${settled.length} of ${runs.length}`
        return { text: count, title: `${count} ${words}; there is a mean when all have` }
      }
      const [least, most] = [Math.min(...values), Math.max(...values)]
      if (format(least) === format(most)) return { text: format(least) }
      if (column.group === 'range') return { text: `${format(least)}–${format(most)}` }
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
      // The mean shows no more than the runs themselves do, and the deviation as many decimals as the mean.
      const text = format(values.every(Number.isInteger) ? Math.round(mean) : mean)
      const deviation = Math.sqrt(variance)
      const decimals = /^[\u2212\d\u2009]+(?:\.(\d+))?$/.exec(text)
      const around = `± ${decimals ? formatFixed(deviation, decimals[1]?.length ?? 0) : format(deviation)}`
      return { text, around, title: `${text} ${around}, mean and deviation of ${runs.length} runs` }
    }
  }
}

function sharedText(column: RunColumn, runs: readonly RunSummary[]): string {
  const [first] = runs
  if (!first) return ''
  const text = cellText(column, first)
  return runs.every((run) => cellText(column, run) === text) ? text : ''
}
