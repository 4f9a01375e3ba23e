/** An array as NumPy knows it, in C order; truth values (NumPy's bool) are bytes of 0 and 1. */
export interface NumpyArray {
  shape: number[]
  data: Float64Array | Float32Array | Int32Array | Uint8Array
}

/** The same as it is written: what it holds comes in parts, so that it need never be in memory whole. */
export interface NumpyStream {
  shape: readonly number[]
  /** Numbers, or words of at most so many letters, each as its code. */
  type: '<f8' | '<f4' | '<i4' | `<U${number}`
  parts: Iterable<Float64Array | Float32Array | Int32Array> | AsyncIterable<Int32Array>
}
