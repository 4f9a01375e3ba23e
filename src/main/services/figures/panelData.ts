import type { Panel } from '../../../shared/panel.ts'
import { quoteCsv } from '../../../shared/quoteCsv.ts'
import type { NumpyStream } from '../interchange/numpyArray.ts'

/** The numbers a panel draws as CSV: one line a point (series, x, y), or one line a row of cells. */
export function panelCsv(panel: Panel): string {
  const lines: (string | number)[][] =
    panel.kind === 'lines'
      ? [
          ['series', panel.x.label, panel.y.label],
          ...panel.series.flatMap(({ name, x, y }) => Array.from(x, (value, i) => [name, value, y[i]!])),
        ]
      : Array.from({ length: panel.matrix.rows }, (_, i) => [
          ...panel.matrix.data.subarray(i * panel.matrix.columns, (i + 1) * panel.matrix.columns),
        ])
  return `${lines.map((cells) => cells.map(quoteCsv).join(',')).join('\n')}\n`
}

/** The same as arrays: `<series>_x` and `<series>_y` (numbered where names become the same), or `matrix`. */
export function panelArrays(panel: Panel): Record<string, NumpyStream> {
  if (panel.kind === 'heatmap') {
    const { rows, columns, data } = panel.matrix
    return { matrix: { shape: [rows, columns], type: '<f8', parts: [Float64Array.from(data)] } }
  }
  const arrays: Record<string, NumpyStream> = {}
  for (const { name, x, y } of panel.series) {
    const stem = freeStem(arrays, name.replaceAll(/[^A-Za-z0-9]+/g, '_'))
    arrays[`${stem}_x`] = { shape: [x.length], type: '<f8', parts: [x] }
    arrays[`${stem}_y`] = { shape: [y.length], type: '<f8', parts: [y] }
  }
  return arrays
}

function freeStem(arrays: Record<string, NumpyStream>, stem: string): string {
  if (!(`${stem}_x` in arrays)) return stem
  let number = 2
  while (`${stem}_${number}_x` in arrays) number += 1
  return `${stem}_${number}`
}
