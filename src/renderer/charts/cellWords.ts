import { formatCount, formatNumber } from '../../shared/formatting/formatNumber.ts'
import type { Columns, HeatmapPanel } from '../../shared/panel.ts'

/** What a cell of a matrix stands for, as its row and column are named: "token 3, unit 17". */
export function cellLabels(
  { rowLabels, columnLabels }: Pick<HeatmapPanel, 'rowLabels' | 'columnLabels'>,
  cell: { row: number; column: number },
): string {
  return [...named(rowLabels, cell.row), ...named(columnLabels, cell.column)].join(', ')
}

function named(labels: Columns, place: number): string[] {
  return Object.entries(labels).map(([name, column]) => {
    const label = column[place]!
    if (typeof label === 'string') return `${name} ${label}`
    return `${name} ${Number.isInteger(label) ? formatCount(label) : formatNumber(label)}`
  })
}
