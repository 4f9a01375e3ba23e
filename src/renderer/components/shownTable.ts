import { placeAtOrBelow } from '../../shared/neighbors.ts'
import type { Column, Columns, Panel } from '../../shared/panel.ts'
import { isText, panelData, plottedNames, rowCount } from '../../shared/panelData.ts'

/** A panel's data as a person reads them: the values beside what they stand at, without columns that say nothing. */
export interface ShownTable {
  columns: Columns
  /** What was left out: columns in which every row has the same, and that. */
  same: Readonly<Record<string, string | number>>
  /** Columns in which no row has anything. */
  empty: readonly string[]
  /** The row at the cursor, by the first series that comes so far. */
  row: number
}

export function shownTable(panel: Panel, cursor: number | null): ShownTable {
  const data = panelData(panel)
  const { x, y } = plottedNames(panel)
  const names = Object.keys(data).filter((name) => name !== y)
  const ordered = names.flatMap((name) => (name === x ? [x, y] : [name]))
  const columns: Record<string, Column> = {}
  const same: Record<string, string | number> = {}
  const empty: string[] = []
  for (const name of ordered) {
    const column = data[name]!
    const [first] = column
    const isSame = name !== x && name !== y && column.every((cell) => Object.is(cell, first))
    if (!isSame || first === undefined) columns[name] = column
    else if (first === '' || Number.isNaN(first)) empty.push(name)
    else same[name] = first
  }
  return { columns, same, empty, row: cursor === null ? 0 : rowAt(data[x] ?? [], cursor) }
}

/** The row nearest below a value, in the first stretch of ascending ones that holds it. */
function rowAt(column: Column, at: number): number {
  if (isText(column)) return 0
  for (let from = 0, end; from < column.length; from = end) {
    for (end = from + 1; end < column.length && column[end]! >= column[end - 1]!;) end++
    if (column[from]! <= at && at <= column[end - 1]!) return from + placeAtOrBelow(column.subarray(from, end), at)
  }
  return 0
}

/** As spreadsheets take it from the clipboard: every digit, an empty cell where there is no number. */
export function tableTsv(columns: Columns): string {
  const all = Object.values(columns)
  const text = (cell: string | number) => (Number.isNaN(cell) ? '' : String(cell))
  const lines = Array.from({ length: rowCount(columns) }, (_, row) =>
    all.map((column) => text(column[row]!)).join('\t'),
  )
  return [Object.keys(columns).join('\t'), ...lines, ''].join('\n')
}
