import { describe, expect, it } from 'vitest'
import { leastDifference } from '../../../../src/renderer/views/figures/colorVision.ts'

describe('differences between colors', () => {
  it('span 100 from black to white, for everybody', () => {
    for (const deficiency of [null, 'protan', 'deutan', 'tritan'] as const) {
      expect(leastDifference(['#000000', '#ffffff'], deficiency)).toBeCloseTo(100, 0)
    }
  })

  it('are 0 of a color from itself, and none of one color', () => {
    expect(leastDifference(['#4477aa', '#4477aa'], 'deutan')).toBe(0)
    expect(leastDifference(['#4477aa'], 'deutan')).toBe(Infinity)
  })

  it('leave gray as it is', () => {
    const normal = leastDifference(['#444444', '#999999'], null)
    expect(Math.abs(leastDifference(['#444444', '#999999'], 'protan') - normal)).toBeLessThan(0.5)
  })

  it('of a red and a green of one lightness all but vanish without the cones that tell them', () => {
    const pair = ['#d0503c', '#7d7f1f']
    expect(leastDifference(pair, 'deutan')).toBeLessThan(leastDifference(pair, null) / 2)
    expect(leastDifference(pair, 'tritan')).toBeGreaterThan(leastDifference(pair, 'deutan'))
  })
})
