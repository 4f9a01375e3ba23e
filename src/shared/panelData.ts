import { linesWithin } from './charts/linesWithin.ts'
import { plainText } from './formatting/setSymbols.ts'
import type {
  Axis,
  Column,
  Columns,
  HeatmapPanel,
  LinePanel,
  MapPanel,
  Moment,
  Panel,
  ParallelPanel,
  Series,
  TablePanel,
} from './panel.ts'

/**
 * The data of a panel as one table, a row for each point or cell: what tells series (rows and columns of a matrix) apart,
 * then the values; below them a row for each moment, with its name. NaN is a number that is not there, an empty text a word. Whatever shows or writes the numbers of a
 * panel takes them from here.
 */
export function panelData(panel: Panel): Columns {
  switch (panel.kind) {
    case 'lines':
      return lineData(panel)
    case 'heatmap':
      return cellData(panel)
    case 'map':
      return mapData(panel)
    case 'parallel':
      return parallelData(panel)
    case 'table':
      return rowData(panel)
  }
}

/** How many rows a table has. */
export function rowCount(data: Columns): number {
  return Object.values(data)[0]?.length ?? 0
}

/** Whether a column holds words. */
export function isText(column: Column): column is readonly string[] {
  return Array.isArray(column)
}

/** The columns that hold what is plotted: its place on the horizontal axis, or in the matrix, and its value; of a table its first two. */
export function plottedNames(panel: Panel): { x: string; y: string } {
  if (panel.kind === 'lines') return { x: columnName(panel.x), y: columnName(panel.y) }
  if (panel.kind === 'map') return { x: columnName(panel.x), y: panel.value }
  if (panel.kind === 'parallel') return { x: columnName(panel.axes[0]!.axis), y: columnName(panel.axes.at(-1)!.axis) }
  if (panel.kind === 'table') return { x: panel.columns[0]!.name, y: panel.columns[1]!.name }
  return { x: Object.keys({ ...panel.rowLabels, ...panel.columnLabels }).at(-1)!, y: panel.value }
}

function lineData({ x, y, series, moments = [] }: LinePanel): Columns {
  const tables = [
    ...series.map((each) => seriesTable(each, x, y, series.length > 1)),
    ...moments.map((moment) => momentTable(moment, x)),
  ]
  const names = [...new Set(tables.flatMap((table) => Object.keys(table.columns)))]
  // What is plotted stands last, behind what it is plotted of.
  const plotted = [columnName(x), endName(x), columnName(y)]
  const own = new Set(plotted.filter((name) => !series.some((each) => each.with?.[name])))
  const ordered = [...names.filter((name) => !own.has(name)), ...names.filter((name) => own.has(name))]
  return Object.fromEntries(ordered.map((name) => [name, joined(tables, name)]))
}

type Cells = Column | string | number

interface SeriesTable {
  columns: Readonly<Record<string, Cells>>
  rows: number
}

function seriesTable(
  { name, of, with: more, x, y, until }: Series,
  xAxis: Axis,
  yAxis: Axis,
  several: boolean,
): SeriesTable {
  const key = of ?? (several ? { series: name } : {})
  const end = until ? { [endName(xAxis)]: until } : {}
  return { columns: { ...key, ...more, [columnName(xAxis)]: x, ...end, [columnName(yAxis)]: y }, rows: x.length }
}

function momentTable({ at, label, of }: Moment, xAxis: Axis): SeriesTable {
  return { columns: { moment: plainText(label), ...of, [columnName(xAxis)]: at }, rows: 1 }
}

/** One column over all series, one below the other. */
function joined(tables: readonly SeriesTable[], name: string): Column {
  const parts = tables.map(({ columns, rows }) => ({ cells: columns[name], rows }))
  const isWords = ({ cells }: { cells: Cells | undefined }) => Array.isArray(cells) || typeof cells === 'string'
  if (parts.some(isWords)) return parts.flatMap(({ cells, rows }) => words(cells, rows))
  const column = new Float64Array(parts.reduce((sum, { rows }) => sum + rows, 0))
  let from = 0
  for (const { cells, rows } of parts) {
    if (typeof cells === 'object') column.set(cells as Float64Array, from)
    else column.fill(typeof cells === 'number' ? cells : NaN, from, from + rows)
    from += rows
  }
  return column
}

function words(cells: Cells | undefined, rows: number): string[] {
  if (typeof cells === 'object') return Array.from<string | number, string>(cells, String)
  return new Array<string>(rows).fill(cells === undefined ? '' : String(cells))
}

function cellData({ matrix, rowLabels, columnLabels, value, with: more }: HeatmapPanel): Columns {
  const { rows, columns } = matrix
  const repeated = (label: Column, placeOf: (cell: number) => number): Column =>
    isText(label)
      ? Array.from({ length: rows * columns }, (_, cell) => label[placeOf(cell)]!)
      : Float64Array.from({ length: rows * columns }, (_, cell) => label[placeOf(cell)]!)
  const labels = (all: Columns, placeOf: (cell: number) => number) =>
    Object.fromEntries(Object.entries(all).map(([name, label]) => [name, repeated(label, placeOf)]))
  return {
    ...labels(rowLabels, (cell) => Math.floor(cell / columns)),
    ...labels(columnLabels, (cell) => cell % columns),
    ...more,
    [value]: matrix.data,
  }
}

/** A row for each cell: where it is, what is known of it, and its value; positions that have names go by what these stand for. */
function mapData({ x, y, cells, with: more, value, kinds }: MapPanel): Columns {
  return {
    [columnName(x)]: valuesAt(x, cells.x),
    [columnName(y)]: valuesAt(y, cells.y),
    ...more,
    state: cells.state,
    [value]: kinds ? Array.from(cells.value, (kind) => kinds[kind] ?? '') : cells.value,
  }
}

/** A row for each line: its group, what tells it apart, and its value on every axis, with whether that is a bound or looked at. */
function parallelData({ axes, groups, groupOf, with: more }: ParallelPanel): Columns {
  const ofAxes = axes.flatMap(({ axis, values, isBeyond }): [string, Column][] => {
    const name = columnName(axis)
    const stateOf = (value: number, line: number) => (Number.isNaN(value) ? '' : isBeyond![line] ? 'later than' : 'at')
    const states = isBeyond ? Array.from(values, stateOf) : null
    return [...(states ? [[`${name}State`, states] as [string, Column]] : []), [name, valuesAt(axis, values)]]
  })
  const isRanged = axes.some(({ range }) => range)
  return {
    group: Array.from(groupOf, (place) => groups[place]!.name),
    ...more,
    ...(isRanged && { inRange: linesWithin({ axes, groupOf }).map(String) }),
    ...Object.fromEntries(ofAxes),
  }
}

/** What a table has for positions on an axis: where these have names, the values that they stand for. */
export function valuesAt({ ticks }: Axis, places: Float64Array): Column {
  if (!ticks) return places
  const names = new Map(ticks.map(({ at, label, value = label }) => [at, value]))
  return Array.from(places, (place) => names.get(place) ?? '')
}

/** Words without the marks of their symbols. */
function rowData({ columns, with: more }: TablePanel): Columns {
  return { ...Object.fromEntries(columns.map(({ name, cells }) => [name, cells.map(plainText)])), ...more }
}

/** Of the ends of intervals. */
function endName(axis: Axis): string {
  return `${columnName(axis)}End`
}

function columnName({ column, label, symbol = '' }: Axis): string {
  return column ?? (label || symbol)
}
