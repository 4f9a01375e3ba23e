import type { Column, Columns, Panel } from '../../../shared/panel.ts'
import { isText, panelData } from '../../../shared/panelData.ts'
import type { NumpyStream } from '../interchange/numpyArray.ts'

/**
 * The data of a panel as arrays: of lines and of a map the columns of its table; of a matrix itself under the name of its values, what
 * more is known of its cells, what its rows and columns stand for, and the range of its colors.
 */
export function panelArrays(panel: Panel): Record<string, NumpyStream> {
  if (panel.kind !== 'heatmap') return listed(panelData(panel))
  const { matrix, rowLabels, columnLabels, value, range, with: more = {} } = panel
  const cells = Object.entries({ [value]: matrix.data, ...more }).map(([name, column]) => {
    return [name, { ...arrayOf(column), shape: [matrix.rows, matrix.columns] }] as const
  })
  const labels = listed({ ...rowLabels, ...columnLabels, range: Float64Array.from(range) })
  return { ...Object.fromEntries(cells), ...labels }
}

function listed(columns: Columns): Record<string, NumpyStream> {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, arrayOf(column)]))
}

function arrayOf(column: Column): NumpyStream {
  const shape = [column.length]
  if (isText(column)) return textArray(column)
  if (column instanceof Int32Array) return { shape, type: '<i4', parts: [column] }
  return { shape, type: '<f8', parts: [Float64Array.from(column)] }
}

/** Words as NumPy has them: of one length, in UTF-32, filled up with zeros. */
function textArray(words: readonly string[]): NumpyStream {
  const points = words.map((word) => Array.from(word, (letter) => letter.codePointAt(0)!))
  const length = Math.max(1, ...points.map((letters) => letters.length))
  const codes = new Int32Array(words.length * length)
  points.forEach((letters, place) => codes.set(letters, place * length))
  return { shape: [words.length], type: `<U${length}`, parts: [codes] }
}
