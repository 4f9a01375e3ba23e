import { describe, expect, it } from 'vitest'
import { measurementNames, measurements } from '../../../src/shared/measurements.ts'
import type { Curve } from '../../../src/shared/run.ts'
import { domainOf } from '../../../src/shared/curves/domainOf.ts'
import { groupBand, spreads } from '../../../src/shared/curves/groupBand.ts'

function curve(steps: number[], value: (step: number) => number): Curve {
  const step = Float64Array.from(steps)
  return { step, tau: step.map((s) => s / 100), seconds: step.map((s) => s / 10), value: step.map(value) }
}

describe("a group's band", () => {
  it('lies over exactly the steps that all curves have', () => {
    const band = groupBand([curve([0, 10, 20, 30], (s) => s), curve([0, 5, 10, 30, 40], (s) => s + 2)], 'deviation')
    expect([...band.step]).toEqual([0, 10, 30])
    expect([...band.center]).toEqual([1, 11, 31])
    expect([...band.tau]).toEqual([0, 0.1, 0.3])
  })

  it('is empty where the curves share no step', () => {
    expect(groupBand([curve([1, 3], () => 1), curve([2, 4], () => 1)], 'quartiles').step).toHaveLength(0)
  })

  it('of two values a ± d has deviation √2·d, error d, and quartiles a ± d/2', () => {
    const pair = [curve([0], () => 7), curve([0], () => 3)]
    const halfWidth = (spread: (typeof spreads)[number]) => {
      const { low, high, center } = groupBand(pair, spread)
      expect(center[0]).toBe(5)
      expect(high[0]! - center[0]!).toBeCloseTo(center[0]! - low[0]!, 12)
      return high[0]! - center[0]!
    }
    expect(halfWidth('deviation')).toBeCloseTo(2 * Math.SQRT2, 12)
    expect(halfWidth('error')).toBeCloseTo(2, 12)
    expect(halfWidth('quartiles')).toBeCloseTo(1, 12)
    // One degree of freedom: t = tan(0.475·π).
    expect(halfWidth('confidence')).toBeCloseTo(2 * Math.tan(0.475 * Math.PI), 8)
  })

  it('has a gap where any curve has one', () => {
    const { center } = groupBand([curve([0, 1], () => 1), curve([0, 1], (s) => (s === 1 ? NaN : 1))], 'error')
    expect(center[0]).toBe(1)
    expect(center[1]).toBeNaN()
  })

  it('of a single curve is the curve, without a band', () => {
    const { center, low, count } = groupBand([curve([0, 1], (s) => s)], 'deviation')
    expect([...center]).toEqual([0, 1])
    expect(low.every(Number.isNaN)).toBe(true)
    expect(count).toBe(1)
  })

  it('ends where the quantity does, and says so; its center stays', () => {
    const pair = [curve([0, 1], (s) => (s === 0 ? 1 : 0.5)), curve([0, 1], (s) => (s === 0 ? 0 : 0.5))]
    const whole = groupBand(pair, 'deviation')
    const band = groupBand(pair, 'deviation', { min: 0, max: 1 })
    expect(whole.low[0]).toBeLessThan(0)
    expect([whole.cut, band.cut]).toEqual([false, true])
    expect([band.center[0], band.low[0], band.high[0]]).toEqual([whole.center[0], 0, 1])
    expect([band.low[1], band.high[1]]).toEqual([whole.low[1], whole.high[1]])
  })

  it('of one curve is not cut', () => {
    expect(groupBand([curve([0], () => 3)], 'deviation', { min: 0, max: 1 }).cut).toBe(false)
  })

  it('with a geometric deviation is one on logarithms, whatever the unit', () => {
    const values = [0.01, 0.2, 5]
    const bandOf = (scale: number) =>
      groupBand(
        values.map((value) => curve([0], () => scale * value)),
        'geometric',
      )
    const logarithms = groupBand(
      values.map((value) => curve([0], () => Math.log(value))),
      'deviation',
    )
    for (const bound of ['center', 'low', 'high'] as const) {
      expect(Math.log(bandOf(1)[bound][0]!)).toBeCloseTo(logarithms[bound][0]!, 12)
      expect(bandOf(1000)[bound][0]! / bandOf(1)[bound][0]!).toBeCloseTo(1000, 9)
    }
    expect(bandOf(1).low[0]).toBeGreaterThan(0)
  })

  it('with a geometric deviation has a gap where a value is 0', () => {
    expect(groupBand([curve([0], () => 0), curve([0], () => 1)], 'geometric').center[0]).toBeNaN()
  })
})

describe('where a quantity can lie', () => {
  it.each(measurementNames)('holds for %s what its unit says', (name) => {
    const { min, max } = domainOf(name)
    expect(min).toBeLessThan(max)
    if (measurements[name].scale === 'log') expect(min).toBe(0)
    if (measurements[name].unit === 'cosine') expect([min, max]).toEqual([-1, 1])
    if (['share correct', 'share of the gradient'].includes(measurements[name].unit)) expect([min, max]).toEqual([0, 1])
  })
})
