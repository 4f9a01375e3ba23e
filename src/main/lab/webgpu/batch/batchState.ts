import type { MatrixData } from '../../../../shared/matrix.ts'
import { momentNames } from '../optimizerKernels.ts'
import { firstLayerEntries, parametersOf } from '../stepShape.ts'
import { batchLayout, type BatchShape } from './batchShape.ts'

/** How θ and its moments lie in a state: in a workgroup E's rows on a stride, W's filled up to whole fours of columns; in a grid without gaps. */
export function stateLayout(shape: BatchShape) {
  const { hidden, outputs, optimizer, form } = shape
  if (form === 'workgroup') {
    const { state, parameters, stride, firstEntries, columns } = batchLayout(shape)
    return { state, parameters, firstEntries, firstWidth: stride, secondWidth: 4 * columns }
  }
  const parameters = parametersOf(shape)
  return {
    state: (1 + momentNames[optimizer].length) * parameters,
    parameters,
    firstEntries: firstLayerEntries(shape),
    firstWidth: hidden,
    secondWidth: outputs,
  }
}

/** θ = [E, W] and its moments, in the order of `momentNames`, laid out as `stateLayout` says. */
export function stateOf(shape: BatchShape, matrices: readonly MatrixData[]): Float32Array {
  const { state, parameters, firstEntries, firstWidth, secondWidth } = stateLayout(shape)
  const laid = new Float32Array(state)
  matrices.forEach((matrix, i) => {
    const isFirst = i % 2 === 0
    const from = Math.floor(i / 2) * parameters + (isFirst ? 0 : firstEntries)
    const width = isFirst ? firstWidth : secondWidth
    for (let row = 0; row < matrix.rows; row++) {
      laid.set(matrix.data.subarray(row * matrix.columns, (row + 1) * matrix.columns), from + row * width)
    }
  })
  return laid
}

/** The reverse: by the names under which they are saved. */
export function matricesOf(shape: BatchShape, laid: Float32Array): Record<string, MatrixData> {
  const { inputs, hidden, outputs, optimizer } = shape
  const { parameters, firstEntries, firstWidth, secondWidth } = stateLayout(shape)
  const taken = (from: number, width: number, rows: number, columns: number): MatrixData => {
    const data = new Float32Array(rows * columns)
    for (let row = 0; row < rows; row++) {
      data.set(laid.subarray(from + row * width, from + row * width + columns), row * columns)
    }
    return { rows, columns, data }
  }
  return Object.fromEntries(
    ['', ...momentNames[optimizer]].flatMap((name, part) => [
      [`${name}E`, taken(part * parameters, firstWidth, inputs, hidden)],
      [`${name}W`, taken(part * parameters + firstEntries, secondWidth, hidden, outputs)],
    ]),
  ) as Record<string, MatrixData>
}
