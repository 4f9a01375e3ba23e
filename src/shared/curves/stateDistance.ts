import { negligibleShare } from '../negligibleShare.ts'
import { firstAtTau, placeOfTau, reachesTau } from './equalTau.ts'

/** A matrix of a run at some times, in ascending order; equal ones are those at which its clock stood still. */
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
 * those of the run's own snapshots; the reference is taken between its two nearest, by straight lines. Of several states at
 * one time either has the first: that is when it got there.
 */
export function stateDistance(reference: States, run: States): StateDistance {
  const start = reference.matrix[0]
  const end = reference.matrix.at(-1)
  const min = start && end ? Math.max(minWay * distance(end, start), negligibleLength(start)) : 0
  const found: [number, number][] = []
  for (const [k, tau] of run.tau.entries()) {
    if (firstAtTau(run.tau, k) !== k) continue
    const at = stateAt(reference, tau)
    const own = run.matrix[k]!
    if (!start || !at || at.length !== own.length) continue
    const moved = distance(at, start)
    if (moved > min) found.push([tau, distance(own, at) / moved])
  }
  return { tau: Float64Array.from(found, ([tau]) => tau), share: Float64Array.from(found, ([, share]) => share) }
}

/** The state at a time between the first and the last; undefined outside. */
function stateAt(states: States, at: number): Float64Array | Float32Array | undefined {
  const { tau, matrix } = states
  if (!(at >= tau[0]!) || !reachesTau(states, at)) return undefined
  const { place, share } = placeOfTau(tau, at)
  const [before, after] = [matrix[place]!, matrix[place + 1]]
  if (share === 0) return before
  return Float64Array.from(before, (value, entry) => value + share * (after![entry]! - value))
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
