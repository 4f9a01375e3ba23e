import type { Range } from './figure.ts'

/**
 * Where the median of n further draws must lie, given M recorded ones: between the r-th smallest and the r-th largest
 * of them, with the largest r for which draws of one and the same distribution, whatever it is, have their median
 * outside with a probability of at most 1 − confidence. Exact, by ranks: the median of n (odd) lies below the r-th
 * smallest of M where at least h = (n+1)/2 of the first r+h−1 of all M+n are among the n, so with the probability
 * Σ_(k≥h) C(n,k)·C(M,r+h−1−k)/C(M+n,r+h−1), and as often above the r-th largest. For n = 5, M = 20, 99 %: r = 1, 0.87 %.
 */
export function medianRange(recorded: readonly number[], draws: number, confidence = 0.99): Required<Range> {
  const sorted = recorded.toSorted((a, b) => a - b)
  let rank = 0
  while (2 * probabilityBelow(rank + 1, sorted.length, draws) <= 1 - confidence) rank++
  if (rank === 0)
    throw new RangeError(`${sorted.length} recorded values cannot bound a median at a confidence of ${confidence}`)
  return { min: sorted[rank - 1]!, max: sorted.at(-rank)! }
}

/** That the median of `draws` lies below the value of a rank among `recorded` others. */
function probabilityBelow(rank: number, recorded: number, draws: number): number {
  const max = (draws + 1) / 2
  const first = rank + max - 1
  let sum = 0
  for (let k = max; k <= Math.min(draws, first); k++) sum += choose(draws, k) * choose(recorded, first - k)
  return sum / choose(recorded + draws, first)
}

function choose(n: number, k: number): number {
  let product = 1
  for (let i = 1; i <= k; i++) product *= (n - k + i) / i
  return product
}
