import type { MatrixData } from '../../../shared/matrix.ts'

/** Some rows of a matrix, in that order and in its precision. */
export function rowsAt({ columns, data }: MatrixData, places: readonly number[]): MatrixData {
  const entries = places.length * columns
  const picked = data instanceof Float32Array ? new Float32Array(entries) : new Float64Array(entries)
  places.forEach((row, at) => picked.set(data.subarray(row * columns, (row + 1) * columns), at * columns))
  return { rows: places.length, columns, data: picked }
}
