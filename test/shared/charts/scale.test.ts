import { describe, expect, it } from 'vitest'
import { createScale } from '../../../src/shared/charts/scale.ts'

describe('a scale', () => {
  it.each([
    ['linear', [0, 5000], [44, 1000]],
    ['linear', [-3, 3], [400, 30]],
    ['log', [1, 5000], [44, 1000]],
    ['log', [1e-26, 1e-18], [400, 30]],
  ] as const)('of kind %s inverts itself on %j → %j', (kind, domain, range) => {
    const scale = createScale(kind, domain, range)
    expect(scale.at(domain[0])).toBeCloseTo(range[0], 9)
    expect(scale.at(domain[1])).toBeCloseTo(range[1], 9)
    for (const share of [0, 0.3, 0.99]) {
      const pixel = range[0] + share * (range[1] - range[0])
      expect(scale.at(scale.invert(pixel))).toBeCloseTo(pixel, 6)
    }
  })

  it('gives zero a place of its own at the end of a log axis, apart from the smallest value', () => {
    const scale = createScale('log', [1, 1000], [50, 500], true)
    expect(scale.at(0)).toBe(50)
    expect(scale.at(1)).toBe(50 + scale.zeroGapPixels)
    expect(scale.invert(50)).toBe(0)
    expect(scale.invert(scale.at(10))).toBeCloseTo(10, 9)
  })

  it('has no place for what a log axis cannot show', () => {
    const scale = createScale('log', [1, 1000], [0, 100])
    expect(scale.at(0)).toBeNaN()
    expect(createScale('log', [1, 1000], [0, 100], true).at(-1)).toBeNaN()
  })
})
