import type { MatrixData } from './matrix.ts'
import type { Bounds } from './specification/bounds.ts'

/** What a column of a panel's table holds. */
export type Column = Float64Array | Float32Array | Int32Array | Uint8Array | readonly string[]

/** Columns of a panel's table by their names. */
export type Columns = Readonly<Record<string, Column>>

/** An axis in words; `symbol` is set in italics after the label. */
export interface Axis {
  label: string
  /** The label where no title stands above that says what is measured, as in print. */
  alone?: string
  /** What its values are called in the panel's table; the label where it says it. */
  column?: string
  symbol?: string
  scale: 'linear' | 'log'
  min?: number
  max?: number
  /** What its values can be: room beside the first and the last of them ends there. */
  bounds?: Bounds
  /** Whether a logarithmic axis has a place for 0, before a break; without it only where something begins there. */
  zero?: boolean
  /** Whether its values are whole numbers, such as steps: no tick stands between two of them. */
  isCounted?: true
  /** The few values that were chosen for it, in ascending order: its ticks, in place of round numbers between them. */
  chosen?: readonly number[]
  /** Names of whole-number positions, where the axis counts things. */
  ticks?: readonly NamedPlace[]
}

/** A position on an axis by its name. */
export interface NamedPlace {
  at: number
  label: string
  /** What the panel's table has for it, where that is not its label: the choice of a field, of which the label is in words. */
  value?: string
}

/** A line or a set of points, as they are and not as they are drawn. Gaps are NaN. */
export interface Series {
  name: string
  /** What it is called together with the others that look like it, such as the seeds of one quantity; a legend says it once. */
  family?: string
  /** What the group is called that it belongs to, such as center and bounds of some runs; these go together. */
  group?: string
  /** What its points have in common, such as their seed: columns of the panel's table. Else its name tells it apart. */
  of?: Readonly<Record<string, string | number>>
  /** What more is known of each point, such as the decay time of a step: further columns. */
  with?: Columns
  /**
   * `single` runs are thin, the `mean` is strong, `theory` and what else is drawn beside the runs dashed, `context` a
   * muted line, `points` are not joined, `start` are muted points.
   */
  role: 'single' | 'mean' | 'theory' | 'context' | 'start' | 'points'
  /** Position in the palette, 0 … 5; `mean` needs none. */
  color?: number
  /** In print, in place of that of its position: a color as `#rrggbb`. */
  ink?: string
  /** In place of what its role has; the screen knows `dotted` alone. */
  dash?: Dash
  /** By which fields colors and dashes may tell it from others, such as those of its specification. */
  traits?: Readonly<Record<string, string | number>>
  x: Float64Array
  y: Float64Array
  /** Where the intervals end that begin at `x`: each is drawn as a step, as those of a histogram are. */
  until?: Float64Array
  /** How far to the right of their x its points are drawn, so that they stand beside those of another series. */
  beside?: number
}

/** How a line is broken. */
export type Dash = 'solid' | 'dashed' | 'dotted' | 'dashDotted'

/** The band between two of a panel's series, of one color. */
export interface Band {
  /** Of the series that is its lower bound, with which it is hidden. */
  name: string
  color: number
  ink?: string
  x: Float64Array
  low: Float64Array
  high: Float64Array
}

/** A range that measured values are expected in: at one x, over a range of x, or over all of it. */
export interface Expectation {
  label: string
  fromX?: number
  toX?: number
  min?: number
  max?: number
}

/** What was done at an x, whatever the curves are at: a vertical line with a name. */
export interface Moment {
  /** NaN where the axis has no place for it yet. */
  at: number
  label: string
  /** The same in few words, where there is no room for all. */
  short?: string
  /** `intervention` is what was done to the run, `origin` where it came from. */
  tone: 'intervention' | 'origin'
  /** What it was done to, where not to all that is drawn. */
  whose?: string
  /** What `of` tells of the series that it is of, where it is of these alone: it is drawn in their color. */
  series?: Readonly<Record<string, string>>
  /** What more is known of it, such as the step and the run: columns of the panel's table. */
  of?: Readonly<Record<string, string | number>>
}

export interface LinePanel {
  kind: 'lines'
  id: string
  title: string
  caption: string
  x: Axis
  y: Axis
  series: Series[]
  /** Under the lines. */
  bands?: readonly Band[]
  expectations?: Expectation[]
  /** Horizontal lines with a name, such as chance. */
  levels?: { at: number; label: string }[]
  moments?: readonly Moment[]
  /** Both axes share one scale, as in a plane of weights. */
  equalAspect?: boolean
  /** Whether it is a scatter, in which several points may stand at one x: each is read by itself. */
  pointwise?: boolean
  /** Every series is drawn in a small plane of its own, with its name: the tokens of a frequency around their circle. */
  each?: 'circle'
  /** Why there are no points, where there are none. */
  empty?: string
}

/** The columns from one to before another, and what they have in common. */
export interface ColumnBlock {
  from: number
  to: number
  label: string
}

