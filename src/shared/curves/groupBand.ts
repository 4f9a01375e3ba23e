import type { Curve } from '../run.ts'
import { commonSteps } from './groupCurves.ts'
import { everywhere, type Domain } from './domainOf.ts'
import { confidenceHalfWidth, mean, quantiles, standardDeviation, standardError } from './statistics.ts'

export const spreads = ['deviation', 'error', 'confidence', 'geometric', 'quartiles'] as const
/**
 * What the band around a group's curve shows: quartiles lie around the median, the geometric deviation (a factor, for
 * quantities above 0) around the geometric mean, the others around the mean.
 */
export type Spread = (typeof spreads)[number]

/** A group's center and the bounds of its band, over the steps that all its curves have. */
export interface GroupBand {
  step: Float64Array
  tau: Float64Array
  seconds: Float64Array
  center: Float64Array
  low: Float64Array
  high: Float64Array
  /** How many curves. */
  count: number
  /** Whether the band would reach beyond where the quantity can lie, and ends there. */
  cut: boolean
}

/** NaN of one curve is a gap of the group; a single curve has no band. */
export function groupBand(curves: readonly Curve[], spread: Spread, domain: Domain = everywhere): GroupBand {
  const step = commonSteps(curves)
  const places = curves.map((curve) => placesOf(curve.step, step))
  const center = new Float64Array(step.length)
  const low = new Float64Array(step.length)
  const high = new Float64Array(step.length)
  let cut = false
  const average = (of: 'tau' | 'seconds') =>
    step.map((_, k) => mean(curves.map((curve, c) => curve[of][places[c]![k]!]!)))
  step.forEach((_, k) => {
    const values = curves.map((curve, c) => curve.value[places[c]![k]!]!)
    const [middle, from, to] = bounds(values, spread)
    center[k] = middle
    low[k] = Math.max(domain.min, from)
    high[k] = Math.min(domain.max, to)
    cut ||= from < domain.min || to > domain.max
  })
  return { step, tau: average('tau'), seconds: average('seconds'), center, low, high, count: curves.length, cut }
}

/** Center, lower and upper bound of some values. */
export function bounds(values: readonly number[], spread: Spread): [number, number, number] {
  if (values.some(Number.isNaN)) return [NaN, NaN, NaN]
  if (spread === 'quartiles') return quantiles(values, [0.5, 0.25, 0.75]) as [number, number, number]
  if (spread === 'geometric') return geometricBounds(values)
  const center = mean(values)
  const half = halfWidths[spread](values)
  return [center, center - half, center + half]
}

const halfWidths = { deviation: standardDeviation, error: standardError, confidence: confidenceHalfWidth } as const

/** exp of mean and deviation of the logarithms; none where a value is 0 or less. */
function geometricBounds(values: readonly number[]): [number, number, number] {
  if (values.some((value) => value <= 0)) return [NaN, NaN, NaN]
  const logarithms = values.map(Math.log)
  const [center, half] = [mean(logarithms), standardDeviation(logarithms)]
  return [Math.exp(center), Math.exp(center - half), Math.exp(center + half)]
}

function placesOf(steps: Float64Array, needed: Float64Array): Int32Array {
  let place = 0
  return Int32Array.from(needed, (step) => {
    while (steps[place]! < step) place++
    return place
  })
}
