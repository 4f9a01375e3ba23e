import type { MatrixData } from './run.ts'

/** An axis in words; `symbol` is set in italics after the label. */
export interface Axis {
  label: string
  symbol?: string
  scale: 'linear' | 'log'
  least?: number
  most?: number
  /** Names of whole-number positions, where the axis counts things. */
  ticks?: readonly { at: number; label: string }[]
}

/** A line or a set of points. Gaps are NaN. */
export interface Series {
  name: string
  /** `single` runs are thin, the `mean` is strong, `theory` dashed, `context` a muted line, `points` are not joined, `start` are muted points. */
  role: 'single' | 'mean' | 'theory' | 'context' | 'start' | 'points'
  /** Position in the palette, 0 … 5; `mean` needs none. */
  colour?: number
  x: Float64Array
  y: Float64Array
}

/** A range that measured values are expected in: at one x, over a range of x, or over all of it. */
export interface Expectation {
  label: string
  fromX?: number
  toX?: number
  least?: number
  most?: number
}

export interface LinePanel {
  kind: 'lines'
  id: string
  title: string
  caption: string
  x: Axis
  y: Axis
  series: Series[]
  expectations?: Expectation[]
  /** Horizontal lines with a name, such as chance. */
  levels?: { at: number; label: string }[]
  /** Both axes share one scale, as in a plane of weights. */
  equalAspect?: boolean
}

export interface HeatmapPanel {
  kind: 'heatmap'
  id: string
  title: string
  caption: string
  x: Axis
  y: Axis
  matrix: MatrixData
  colours: 'diverging' | 'sequential'
  range: [number, number]
  valueLabel: string
}

/** A picture as data: what is drawn on screen, exported as a figure, and written as CSV and `.npz`. */
export type Panel = LinePanel | HeatmapPanel
