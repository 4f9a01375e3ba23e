import type { Precision } from '../../../shared/specification/limits.ts'

/** The nearest number of a precision; applied to every result, float64 arithmetic becomes that of the precision. */
export function roundingTo(precision: Precision): (value: number) => number {
  return precision === 'float32' ? Math.fround : (value) => value
}
