/** An array of a script's data: a list, or a matrix by its rows. */
export interface ScriptArray {
  shape: readonly number[]
  data: Float64Array | Float32Array
}
