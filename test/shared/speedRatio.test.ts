import { describe, expect, it } from 'vitest'
import { firstTimeAt, speedRatioAtEqualValues } from '../../src/shared/speedRatio.ts'

const tau = Float64Array.from({ length: 400 }, (_, i) => i / 100)
const falling = (rate: number) => ({ tau, value: tau.map((t) => Math.exp(-rate * t)) })

describe('the speed of a model', () => {
  it.each([0.5, 1, 2.5])('that runs %f times as fast as the reference is that factor at every value', (factor) => {
    const { ratio, value } = speedRatioAtEqualValues(falling(1), falling(factor))
    expect(value.length).toBeGreaterThan(50)
    // Straight lines between points a hundredth apart.
    for (const found of ratio) expect(Math.abs(found / factor - 1)).toBeLessThan(0.01)
  })

  it('is not asked for where the curves share no value', () => {
    const low = { tau, value: tau.map(() => 0.001) }
    expect(speedRatioAtEqualValues(falling(0.1), low).value).toHaveLength(0)
    expect(speedRatioAtEqualValues({ tau: [], value: [] }, falling(1)).value).toHaveLength(0)
  })

  it('takes the first time a value is passed', () => {
    const trace = { tau: [0, 1, 2, 3, 4], value: [4, 2, 3, 1, 0] }
    expect(firstTimeAt(trace, 3)).toBe(0.5)
    expect(firstTimeAt(trace, 2)).toBe(1)
    expect(firstTimeAt(trace, 1.5)).toBe(2.75)
    expect(firstTimeAt(trace, -1)).toBeNaN()
  })
})
