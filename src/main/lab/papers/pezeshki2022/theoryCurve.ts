import { flowLimit, type MultiScaleLimit, type OrderParameters } from '../../studies/multiScaleTheory.ts'

/** R, Q and L_G in the limit of many dimensions along flow times. */
export interface TheoryCurve {
  tau: Float64Array
  points: readonly OrderParameters[]
}

/** While the runs of a figure go on it is drawn again and again, from the same theory; of sliders the latest are kept. */
const remembered = new Map<string, TheoryCurve>()
const maxRemembered = 500

/** The theory at `count` flow times from `from` to `to`, evenly spaced in log τ. */
export function theoryCurve(limit: MultiScaleLimit, [from, to]: readonly [number, number], count: number): TheoryCurve {
  const key = JSON.stringify([limit, from, to, count])
  const found = remembered.get(key)
  if (found) return found
  const tau = logSpaced(from, to, count)
  const curve = { tau, points: Array.from(tau, (each) => flowLimit(limit, each)) }
  remembered.set(key, curve)
  if (remembered.size > maxRemembered) remembered.delete(remembered.keys().next().value!)
  return curve
}

export const errorsOf = ({ points }: TheoryCurve) => Float64Array.from(points, ({ error }) => error)

/** Values from one to another, both included, evenly spaced in their logarithm. */
export function logSpaced(from: number, to: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, place) => from * (to / from) ** (place / (count - 1)))
}

export interface Extreme {
  kind: 'minimum' | 'maximum'
  /** Where among the values. */
  place: number
}

/**
 * Local extremes of a curve that begins to fall, in their order, each more than a tolerance away from the next: wiggles of rounding
 * are none. Empty where it falls throughout.
 */
export function extremesOf(values: ArrayLike<number>, tolerance: number): Extreme[] {
  const found: Extreme[] = []
  let best = 0
  let falls = true
  for (let place = 1; place < values.length; place++) {
    const beyond = (values[place]! - values[best]!) * (falls ? 1 : -1)
    if (beyond < 0) best = place
    else if (beyond > tolerance) {
      found.push({ kind: falls ? 'minimum' : 'maximum', place: best })
      falls = !falls
      best = place
    }
  }
  return found
}

/** The largest rise of a curve above the least value before: 0 where it never rises. */
export function largestRise(values: ArrayLike<number>): number {
  let min = Infinity
  let rise = 0
  for (let place = 0; place < values.length; place++) {
    min = Math.min(min, values[place]!)
    rise = Math.max(rise, values[place]! - min)
  }
  return rise
}

/** Where a curve falls to half its greatest value, after that; between two places by the logarithm of τ. NaN where it does not. */
export function halfDescent({ tau, points }: TheoryCurve): number {
  const errors = points.map(({ error }) => error)
  const peak = errors.indexOf(Math.max(...errors))
  const half = errors[peak]! / 2
  const after = errors.findIndex((error, place) => place > peak && error <= half)
  if (after < 0) return NaN
  const share = (errors[after - 1]! - half) / (errors[after - 1]! - errors[after]!)
  return tau[after - 1]! * (tau[after]! / tau[after - 1]!) ** share
}
