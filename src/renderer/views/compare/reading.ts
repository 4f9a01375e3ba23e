import type { Curve } from '../../../shared/run.ts'
import { placeAtOrBelow } from '../../../shared/neighbors.ts'

/** Something read at the cursor: a name, and for each run a line over decay time. */
export interface Reading {
  label: string
  /** Set in italics before the label. */
  symbol?: string
  lineOf: (runId: string) => { tau: Float64Array; value: Float64Array } | undefined
}

export function curveReading(label: string, curveOf: (runId: string) => Curve | undefined): Reading {
  return { label, lineOf: curveOf }
}

/** A line's value at a decay time, linear between its rows; null before its first and after its last. */
export function readAt({ tau, value }: { tau: Float64Array; value: Float64Array }, at: number): number | null {
  const place = placeAtOrBelow(tau, at)
  if (place < 0) return null
  if (tau[place] === at || place === tau.length - 1) return atEnd(tau, value, place, at)
  const share = (at - tau[place]!) / (tau[place + 1]! - tau[place]!)
  return value[place]! + share * (value[place + 1]! - value[place]!)
}

/** Rounding of τ may carry the cursor a hair beyond the last row. */
function atEnd(tau: Float64Array, value: Float64Array, place: number, at: number): number | null {
  return at <= tau[place]! * (1 + 1e-9) ? value[place]! : null
}
