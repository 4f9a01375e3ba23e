import type { HeatmapPanel, Panel } from '../../shared/panel.ts'

/** Which row and which column of a matrix stands first, second, and so on; null keeps them as they are. */
export interface CellOrder {
  rows: ArrayLike<number> | null
  columns: ArrayLike<number> | null
}

/** A panel with its cells in the order they are shown in, under the same axes; lines as they are. */
export function inOrder(panel: Panel, order: CellOrder | null): Panel {
  if (panel.kind === 'lines' || !order || (!order.rows && !order.columns)) return panel
  return { ...panel, matrix: reorder(panel.matrix, order) }
}

function reorder({ rows, columns, data }: HeatmapPanel['matrix'], order: CellOrder): HeatmapPanel['matrix'] {
  const shown = new Float64Array(rows * columns)
  for (let row = 0, at = 0; row < rows; row++) {
    const from = (order.rows?.[row] ?? row) * columns
    for (let column = 0; column < columns; column++) shown[at++] = data[from + (order.columns?.[column] ?? column)]!
  }
  return { rows, columns, data: shown }
}
