export interface Trace {
  tau: ArrayLike<number>
  value: ArrayLike<number>
}

/** How many times sooner a model reaches each value than the reference: τ of the reference over τ of the model. */
export interface SpeedRatio {
  value: Float64Array
  ratio: Float64Array
}

const points = 120
/** Ratios of times below this share of the reference's whole are left out: they say more of the start than of the speed. */
const minShare = 0.02

/**
 * Compares two falling curves at equal values, evenly spaced between the highest and the lowest that both pass. Where a
 * curve passes a value more than once, its first time counts.
 */
export function speedRatioAtEqualValues(reference: Trace, model: Trace): SpeedRatio {
  const high = Math.min(first(reference.value), first(model.value))
  const low = Math.max(min(reference.value), min(model.value))
  if (!(high > low)) return { value: new Float64Array(0), ratio: new Float64Array(0) }
  const earliest = minShare * (reference.tau[reference.tau.length - 1] ?? 0)
  const found: [number, number][] = []
  for (let k = 1; k <= points; k++) {
    const value = high - ((high - low) * k) / points
    const [ours, theirs] = [firstTimeAt(reference, value), firstTimeAt(model, value)]
    if (theirs > earliest && ours > earliest) found.push([value, ours / theirs])
  }
  return { value: Float64Array.from(found, ([value]) => value), ratio: Float64Array.from(found, ([, ratio]) => ratio) }
}

/** The first τ at which a curve has fallen to a value, by straight lines; NaN where it never does. */
export function firstTimeAt({ tau, value }: Trace, target: number): number {
  for (let place = 0; place < value.length; place++) {
    if (!(value[place]! <= target)) continue
    if (place === 0) return tau[0]!
    const [before, after] = [value[place - 1]!, value[place]!]
    const share = Number.isFinite(before) && before > after ? (before - target) / (before - after) : 1
    return tau[place - 1]! + share * (tau[place]! - tau[place - 1]!)
  }
  return NaN
}

function first(values: ArrayLike<number>): number {
  return values[0] ?? NaN
}

function min(values: ArrayLike<number>): number {
  return Array.from(values).reduce((low, value) => (value < low ? value : low), Infinity)
}
