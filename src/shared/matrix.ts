/** A dense row-major matrix as it crosses processes and as it is stored. */
export interface MatrixData {
  rows: number
  columns: number
  data: Float64Array | Float32Array
}
