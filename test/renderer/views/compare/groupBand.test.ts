import { describe, expect, it } from 'vitest'
import type { Curve } from '../../../../src/shared/run.ts'
import { groupBand, spreads } from '../../../../src/renderer/views/compare/groupBand.ts'

function curve(steps: number[], value: (step: number) => number): Curve {
  const step = Float64Array.from(steps)
  return { step, tau: step.map((s) => s / 100), seconds: step.map((s) => s / 10), value: step.map(value) }
}

describe("a group's band", () => {
  it('lies over exactly the steps that all curves have', () => {
    const band = groupBand([curve([0, 10, 20, 30], (s) => s), curve([0, 5, 10, 30, 40], (s) => s + 2)], 'deviation')
    expect([...band.step]).toEqual([0, 10, 30])
    expect([...band.centre]).toEqual([1, 11, 31])
    expect([...band.tau]).toEqual([0, 0.1, 0.3])
  })

  it('is empty where the curves share no step', () => {
    expect(groupBand([curve([1, 3], () => 1), curve([2, 4], () => 1)], 'quartiles').step).toHaveLength(0)
  })

  it('of two values a ± d has deviation √2·d, error d, and quartiles a ± d/2', () => {
    const pair = [curve([0], () => 7), curve([0], () => 3)]
    const halfWidth = (spread: (typeof spreads)[number]) => {
      const { low, high, centre } = groupBand(pair, spread)
      expect(centre[0]).toBe(5)
      expect(high[0]! - centre[0]!).toBeCloseTo(centre[0]! - low[0]!, 12)
      return high[0]! - centre[0]!
    }
    expect(halfWidth('deviation')).toBeCloseTo(2 * Math.SQRT2, 12)
    expect(halfWidth('error')).toBeCloseTo(2, 12)
    expect(halfWidth('quartiles')).toBeCloseTo(1, 12)
    // One degree of freedom: t = tan(0.475·π).
    expect(halfWidth('confidence')).toBeCloseTo(2 * Math.tan(0.475 * Math.PI), 8)
  })

  it('has a gap where any curve has one', () => {
    const { centre } = groupBand([curve([0, 1], () => 1), curve([0, 1], (s) => (s === 1 ? NaN : 1))], 'error')
    expect(centre[0]).toBe(1)
    expect(centre[1]).toBeNaN()
  })

  it('of a single curve is the curve, without a band', () => {
    const { centre, low, count } = groupBand([curve([0, 1], (s) => s)], 'deviation')
    expect([...centre]).toEqual([0, 1])
    expect(low.every(Number.isNaN)).toBe(true)
    expect(count).toBe(1)
  })
})
