import type { MatrixData } from '../../../../shared/matrix.ts'
import { momentNames } from '../optimizerKernels.ts'
import { batchLayout, type BatchShape } from './batchShape.ts'

/** θ = [E, W] and its moments, in the order of `momentNames`, as a device has them: E's rows on a stride, W's filled up to whole fours of columns. */
export function stateOf(shape: BatchShape, matrices: readonly MatrixData[]): Float32Array {
  const { state, parameters, stride, firstEntries, columns } = batchLayout(shape)
  const laid = new Float32Array(state)
  matrices.forEach((matrix, i) => {
    const isFirst = i % 2 === 0
    const from = Math.floor(i / 2) * parameters + (isFirst ? 0 : firstEntries)
    const width = isFirst ? stride : 4 * columns
    for (let row = 0; row < matrix.rows; row++) {
      laid.set(matrix.data.subarray(row * matrix.columns, (row + 1) * matrix.columns), from + row * width)
    }
  })
  return laid
}

/** The reverse: by the names under which they are saved. */
export function matricesOf(shape: BatchShape, laid: Float32Array): Record<string, MatrixData> {
  const { inputs, hidden, outputs, optimizer } = shape
  const { parameters, stride, firstEntries, columns } = batchLayout(shape)
  const taken = (from: number, width: number, rows: number, columns: number): MatrixData => {
    const data = new Float32Array(rows * columns)
    for (let row = 0; row < rows; row++) {
      data.set(laid.subarray(from + row * width, from + row * width + columns), row * columns)
    }
    return { rows, columns, data }
  }
  return Object.fromEntries(
    ['', ...momentNames[optimizer]].flatMap((name, part) => [
      [`${name}E`, taken(part * parameters, stride, inputs, hidden)],
      [`${name}W`, taken(part * parameters + firstEntries, 4 * columns, hidden, outputs)],
    ]),
  ) as Record<string, MatrixData>
}
