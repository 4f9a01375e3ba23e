import type { Scale } from '../../charts/scale.ts'
import { rounded } from './drawNodes.ts'
import { call, type PythonValue } from './python.ts'

/** A scale by its ends; where it has a place for 0, by how many decades that lies below. */
export function writeScale(axis: PythonValue, { kind, domain, range, zeroGapPixels }: Scale): string {
  const decades = Math.log10(domain[1] / domain[0])
  const length = Math.abs(range[1] - range[0]) - zeroGapPixels
  const zero = zeroGapPixels > 0 ? rounded((zeroGapPixels / length) * decades) : undefined
  return call('scale', [axis, kind, [...domain]], { zero })
}
