/**
 * The mean of up to `2·reach + 1` neighboring values, as many on one side as on the other, so that straight lines stay
 * as they are, their ends included. Gaps are left out of the means and stay gaps.
 */
export function smooth(values: Float64Array, reach: number): Float64Array {
  const smoothed = new Float64Array(values.length)
  // Sums up to each place make every mean a difference of two of them.
  const sums = new Float64Array(values.length + 1)
  const counts = new Float64Array(values.length + 1)
  for (let place = 0; place < values.length; place++) {
    const value = values[place]!
    const isThere = Number.isFinite(value)
    sums[place + 1] = sums[place]! + (isThere ? value : 0)
    counts[place + 1] = counts[place]! + Number(isThere)
  }
  for (let place = 0; place < values.length; place++) {
    const arm = Math.min(reach, place, values.length - 1 - place)
    const count = counts[place + arm + 1]! - counts[place - arm]!
    const isThere = Number.isFinite(values[place]!)
    smoothed[place] = isThere ? (sums[place + arm + 1]! - sums[place - arm]!) / count : values[place]!
  }
  return smoothed
}
