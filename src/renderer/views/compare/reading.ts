import type { Curve } from '../../../shared/run.ts'
import { placeAtOrBelow } from '../../../shared/neighbors.ts'
import { valuesOnAxis, type HorizontalAxis } from '../../../shared/curves/horizontalAxis.ts'

/** A line over the axis that the cursor is on. */
export interface ReadLine {
  x: Float64Array
  value: Float64Array
}

/** Something read at the cursor: a name, and the line of each run. */
export interface Reading {
  label: string
  /** Set in italics before the label. */
  symbol?: string
  lineOf: (runId: string) => ReadLine | undefined
}

export function curveReading(
  label: string,
  axis: HorizontalAxis,
  curveOf: (runId: string) => Curve | undefined,
): Reading {
  return {
    label,
    lineOf: (runId) => {
      const curve = curveOf(runId)
      return curve && { x: valuesOnAxis(curve, axis), value: curve.value }
    },
  }
}

/** A line's value at a place, linear between its rows; null before its first and after its last. */
export function readAt({ x, value }: ReadLine, at: number): number | null {
  const place = placeAtOrBelow(x, at)
  if (place < 0) return null
  if (x[place] === at || place === x.length - 1) return atEnd(x, value, place, at)
  const share = (at - x[place]!) / (x[place + 1]! - x[place]!)
  return value[place]! + share * (value[place + 1]! - value[place]!)
}

/** Rounding of τ may carry the cursor a hair beyond the last row. */
function atEnd(x: Float64Array, value: Float64Array, place: number, at: number): number | null {
  return at <= x[place]! * (1 + 1e-9) ? value[place]! : null
}
