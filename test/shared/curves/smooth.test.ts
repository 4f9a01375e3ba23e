import { describe, expect, it } from 'vitest'
import { smooth } from '../../../src/shared/curves/smooth.ts'

const noise = Float64Array.from({ length: 200 }, (_, i) => (Math.sin(i * 12.9898) * 43758.5453) % 1)
const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0)

describe('smoothing', () => {
  it.each([0, 1, 5, 1000])('with reach %i leaves straight lines as they are, ends included', (reach) => {
    const line = Float64Array.from({ length: 50 }, (_, i) => 3 - 0.25 * i)
    smooth(line, reach).forEach((value, i) => expect(value).toBeCloseTo(line[i]!, 10))
  })

  it('does nothing with reach 0', () => expect(smooth(noise, 0)).toEqual(noise))

  it('adds up: of a sum it is the sum', () => {
    const other = Float64Array.from(noise, (value, i) => value * i)
    const both = smooth(
      noise.map((value, i) => value + other[i]!),
      4,
    )
    both.forEach((value, i) => expect(value).toBeCloseTo(smooth(noise, 4)[i]! + smooth(other, 4)[i]!, 10))
  })

  it('keeps ends, stays within the extremes, and calms', () => {
    const calm = smooth(noise, 6)
    expect(calm[0]).toBe(noise[0])
    expect(calm.at(-1)).toBeCloseTo(noise.at(-1)!, 12)
    expect(Math.max(...calm)).toBeLessThanOrEqual(Math.max(...noise))
    const roughness = (values: Float64Array) =>
      total(values.map((value, i) => (i === 0 ? 0 : (value - values[i - 1]!) ** 2)))
    expect(roughness(calm)).toBeLessThan(roughness(noise) / 5)
  })

  it('leaves gaps as gaps and out of the means beside them', () => {
    const calm = smooth(Float64Array.of(1, 1, NaN, 1, 1), 1)
    expect([...calm]).toEqual([1, 1, NaN, 1, 1])
  })

  it.each([1, 3, 20])('with reach %i leaves a straight line with gaps as it is', (reach) => {
    const line = Float64Array.from({ length: 40 }, (_, i) => (i % 7 === 3 || i === 20 ? NaN : 2 * i))
    const calm = smooth(line, reach)
    expect(Array.from(calm, Number.isNaN)).toEqual(Array.from(line, Number.isNaN))
    calm.forEach((value, i) => Number.isNaN(value) || expect(value).toBeCloseTo(line[i]!, 10))
  })

  it.each([
    ['a loss that falls to nothing', 64, 1e-16],
    ['a spike', 1e8, 1e-6],
    ['a number out of all proportion', 1e300, 1e-3],
  ])('of %s has the small values that follow, to their own precision', (_, large, small) => {
    const calm = smooth(Float64Array.of(large, ...Array<number>(8).fill(small)), 1)
    for (const value of calm.slice(2)) expect(value / small).toBeCloseTo(1, 12)
  })
})
