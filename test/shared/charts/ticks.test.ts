import { describe, expect, it } from 'vitest'
import { createScale } from '../../../src/shared/charts/scale.ts'
import { makeTicks, niceDomain, niceStep } from '../../../src/shared/charts/ticks.ts'

const labels = (kind: 'linear' | 'log', domain: [number, number], width = 600, zero = false) =>
  makeTicks(createScale(kind, domain, [0, width], zero), 60).major.map(({ label }) => label)

describe('ticks', () => {
  it('stand at round numbers with as many decimals as they need', () => {
    expect(labels('linear', [0, 1], 350)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0'])
    expect(labels('linear', [0, 5000])).toContain('2\u2009500')
    expect(labels('linear', [-0.4, 0.4], 200)).toContain('\u22120.4')
  })

  it.each([
    [0, 1],
    [0, 37],
    [-0.3, 0.45],
    [1234, 9876],
    [-1e-9, 3e-9],
  ])('are at least two and never crowd, on %d … %d', (low, high) => {
    for (const width of [120, 300, 900]) {
      const { major } = makeTicks(createScale('linear', [low, high], [0, width]), 60)
      expect(major.length).toBeGreaterThanOrEqual(2)
      for (const { at } of major) {
        expect(at).toBeGreaterThanOrEqual(low - 1e-9 * (high - low))
        expect(at).toBeLessThanOrEqual(high + 1e-9 * (high - low))
      }
    }
  })

  it('of a log axis are powers of ten, plain near 1 and raised far from it', () => {
    expect(labels('log', [0.01, 1])).toEqual(['0.01', '0.1', '1'])
    expect(labels('log', [1e-26, 1e-18], 240)).toEqual(['10⁻²⁶', '10⁻²⁴', '10⁻²²', '10⁻²⁰', '10⁻¹⁸'])
    expect(labels('log', [1, 1000], 600, true)).toEqual(['0', '1', '10', '100', '1\u2009000'])
  })

  it('of a log axis with one power of ten name twos and fives too', () => {
    expect(labels('log', [2, 60])).toEqual(['2', '5', '10', '20', '50'])
  })

  it('divide a span by 1, 2 or 5', () => {
    expect(niceStep(10, 10)).toBe(1)
    expect(niceStep(10, 6)).toBe(2)
    expect(niceStep(10, 3)).toBe(5)
    expect(niceStep(0.7, 6)).toBeCloseTo(0.2, 12)
  })
})

describe('niceDomain', () => {
  it.each([
    ['linear', [0.013, 0.97]],
    ['linear', [-7, 1234]],
    ['log', [0.0072, 0.83]],
    ['log', [287, 10580]],
  ] as const)('covers the data of a %s axis, %j, without much room', (kind, [low, high]) => {
    const [from, to] = niceDomain(kind, [low, high])
    expect(from).toBeLessThanOrEqual(low)
    expect(to).toBeGreaterThanOrEqual(high)
    if (kind === 'log') expect(to / from).toBeLessThanOrEqual((high / low) * 6.25)
    else expect(to - from).toBeLessThanOrEqual(2 * (high - low))
  })

  it('has a width for a single value', () => {
    for (const value of [0, 3, -2]) expect(niceDomain('linear', [value, value])[0]).toBeLessThan(value)
    expect(niceDomain('log', [5, 5])).toEqual([2.5, 10])
  })
})
