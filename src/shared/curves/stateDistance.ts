import { negligibleShare } from '../negligibleShare.ts'
import { placeAtOrBelow } from '../neighbors.ts'

/** A matrix of a run at some times, in ascending order. */
export interface States {
  tau: readonly number[]
  matrix: readonly (Float64Array | Float32Array)[]
}

/** Before the reference has gone this share of its whole way, a share of its way says little. */
const minWay = 0.03

export interface StateDistance {
  tau: Float64Array
  /** ‖E − E_ref‖ / ‖E_ref − E_0‖ at equal τ, E_0 the reference's first state. */
  share: Float64Array
}

/**
 * How far a run lies from the reference at equal decay time, as a share of the reference's displacement. The times are
 * those of the run's own snapshots; the reference is taken between its two nearest, by straight lines.
 */
export function stateDistance(reference: States, run: States): StateDistance {
  const start = reference.matrix[0]
  const end = reference.matrix.at(-1)
  const min = start && end ? Math.max(minWay * distance(end, start), negligibleLength(start)) : 0
  const found: [number, number][] = []
  for (const [k, tau] of run.tau.entries()) {
    const at = stateAt(reference, tau)
    const own = run.matrix[k]!
    if (!start || !at || at.length !== own.length) continue
    const moved = distance(at, start)
    if (moved > min) found.push([tau, distance(own, at) / moved])
  }
  return { tau: Float64Array.from(found, ([tau]) => tau), share: Float64Array.from(found, ([, share]) => share) }
}

/** The state at a time between the first and the last; undefined outside. */
function stateAt({ tau, matrix }: States, at: number): Float64Array | Float32Array | undefined {
  const below = placeAtOrBelow(tau, at)
  const [before, after] = [matrix[below], matrix[below + 1]]
  if (!before || tau[below] === at) return before
  if (!after) return undefined
  const share = (at - tau[below]!) / (tau[below + 1]! - tau[below]!)
  return Float64Array.from(before, (value, place) => value + share * (after[place]! - value))
}

/** A move no longer than this is rounding: the reference stands still. */
export function negligibleLength(state: Float64Array | Float32Array): number {
  return negligibleShare(state) * distance(state, new Float64Array(state.length))
}

/** ‖a − b‖. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let place = 0; place < a.length; place++) sum += (a[place]! - b[place]!) ** 2
  return Math.sqrt(sum)
}
