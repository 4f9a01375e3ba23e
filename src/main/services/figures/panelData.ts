import type { Panel } from '../../../shared/panel.ts'
import type { NumpyArray } from '../interchange/npy.ts'

/** The numbers a panel draws as CSV: one line a point (series, x, y), or one line a row of cells. */
export function panelCsv(panel: Panel): string {
  const lines =
    panel.kind === 'lines'
      ? [
          ['series', panel.x.label, panel.y.label],
          ...panel.series.flatMap(({ name, x, y }) => Array.from(x, (value, i) => [name, String(value), String(y[i])])),
        ]
      : Array.from({ length: panel.matrix.rows }, (_, i) =>
          [...panel.matrix.data.subarray(i * panel.matrix.columns, (i + 1) * panel.matrix.columns)].map(String),
        )
  return `${lines.map((cells) => cells.map(quoteCsv).join(',')).join('\n')}\n`
}

/** The same as arrays: `<series>_x` and `<series>_y`, or `matrix`. */
export function panelArrays(panel: Panel): Record<string, NumpyArray> {
  if (panel.kind === 'heatmap') {
    const { rows, columns, data } = panel.matrix
    return { matrix: { shape: [rows, columns], data: Float64Array.from(data) } }
  }
  return Object.fromEntries(
    panel.series.flatMap(({ name, x, y }) => {
      const stem = name.replaceAll(/[^A-Za-z0-9]+/g, '_')
      return [
        [`${stem}_x`, { shape: [x.length], data: x }],
        [`${stem}_y`, { shape: [y.length], data: y }],
      ]
    }),
  )
}

export function quoteCsv(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
