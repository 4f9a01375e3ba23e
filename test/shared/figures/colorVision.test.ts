import { describe, expect, it } from 'vitest'
import { minDifference } from '../../../src/shared/figures/colorVision.ts'

describe('differences between colors', () => {
  it('span 100 from black to white, for everybody', () => {
    for (const deficiency of [null, 'protan', 'deutan', 'tritan'] as const) {
      expect(minDifference(['#000000', '#ffffff'], deficiency)).toBeCloseTo(100, 0)
    }
  })

  it('are 0 of a color from itself, and none of one color', () => {
    expect(minDifference(['#4477aa', '#4477aa'], 'deutan')).toBe(0)
    expect(minDifference(['#4477aa'], 'deutan')).toBe(Infinity)
  })

  it('leave gray as it is', () => {
    const normal = minDifference(['#444444', '#999999'], null)
    expect(Math.abs(minDifference(['#444444', '#999999'], 'protan') - normal)).toBeLessThan(0.5)
  })

  it('of a red and a green of one lightness all but vanish without the cones that tell them', () => {
    const pair = ['#d0503c', '#7d7f1f']
    expect(minDifference(pair, 'deutan')).toBeLessThan(minDifference(pair, null) / 2)
    expect(minDifference(pair, 'tritan')).toBeGreaterThan(minDifference(pair, 'deutan'))
  })
})
