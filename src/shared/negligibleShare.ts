/**
 * The share of the size of what a vector was computed from below which it is rounding: it counts as zero, and has no
 * direction, no frequency and no phase. Some thousand units in the last place of a float64, some tens of a float32's.
 */
export function negligibleShare(data: Float64Array | Float32Array): number {
  return data instanceof Float32Array ? 1e-6 : 1e-12
}
