import { isText } from '../panelData.ts'
import type { Column, Columns, HeatmapPanel, Panel } from '../panel.ts'

/** Which row and which column of a matrix stands first, second, and so on; null keeps them as they are. */
export interface CellOrder {
  rows: ArrayLike<number> | null
  columns: ArrayLike<number> | null
}

/** A panel with its cells, and what they stand for, in the order they are shown in; lines and maps as they are. */
export function reorderCells<Some extends Panel>(panel: Some, order: CellOrder | null): Some {
  if (panel.kind !== 'heatmap' || !order || (!order.rows && !order.columns)) return panel
  const cells = cellOrder(panel.matrix, order)
  return {
    ...panel,
    matrix: { ...panel.matrix, data: Float64Array.from(cells, (cell) => panel.matrix.data[cell]!) },
    rowLabels: reorderLabels(panel.rowLabels, order.rows),
    columnLabels: reorderLabels(panel.columnLabels, order.columns),
    ...(panel.with ? { with: reorderLabels(panel.with, cells) } : {}),
  }
}

/** Labels with those first that are shown first. */
export function reorderLabels(labels: Columns, order: ArrayLike<number> | null): Columns {
  if (!order) return labels
  return Object.fromEntries(Object.entries(labels).map(([name, column]) => [name, picked(column, order)]))
}

function picked(column: Column, order: ArrayLike<number>): Column {
  return isText(column)
    ? Array.from(order, (place) => column[place]!)
    : Float64Array.from(order, (place) => column[place]!)
}

function cellOrder({ rows, columns }: HeatmapPanel['matrix'], order: CellOrder): Int32Array {
  const cells = new Int32Array(rows * columns)
  for (let row = 0, at = 0; row < rows; row++) {
    const from = (order.rows?.[row] ?? row) * columns
    for (let column = 0; column < columns; column++) cells[at++] = from + (order.columns?.[column] ?? column)
  }
  return cells
}
