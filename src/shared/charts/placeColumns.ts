import { placeAtOrBelow } from '../neighbors.ts'
import type { HeatmapPanel } from '../panel.ts'
import { createScale, type Scale } from './scale.ts'
import { makeTicks, type Tick } from './ticks.ts'

/** The columns of a matrix drawn along an axis on which each has a place of its own. */
export interface PlacedColumns {
  scale: Scale
  /** Which column is seen at each pixel: the last at or before it. */
  columns: Int32Array
  ticks: Tick[]
}

/** Places the columns of a heatmap on its x axis, so many pixels wide; null where they stand side by side. */
export function placeColumns({ x, columnLabels }: HeatmapPanel, width: number): PlacedColumns | null {
  const values = x.column === undefined ? undefined : columnLabels[x.column]
  if (!values) return null
  const at = Float64Array.from(values as ArrayLike<number>)
  const log = x.scale === 'log'
  const first = log ? (at.find((value) => value > 0) ?? 1) : (at[0] ?? 0)
  const last = Math.max(at.at(-1) ?? 1, log ? first * 10 : first + 1)
  const scale = createScale(x.scale, [first, last], [0, width], log && at[0] === 0)
  // The last column stands at the border of the last pixel, and would be seen nowhere.
  const pixels = at.map((value) => Math.min(scale.at(value), width - 1))
  const columns = Int32Array.from({ length: width }, (_, pixel) => Math.max(0, placeAtOrBelow(pixels, pixel)))
  const ticks = makeTicks(scale, 50, x.isCounted).major.map(({ at: value, label }) => ({
    at: scale.at(value) - 0.5,
    label,
  }))
  return { scale, columns, ticks }
}
