import { placeAtOrBelow } from '../neighbors.ts'
import type { Curve } from '../run.ts'
import { commonSteps, placesOf } from './groupCurves.ts'

/** Values of τ that are this close, relative to the greater, are equal: sums of the same steps in another order. */
const tolerance = 1e-9

/** Rows at which curves are read together, at most. */
const usualRows = 8192

/** τ at which curves are read, ascending, and how many curves have reached each. */
export interface ReachedTau {
  tau: Float64Array
  /** Never grows along τ. */
  reached: Int32Array
}

/**
 * Whether curves are at equal τ (within 1e-9, relative) at every step that they have in common with the longest of them; with few in common
 * at every step of theirs, between two rows of the longest on the line.
 */
export function shareClock(curves: readonly Pick<Curve, 'step' | 'tau'>[]): boolean {
  const [longest, ...others] = curves.toSorted((a, b) => (b.step.at(-1) ?? -Infinity) - (a.step.at(-1) ?? -Infinity))
  return others.every((other) => {
    const common = commonSteps([longest!.step, other.step])
    // All begin at τ = 0.
    if (common.length < 3) return other.step.every((step, k) => areEqual(tauAtStep(longest!, step), other.tau[k]!))
    const [inLongest, inOther] = [placesOf(longest!.step, common), placesOf(other.step, common)]
    return common.every((_, k) => areEqual(longest!.tau[inLongest[k]!]!, other.tau[inOther[k]!]!))
  })
}

function tauAtStep({ step, tau }: Pick<Curve, 'step' | 'tau'>, at: number): number {
  const place = Math.max(0, placeAtOrBelow(step, at))
  const next = step[place + 1]
  if (next === undefined) return tau[place]!
  return tau[place]! + ((at - step[place]!) / (next - step[place]!)) * (tau[place + 1]! - tau[place]!)
}

/**
 * Where curves of different clocks are read together: the τ of all of their rows, each once, from where the last of them begins
 * on, as long as two have come so far (one, of a single curve). Of more than 8192 every so many are kept, and those at which a
 * curve ends.
 */
export function reachedTau(curves: readonly Pick<Curve, 'tau'>[]): ReachedTau {
  const begun = curves.filter(({ tau }) => tau.length > 0)
  const ends = begun.map(({ tau }) => tau.at(-1)!).sort((a, b) => b - a)
  const start = Math.max(...begun.map(({ tau }) => tau[0]!))
  const end = ends[Math.min(2, curves.length) - 1] ?? -Infinity
  const rows = begun.flatMap(({ tau }) => [...tau.filter((at) => at >= start && at <= end)])
  const all = withoutEqual(Float64Array.from(rows).sort())
  const tau = thinned(all, ends, usualRows)
  return { tau, reached: Int32Array.from(tau, (at) => ends.filter((each) => hasReached(each, at)).length) }
}

/** Whether a curve goes as far as τ. */
export function reachesTau({ tau }: { tau: ArrayLike<number> }, at: number): boolean {
  return hasReached(tau[tau.length - 1] ?? -Infinity, at)
}

/** A column of a curve at τ within its range, linear between its neighboring rows. */
export function readAtTau(curve: Curve, of: Exclude<keyof Curve, 'tau'>, at: number): number {
  const { tau, [of]: column } = curve
  const { place, share } = placeOfTau(tau, at)
  // The neighbor of a row that is meant may be a gap.
  return share === 0 ? column[place]! : column[place]! + share * (column[place + 1]! - column[place]!)
}

/** Where τ is among ascending times within their range: at a place, or a share of the way from there to the next. */
export function placeOfTau(tau: ArrayLike<number>, at: number): { place: number; share: number } {
  const place = placeAtOrBelow(tau, at)
  const [from, to] = [tau[place]!, tau[place + 1]]
  if (to === undefined || areEqual(from, at)) return { place: firstAtTau(tau, place), share: 0 }
  if (areEqual(to, at)) return { place: place + 1, share: 0 }
  return { place, share: (at - from) / (to - from) }
}

/** Of places at one τ, where a clock stands still, the first: that is when it was reached. */
export function firstAtTau(tau: ArrayLike<number>, place: number): number {
  const at = tau[place]!
  return placeAtOrBelow(tau, at - tolerance * Math.abs(at) - Number.MIN_VALUE) + 1
}

function areEqual(a: number, b: number): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b))
}

function hasReached(end: number, at: number): boolean {
  return at <= end || areEqual(at, end)
}

/** Of values that are equal but for rounding, the first. */
function withoutEqual(ascending: Float64Array): Float64Array {
  let last = NaN
  return ascending.filter((at) => {
    if (areEqual(last, at)) return false
    last = at
    return true
  })
}

function thinned(ascending: Float64Array, ends: readonly number[], limit: number): Float64Array {
  if (ascending.length <= limit) return ascending
  const every = Math.ceil(ascending.length / limit)
  const kept = new Set(ends.map((end) => placeAtOrBelow(ascending, end)))
  return ascending.filter((_, place) => place % every === 0 || kept.has(place))
}
