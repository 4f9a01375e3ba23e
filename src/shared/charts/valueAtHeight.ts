import type { Scale } from './scale.ts'

/** The value of an upright axis at a height in pixels; at and beyond an end that of the end to the bit, which no inversion is. */
export function valueAtHeight(scale: Scale, height: number): number {
  const [bottom, top] = scale.range
  if (height <= top) return scale.domain[1]
  if (height < bottom) return scale.invert(height)
  return scale.zeroGapPixels > 0 ? 0 : scale.domain[0]
}
