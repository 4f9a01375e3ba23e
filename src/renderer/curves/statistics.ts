/** Arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Sample standard deviation (divisor N − 1); NaN for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return NaN
  const center = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1))
}

/** Standard error of the mean, s/√N. */
export function standardError(values: readonly number[]): number {
  return standardDeviation(values) / Math.sqrt(values.length)
}

/** Half the width of the confidence interval of the mean, t_(N−1)·s/√N. */
export function confidenceHalfWidth(values: readonly number[], confidence = 0.95): number {
  return studentQuantile((1 + confidence) / 2, values.length - 1) * standardError(values)
}

/** The quantile with linear interpolation between order statistics (Hyndman & Fan 1996, definition 7). */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return NaN
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!)
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
