import type { RunSummary } from '../../../shared/run.ts'
import { formatNumber } from '../../formatting/formatNumber.ts'
import { cellText, type RunColumn } from './runColumns.ts'

/** What a group's line says in a column: the value, and in `around` how far its runs lie from it. */
export interface Reading {
  text: string
  around?: string
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
      const [least, most] = [Math.min(...values), Math.max(...values)]
      if (format(least) === format(most)) return { text: format(least) }
      if (column.group === 'range') return { text: `${format(least)}–${format(most)}` }
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
      // No more decimals than the runs themselves show.
      const shown = (value: number) => (values.every(Number.isInteger) ? format(Math.round(value)) : format(value))
      return { text: shown(mean), around: `± ${shown(Math.sqrt(variance))}` }
    }
  }
}

function sharedText(column: RunColumn, runs: readonly RunSummary[]): string {
  const [first] = runs
  if (!first) return ''
  const text = cellText(column, first)
  return runs.every((run) => cellText(column, run) === text) ? text : ''
}
