import type { Columns, HeatmapPanel } from '../panel.ts'
import type { MatrixData } from '../matrix.ts'
import { formatCount } from '../formatting/formatNumber.ts'
import type { Margins } from './plotArea.ts'
import { niceStep, type Tick } from './ticks.ts'

export type HeatmapMargins = Margins

export interface HeatmapLayout {
  left: number
  top: number
  width: number
  height: number
  cellWidth: number
  cellHeight: number
}

const wellFilled = 0.8

/** Cells of whole pixels, unless that would leave a good part of the room empty, or less than one falls to each. */
export function layOutHeatmap(
  matrix: Pick<MatrixData, 'rows' | 'columns'>,
  size: { width: number; height: number },
  margins: HeatmapMargins,
  square: boolean,
): HeatmapLayout {
  const fit = (room: number, count: number) => {
    const exact = Math.max(room, 1) / count
    return Math.floor(exact) / exact >= wellFilled ? Math.floor(exact) : exact
  }
  let cellWidth = fit(size.width - margins.left - margins.right, matrix.columns)
  let cellHeight = fit(size.height - margins.top - margins.bottom, matrix.rows)
  if (square) cellWidth = cellHeight = Math.min(cellWidth, cellHeight)
  return {
    left: margins.left,
    top: margins.top,
    width: cellWidth * matrix.columns,
    height: cellHeight * matrix.rows,
    cellWidth,
    cellHeight,
  }
}

/** Names of rows and columns by their place, as many as stand clear of each other. */
export function heatmapTicks(
  {
    x,
    y,
    matrix,
    rowLabels,
    columnLabels,
  }: Pick<HeatmapPanel, 'x' | 'y' | 'rowLabels' | 'columnLabels'> & { matrix: Pick<MatrixData, 'rows' | 'columns'> },
  layout: HeatmapLayout,
): { rows: Tick[]; columns: Tick[] } {
  return {
    rows: thin(y.ticks ?? labelTicks(rowLabels, matrix.rows, layout.height / 24), layout.cellHeight, () => 14),
    columns: thin(
      x.ticks ?? labelTicks(columnLabels, matrix.columns, layout.width / 48),
      layout.cellWidth,
      ({ label }) => 12 + 6.3 * label.length,
    ),
  }
}

/** Every so many places, what stands there. */
export function labelTicks(labels: Columns, count: number, max: number): Tick[] {
  const names = Object.values(labels)
  const step = Math.max(1, niceStep(count, Math.max(1, max)))
  const ticks: Tick[] = []
  for (let at = 0; at < count; at += step) {
    const parts = names.map((column) => column[at]!)
    ticks.push({ at, label: parts.map((part) => (typeof part === 'number' ? formatCount(part) : part)).join(', ') })
  }
  return ticks
}

function thin(ticks: readonly Tick[], pixels: number, room: (tick: Tick) => number): Tick[] {
  const kept: Tick[] = []
  for (const tick of ticks) {
    const last = kept.at(-1)
    if (!last || (tick.at - last.at) * pixels >= (room(last) + room(tick)) / 2) kept.push(tick)
  }
  return kept
}
