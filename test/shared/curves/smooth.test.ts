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
})