export interface HeatmapPanel {
  kind: 'heatmap'
  id: string
  title: string
  caption: string
  /** With a `column`: the matrix's columns stand at their values of it along the axis, instead of side by side. */
  x: Axis
  y: Axis
  matrix: MatrixData
  /** What each row and each column of the matrix stands for, such as its token: columns of the panel's table. */
  rowLabels: Columns
  columnLabels: Columns
  /** Stretches of neighboring columns that have something in common, such as their frequency. */
  columnBlocks?: readonly ColumnBlock[]
  /** What the entries are called in the table, and what more is known of each cell, in the order of the matrix. */
  value: string
  with?: Columns
  /** `reversed` is the diverging scale turned round: what lies below zero is red. */
  colors: 'diverging' | 'reversed' | 'sequential'
  range: [number, number]
  valueLabel: string
}

/**
 * What a map says of a cell: `value` is a number; `censored` is one beyond what its runs were given time for, known to be larger
 * than a bound only; `undecided` has runs that ended in several kinds, none of them in more than half; `failed` has runs that ended all in a failure, and `missing` none that has ended or nothing to be read.
 */
export type CellState = 'value' | 'censored' | 'undecided' | 'missing' | 'failed'

/** Where along each row (or column) of a map something changes, and the ends of the band around it; NaN where it is not known. */
export interface MapBoundary {
  label: string
  /** The axis along which it is found; on the other one stand the rows `at` which it was. */
  along: 'x' | 'y'
  at: Float64Array
  middle: Float64Array
  from: Float64Array
  to: Float64Array
}

/** A plane of cells, each at its place on two axes; they may be as far from one another as they like. */
export interface MapPanel {
  kind: 'map'
  id: string
  title: string
  caption: string
  x: Axis
  y: Axis
  /** A column each, in one order; the value is NaN where the state has none. */
  cells: {
    x: Float64Array
    y: Float64Array
    state: readonly CellState[]
    value: Float64Array
    /** While it is computed: the cell in whose color one that is missing is drawn on screen, paler; −1 for none. */
    standIns?: Int32Array
    /** Those that show some of their runs and wait for others; on screen they have a mark. */
    isPartial?: readonly boolean[]
  }
  /** What the values are called in the table, and what more is known of each cell. */
  value: string
  with?: Columns
  valueLabel: string
  colors: 'diverging' | 'sequential'
  colorScale: 'linear' | 'log'
  range: [number, number]
  /** What values stand for that are no amounts but kinds, by their number; they have colors of their own. */
  kinds?: readonly string[]
  /** What censored cells are called beside the colors, such as "> 20 000". */
  beyond?: string
  /** Values at which lines are drawn through the cells that have one. */
  contours?: readonly number[]
  boundary?: MapBoundary
  /** Why there are no cells, where there are none. */
  empty?: string
}

/** One of several upright axes beside one another, and where each line meets it. */
export interface ParallelAxis {
  axis: Axis
  /** What it is called where there is no room for all. */
  short: string
  /** One a line, NaN where it has none. */
  values: Float64Array
  /** Whether a value is a bound only, beyond which the line's own lies; of what happens at a time. */
  isBeyond?: readonly boolean[]
  /** Whether values were chosen rather than measured: a few of them are its ticks. */
  isChosen?: boolean
  /** The part that is looked at, in units of the axis: lines that meet it elsewhere, or not, stand back. */
  range?: readonly [number, number]
}

/** Lines across upright axes, such as runs across the fields in which they differ. */
export interface ParallelPanel {
  kind: 'parallel'
  id: string
  title: string
  caption: string
  /** From left to right. */
  axes: readonly ParallelAxis[]
  /** What lines have in common, each in a color of its own; `name` is how the table has it. */
  groups: readonly { name: string; label: string; color: number; ink?: string }[]
  /** Of each line, its place among the groups. */
  groupOf: Int32Array
  /** What tells lines apart: columns of the panel's table. */
  with: Columns
}

/** What became of what a row states. */
export type RowMark = 'holds' | 'fails' | 'open'

/** Rows of words under the names of their columns, such as what was claimed, measured and expected. */
export interface TablePanel {
  kind: 'table'
  id: string
  title: string
  caption: string
  /** What the first column states; its words take the room that the others leave, and are broken where they need more. */
  columns: readonly {
    /** What it is called in the panel's data. */
    name: string
    label: string
    cells: readonly string[]
  }[]
  /** One a row, in front of it. */
  marks: readonly RowMark[]
  /** What more is known of each row: further columns of the panel's data. */
  with?: Columns
}

/**
 * A picture as data: what is drawn on screen, exported as a figure, and written as CSV and `.npz`. It holds values as they
 * were measured; where they are drawn is derived from it (`charts/`), and so is its table (`panelData`).
 */
export type Panel = PlotPanel | ParallelPanel | TablePanel

/** What has a horizontal and a vertical axis. */
export type PlotPanel = LinePanel | HeatmapPanel | MapPanel

/** Whether a series is drawn as dots that nothing joins. */
export function isDotted({ role }: Pick<Series, 'role'>): boolean {
  return role === 'points' || role === 'start'
}
