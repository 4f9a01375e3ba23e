import { describe, expect, it } from 'vitest'
import {
  confidenceHalfWidth,
  mean,
  quantiles,
  standardDeviation,
  standardError,
  studentQuantile,
} from '../../../src/shared/curves/statistics.ts'

const arithmetic = (count: number) => Array.from({ length: count }, (_, k) => k + 1)

describe('mean and deviation', () => {
  it.each([2, 3, 10, 101])('of 1 … %i are those of the closed forms', (count) => {
    expect(mean(arithmetic(count))).toBeCloseTo((count + 1) / 2, 12)
    expect(standardDeviation(arithmetic(count))).toBeCloseTo(Math.sqrt((count * (count + 1)) / 12), 10)
    expect(standardError(arithmetic(count))).toBeCloseTo(Math.sqrt((count + 1) / 12), 10)
  })

  it('shift with the values and scale with them', () => {
    const values = [0.3, 1.7, -2, 5.5]
    expect(standardDeviation(values.map((value) => 100 + 3 * value))).toBeCloseTo(3 * standardDeviation(values), 10)
  })

  it('need two values', () => {
    expect(standardDeviation([4])).toBeNaN()
    expect(confidenceHalfWidth([4])).toBeNaN()
  })
})

describe("Student's quantile", () => {
  it.each([0.6, 0.9, 0.975, 0.995])('at %f agrees with the closed forms of 1, 2 and 4 degrees', (share) => {
    const alpha = 4 * share * (1 - share)
    expect(studentQuantile(share, 1)).toBeCloseTo(Math.tan(Math.PI * (share - 0.5)), 9)
    expect(studentQuantile(share, 2)).toBeCloseTo((2 * share - 1) * Math.sqrt(2 / alpha), 9)
    const q = Math.cos(Math.acos(Math.sqrt(alpha)) / 3) / Math.sqrt(alpha)
    expect(studentQuantile(share, 4)).toBeCloseTo(2 * Math.sqrt(q - 1), 9)
  })

  it('agrees with the tables', () => {
    // Fisher & Yates, 95 % two-sided.
    expect(studentQuantile(0.975, 3)).toBeCloseTo(3.182446, 6)
    expect(studentQuantile(0.975, 9)).toBeCloseTo(2.262157, 6)
    expect(studentQuantile(0.975, 1000)).toBeCloseTo(1.962339, 6)
  })
})

describe('the quantile', () => {
  it('is that of definition 7: the k-th of N values stands at (k − 1)/(N − 1)', () => {
    const values = [9, 1, 4, 16, 25]
    const sorted = [1, 4, 9, 16, 25]
    sorted.forEach((value, k) => expect(quantiles(values, [k / 4])[0]).toBe(value))
    expect(quantiles(values, [0.375])[0]).toBe(6.5)
  })

  it('of an even number halves the middle', () => {
    expect(quantiles([4, 1, 3, 2], [0.5])[0]).toBe(2.5)
    expect(quantiles([1, 2, 3, 4], [0.25])[0]).toBe(1.75)
  })
})
