import type { Precision } from './specification/limits.ts'

/**
 * The share of the size of what a vector was computed from below which it is rounding: it counts as zero, and has no
 * direction, no frequency and no phase. Some thousand units in the last place of a float64, some tens of a float32's.
 */
export const negligibleShares: Record<Precision, number> = { float64: 1e-12, float32: 1e-6 }

/** That of an array's precision. */
export function negligibleShare(data: Float64Array | Float32Array): number {
  return negligibleShares[data instanceof Float32Array ? 'float32' : 'float64']
}
