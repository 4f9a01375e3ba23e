/**
 * The mean of up to `2·reach + 1` neighboring values, as many on one side as on the other, so that straight lines stay
 * as they are, their ends included. Gaps are left out of the means, each with the value on the other side, and stay gaps. A mean has
 * the precision of its own values, whatever comes before them: the sums are kept in twice the precision.
 */
export function smooth(values: Float64Array, reach: number): Float64Array {
  const smoothed = new Float64Array(values.length)
  // Sums up to each place, with what rounding left of them, make every mean a difference of two of them.
  const sums = new Float64Array(values.length + 1)
  const rests = new Float64Array(values.length + 1)
  const gaps = new Uint32Array(values.length + 1)
  for (let place = 0; place < values.length; place++) {
    const isThere = Number.isFinite(values[place])
    const [before, value] = [sums[place]!, isThere ? values[place]! : 0]
    const sum = before + value
    // Knuth's two-sum: what was lost of either.
    const taken = sum - before
    rests[place + 1] = rests[place]! + (before - (sum - taken) + (value - taken))
    sums[place + 1] = sum
    gaps[place + 1] = gaps[place]! + Number(!isThere)
  }
  for (let place = 0; place < values.length; place++) {
    const arm = Math.min(reach, place, values.length - 1 - place)
    const [from, to] = [place - arm, place + arm + 1]
    if (arm === 0 || !Number.isFinite(values[place])) smoothed[place] = values[place]!
    else if (gaps[to] === gaps[from])
      smoothed[place] = (sums[to]! - sums[from]! + (rests[to]! - rests[from]!)) / (to - from)
    else smoothed[place] = meanOfPairs(values, place, arm)
  }
  return smoothed
}

/** Of the value at a place and of those at equal distances from it that are both there. */
function meanOfPairs(values: Float64Array, place: number, arm: number): number {
  let [sum, count] = [values[place]!, 1]
  for (let distance = 1; distance <= arm; distance++) {
    const both = values[place - distance]! + values[place + distance]!
    if (!Number.isFinite(both)) continue
    sum += both
    count += 2
  }
  return sum / count
}
