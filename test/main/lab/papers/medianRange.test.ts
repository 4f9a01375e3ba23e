import { describe, expect, it } from 'vitest'
import { medianRange } from '../../../../src/main/lab/papers/medianRange.ts'
import { median } from '../../../../src/shared/curves/statistics.ts'

/** Every way to take `count` of the numbers 1 … total. */
function* choices(count: number, total: number, from = 1): Generator<number[]> {
  if (count === 0) return yield []
  for (let first = from; first <= total - count + 1; first++) {
    for (const rest of choices(count - 1, total, first + 1)) yield [first, ...rest]
  }
}

describe('where the median of further draws must lie', () => {
  it.each([
    [20, 5, 0.99],
    [20, 5, 0.9],
    [30, 3, 0.95],
    [12, 1, 0.8],
  ])('is missed as rarely as is said, and no wider than that needs (%i recorded, %i draws, %f)', (M, n, confidence) => {
    // Draws of one distribution are, in their order, any n of M + n places with equal probability.
    let [missed, missedOneFurtherIn, all] = [0, 0, 0]
    for (const drawn of choices(n, M + n)) {
      const places = new Set(drawn)
      const recorded = Array.from({ length: M + n }, (_, i) => i + 1).filter((place) => !places.has(place))
      const { min, max } = medianRange(recorded, n, confidence)
      const middle = median(drawn)
      all++
      if (middle < min || middle > max) missed++
      const [low, high] = [recorded.indexOf(min) + 1, recorded.indexOf(max) - 1]
      if (middle < recorded[low]! || middle > recorded[high]!) missedOneFurtherIn++
    }
    expect(missed / all).toBeLessThanOrEqual(1 - confidence)
    expect(missedOneFurtherIn / all).toBeGreaterThan(1 - confidence)
  })

  it('of five draws beside twenty is the whole of the twenty, at 99 %', () => {
    const recorded = Array.from({ length: 20 }, (_, i) => (7 * i) % 20)
    expect(medianRange(recorded, 5)).toEqual({ min: 0, max: 19 })
  })

  it('is refused where too few are recorded', () => {
    expect(() => medianRange([1, 2, 3], 5)).toThrow('3 recorded values cannot bound a median')
  })

  it('has a median in the middle', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5])
  })
})
