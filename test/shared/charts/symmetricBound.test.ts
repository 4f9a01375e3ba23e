import { describe, expect, it } from 'vitest'
import { describeShareBeyond, shareBeyond } from '../../../src/shared/charts/shareBeyond.ts'
import { roundBound, symmetricBound } from '../../../src/shared/charts/symmetricBound.ts'

describe('the bound of a scale', () => {
  it.each([1, 2, 99, 100, 101, 1000])('holds for 99 %% of %d values, and for no more than it must', (count) => {
    const values = Float64Array.from({ length: count }, (_, k) => (k % 2 === 0 ? 1 : -1) * (k + 1))
    const bound = symmetricBound(values)
    const within = (limit: number) => values.filter((value) => Math.abs(value) <= limit).length
    expect(within(bound)).toBeGreaterThanOrEqual(0.99 * count)
    expect(within(bound - 1)).toBeLessThan(0.99 * count)
    expect(symmetricBound(values, 1)).toBe(count)
  })

  it('does not count what is not finite, and is none where nothing is', () => {
    expect(symmetricBound([NaN, -3, Infinity])).toBe(3)
    expect(symmetricBound([NaN])).toBe(0)
  })

  it('is rounded upwards to two digits', () => {
    for (const bound of [1, 0.99, 0.0101, 0.3, 123, 1e-300, 7.0000001]) {
      const rounded = roundBound(bound)
      expect(rounded).toBeGreaterThanOrEqual(bound * (1 - 1e-7))
      expect(rounded).toBeLessThanOrEqual(1.1 * bound)
      expect(Number(rounded.toPrecision(2))).toBe(rounded)
    }
    expect([0, NaN, Infinity].map(roundBound)).toEqual([1, 1, 1])
  })
})

describe('what lies beyond a scale', () => {
  it('is the share of the finite values outside', () => {
    expect(shareBeyond([-2, -1, 0, 1, NaN], [-1, 1])).toBe(0.25)
    expect(shareBeyond([], [0, 1])).toBe(0)
  })

  it('is told where it is more than 5 %', () => {
    expect(describeShareBeyond(0.05)).toBeNull()
    expect(describeShareBeyond(0.07)).toBe('7\u2009% of values beyond the scale')
  })
})
