import type { LinePanel, Panel } from '../../shared/panel.ts'
import { quoteCsv } from '../../shared/quoteCsv.ts'
import type { CellOrder } from '../charts/inOrder.ts'

/** Numbers under named columns; NaN is an empty cell. */
export interface PanelTable {
  columns: string[]
  rows: number
  at: (row: number, column: number) => number
}

/**
 * What a panel draws, as a table: lines over one x side by side, a matrix by its rows and columns, in the order shown
 * and under the numbers they have in the matrix.
 */
export function panelTable(panel: Panel, order: CellOrder | null = null): PanelTable {
  if (panel.kind === 'lines') return lineTable(panel)
  const { rows, columns, data } = panel.matrix
  const rowAt = (row: number) => order?.rows?.[row] ?? row
  const columnAt = (column: number) => order?.columns?.[column] ?? column
  const names = new Map(panel.x.ticks?.map(({ at, label }) => [at, label]))
  const name = (place: number) => (order?.columns ? String(columnAt(place)) : (names.get(place) ?? String(place)))
  return {
    columns: [panel.y.label || 'row', ...Array.from({ length: columns }, (_, place) => name(place))],
    rows,
    at: (row, column) => (column === 0 ? rowAt(row) : data[rowAt(row) * columns + columnAt(column - 1)]!),
  }
}

/** RFC 4180: a comma between fields. */
export function tableToCsv(table: PanelTable): Uint8Array {
  const lines = [table.columns.map(quoteCsv).join(',')]
  for (let row = 0; row < table.rows; row++) {
    lines.push(
      table.columns
        .map((_, column) => {
          const value = table.at(row, column)
          return Number.isNaN(value) ? '' : quoteCsv(value)
        })
        .join(','),
    )
  }
  return new TextEncoder().encode(lines.join('\r\n') + '\r\n')
}

function lineTable({ x: axis, series }: LinePanel): PanelTable {
  const xs = Float64Array.from(new Set(series.flatMap(({ x }) => [...x]))).sort()
  const rowOf = new Map<number, number>()
  xs.forEach((x, row) => rowOf.set(x, row))
  const repeats = series.some(({ x }) => new Set(x).size < x.length)
  if (repeats) return pairTable(series)
  const columns = series.map(({ x, y }) => {
    const column = new Float64Array(xs.length).fill(NaN)
    x.forEach((value, place) => (column[rowOf.get(value)!] = y[place]!))
    return column
  })
  return {
    columns: [axis.symbol ? `${axis.label} ${axis.symbol}`.trim() : axis.label, ...series.map(({ name }) => name)],
    rows: xs.length,
    at: (row, column) => (column === 0 ? xs[row]! : columns[column - 1]![row]!),
  }
}

/** Where one line passes the same x twice, each line keeps its own x. */
function pairTable(series: LinePanel['series']): PanelTable {
  const columns = series.flatMap(({ x, y }) => [x, y])
  return {
    columns: series.flatMap(({ name }) => [`${name}, x`, `${name}, y`]),
    rows: Math.max(0, ...columns.map(({ length }) => length)),
    at: (row, column) => columns[column]![row] ?? NaN,
  }
}
