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

/** The τ at which the error, after its maximum, has fallen to half of it; between two times linear in log τ. NaN where it does not fall so far. */
export function halfDescent({ tau, points }: TheoryCurve): number {
  const errors = points.map(({ error }) => error)
  const peak = errors.indexOf(Math.max(...errors))
  const half = errors[peak]! / 2
  const after = errors.findIndex((error, place) => place > peak && error <= half)
  if (after < 0) return NaN
  const share = (errors[after - 1]! - half) / (errors[after - 1]! - errors[after]!)
  return tau[after - 1]! * (tau[after]! / tau[after - 1]!) ** share
}
