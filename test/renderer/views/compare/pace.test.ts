import { describe, expect, it } from 'vitest'
import { firstTime, pace } from '../../../../src/renderer/views/compare/pace.ts'
import { stateDistance } from '../../../../src/renderer/views/compare/stateDistance.ts'

const tau = Float64Array.from({ length: 400 }, (_, i) => i / 100)
const falling = (rate: number) => ({ tau, value: tau.map((t) => Math.exp(-rate * t)) })

describe('the pace of a model', () => {
  it.each([0.5, 1, 2.5])('that runs %f times as fast as the reference is that factor at every value', (factor) => {
    const { ratio, value } = pace(falling(1), falling(factor))
    expect(value.length).toBeGreaterThan(50)
    // Straight lines between points a hundredth apart.
    for (const found of ratio) expect(Math.abs(found / factor - 1)).toBeLessThan(0.01)
  })

  it('is not asked for where the curves share no value', () => {
    const low = { tau, value: tau.map(() => 0.001) }
    expect(pace(falling(0.1), low).value).toHaveLength(0)
    expect(pace({ tau: [], value: [] }, falling(1)).value).toHaveLength(0)
  })

  it('takes the first time a value is passed', () => {
    const trace = { tau: [0, 1, 2, 3, 4], value: [4, 2, 3, 1, 0] }
    expect(firstTime(trace, 3)).toBe(0.5)
    expect(firstTime(trace, 2)).toBe(1)
    expect(firstTime(trace, 1.5)).toBe(2.75)
    expect(firstTime(trace, -1)).toBeNaN()
  })
})

describe('the distance from the reference', () => {
  const path = (speed: number, side: number, times: number[]) => ({
    tau: times,
    matrix: times.map((t) => Float64Array.of(1 + speed * t, side * t)),
  })
  const reference = path(1, 0, [0, 1, 2])

  it('is 0 of itself, also between its snapshots', () => {
    expect([...stateDistance(reference, path(1, 0, [0.5, 1, 1.75])).share]).toEqual([0, 0, 0])
  })

  it('is the share of the reference’s own way', () => {
    const { tau: times, share } = stateDistance(reference, path(1.5, 0, [0, 0.5, 2, 3]))
    // At 0 the reference has not moved; at 3 it is no longer there.
    expect([...times]).toEqual([0.5, 2])
    for (const found of share) expect(found).toBeCloseTo(0.5, 12)
    for (const found of stateDistance(reference, path(1, 0.3, [1, 2])).share) expect(found).toBeCloseTo(0.3, 12)
  })

  it('is not a share of a way that is rounding', () => {
    const still = path(1e-15, 0, [0, 1, 2])
    expect(stateDistance(still, path(1, 0, [1, 2])).tau).toHaveLength(0)
  })

  it('is not asked for between networks of unequal size', () => {
    const other = { tau: [1], matrix: [Float64Array.of(1, 2, 3)] }
    expect(stateDistance(reference, other).tau).toHaveLength(0)
  })
})
