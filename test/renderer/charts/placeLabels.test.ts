import { describe, expect, it } from 'vitest'
import { placeLabels } from '../../../src/renderer/charts/placeLabels.ts'

const place = (heights: number[], min = 0, max = 400) =>
  placeLabels(
    heights.map((at) => ({ at })),
    15,
    min,
    max,
  )

describe('placeLabels', () => {
  it('leaves labels where they wish to be when they are clear of each other', () => {
    expect(place([200, 20, 90])).toEqual([200, 20, 90])
  })

  it.each([[[100, 100, 100]], [[100, 104, 96, 300, 301]], [[0, 0, 0, 0]], [[400, 399, 398]]])(
    'pushes %j apart, in their order and within bounds',
    (wishes) => {
      const heights = place(wishes)
      const order = wishes.map((_, k) => k).sort((a, b) => wishes[a]! - wishes[b]! || a - b)
      for (let k = 1; k < order.length; k++) {
        expect(heights[order[k]!]! - heights[order[k - 1]!]!).toBeGreaterThanOrEqual(15 - 1e-9)
      }
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...heights)).toBeLessThanOrEqual(400)
    },
  )

  it('centers those that meet on what they wish for', () => {
    expect(place([100, 100, 100])).toEqual([85, 100, 115])
  })

  it('has nothing to place', () => expect(place([])).toEqual([]))
})
