import type { Curve } from '../run.ts'
import { everywhere, type Domain } from './domainOf.ts'
import { reachedTau, reachesTau, readAtTau, shareClock } from './equalTau.ts'
import { placesOf } from './groupCurves.ts'
import { isClockAxis, type HorizontalAxis } from './horizontalAxis.ts'
import { reachedSteps, type ReachedSteps } from './reachedSteps.ts'
import { confidenceHalfWidth, mean, quantiles, standardDeviation, standardError } from './statistics.ts'

export const spreads = ['deviation', 'error', 'confidence', 'geometric', 'quartiles'] as const
/**
 * What the band around a group's curve shows: quartiles lie around the median, the geometric deviation (a factor, for
 * quantities above 0) around the geometric mean, the others around the mean.
 */
export type Spread = (typeof spreads)[number]

/**
 * A group's center and the bounds of its band, at each step of the curves that have reached it (`reachedSteps`), or where they
 * are read at equal τ, at each τ (`reachedTau`).
 */
export interface GroupBand extends ReachedSteps {
  tau: Float64Array
  seconds: Float64Array
  center: Float64Array
  low: Float64Array
  high: Float64Array
  /** How many curves there are. */
  count: number
  /** Whether the band would reach beyond where the quantity can lie, and ends there. */
  cut: boolean
  /** Whether the curves are read at equal τ, linear between their rows: on the axis of a clock that they do not share. */
  interpolated: boolean
}

/** What is taken together, row by row. */
interface Rows {
  reached: Int32Array
  /** At a row, a column of those curves that come as far as another row. */
  readAt: (of: keyof Curve, k: number, as?: number) => number[]
}

/**
 * On axes of steps and of seconds curves are taken together at equal steps; so they are on an axis of τ where they share their
 * clock, and at equal τ where they do not. NaN of one curve is a gap of the group; a single curve has no band.
 */
export function groupBand(
  curves: readonly Curve[],
  spread: Spread,
  domain: Domain = everywhere,
  axis: HorizontalAxis = 'step',
): GroupBand {
  const interpolated = isClockAxis(axis) && !shareClock(curves)
  const { reached, readAt } = interpolated ? rowsAtEqualTau(curves) : rowsAtEqualSteps(curves)
  const { length } = reached
  // Where fewer have come it goes on from there as theirs do: their own mean may lie before that of all.
  const goingOn = (of: 'step' | 'tau' | 'seconds') => {
    let ahead = 0
    const line = new Float64Array(length)
    for (let k = 0; k < length; k++) {
      if (k > 0 && reached[k]! < reached[k - 1]!) ahead = line[k - 1]! - mean(readAt(of, k - 1, k))
      line[k] = mean(readAt(of, k)) + ahead
    }
    return line
  }
  /** What all are at. */
  const common = (of: 'step' | 'tau') => Float64Array.from({ length }, (_, k) => readAt(of, k)[0]!)
  const center = new Float64Array(length)
  const low = new Float64Array(length)
  const high = new Float64Array(length)
  let cut = false
  for (let k = 0; k < length; k++) {
    const [middle, from, to] = bounds(readAt('value', k), spread)
    center[k] = middle
    low[k] = Math.max(domain.min, from)
    high[k] = Math.min(domain.max, to)
    cut ||= from < domain.min || to > domain.max
  }
  const clocks = interpolated
    ? { step: goingOn('step'), tau: common('tau') }
    : { step: common('step'), tau: goingOn('tau') }
  const axes = { ...clocks, seconds: goingOn('seconds') }
  return { ...axes, reached, center, low, high, count: curves.length, cut, interpolated }
}

function rowsAtEqualSteps(curves: readonly Curve[]): Rows {
  const { step, reached } = reachedSteps(curves)
  const places = curves.map((curve) => placesOf(curve.step, step))
  return {
    reached,
    readAt(of, k, as = k) {
      const values: number[] = []
      for (const [c, curve] of curves.entries()) {
        if (places[c]![as]! < curve.step.length) values.push(curve[of][places[c]![k]!]!)
      }
      return values
    },
  }
}

function rowsAtEqualTau(curves: readonly Curve[]): Rows {
  const { tau, reached } = reachedTau(curves)
  return {
    reached,
    readAt(of, k, as = k) {
      const come = curves.filter((curve) => reachesTau(curve, tau[as]!))
      return come.map((curve) => (of === 'tau' ? tau[k]! : readAtTau(curve, of, tau[k]!)))
    },
  }
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
