import { deviation, mean as meanOf, median as medianOf, quantileSorted } from 'd3-array'

/** Arithmetic mean; NaN of nothing. Of values without gaps, as all here: a NaN would be left out. */
export function mean(values: readonly number[]): number {
  return meanOf(values) ?? NaN
}

/** The middle value; of an even number, the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  return medianOf(values) ?? NaN
}

/** Sample standard deviation (divisor N − 1); NaN for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  return deviation(values) ?? NaN
}

/** Standard error of the mean, s/√N. */
export function standardError(values: readonly number[]): number {
  return standardDeviation(values) / Math.sqrt(values.length)
}

/** Half the width of the confidence interval of the mean, t_(N−1)·s/√N. */
export function confidenceHalfWidth(values: readonly number[], confidence = 0.95): number {
  return studentQuantile((1 + confidence) / 2, values.length - 1) * standardError(values)
}

/** Quantiles with linear interpolation between order statistics (Hyndman & Fan 1996, definition 7); NaN of nothing. */
export function quantiles(values: readonly number[], shares: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b)
  return shares.map((share) => quantileSorted(sorted, share) ?? NaN)
}

/** The t below which a share of Student's distribution lies, for share > 1/2 and a whole number of degrees of freedom. */
export function studentQuantile(share: number, degrees: number): number {
  if (!(degrees >= 1)) return NaN
  // With θ = atan(t/√ν) the probability within ±t is a finite sum; it grows with θ, so halving finds it.
  let [low, high] = [0, Math.PI / 2]
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2
    if (probabilityWithin(middle, degrees) < 2 * share - 1) low = middle
    else high = middle
  }
  return Math.sqrt(degrees) * Math.tan((low + high) / 2)
}

/** Abramowitz & Stegun 26.7.3 and 26.7.4. */
function probabilityWithin(theta: number, degrees: number): number {
  const [sine, cosine] = [Math.sin(theta), Math.cos(theta)]
  const odd = degrees % 2 === 1
  let term = odd ? cosine : 1
  let sum = degrees === 1 ? 0 : term
  for (let k = odd ? 2 : 1; k <= degrees - 3; k += 2) {
    term *= (k / (k + 1)) * cosine ** 2
    sum += term
  }
  return odd ? (2 / Math.PI) * (theta + sine * sum) : sine * sum
}
