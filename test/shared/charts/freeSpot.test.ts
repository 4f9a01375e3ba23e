import { describe, expect, it } from 'vitest'
import { freeSpot, overlap, spotForNothing, takenBy } from '../../../src/shared/charts/freeSpot.ts'

const area = { left: 0, right: 400, top: 0, bottom: 200 }
const line = (points: number[]) => [
  {
    series: { name: '', role: 'single' as const, x: new Float64Array(), y: new Float64Array() },
    points: Float32Array.from(points),
  },
]
const width = 62
const above = { x: 390, y: 95, anchor: 'end' } as const
const below = { x: 390, y: 114, anchor: 'end' } as const

describe('freeSpot', () => {
  it('takes the first place that no line crosses', () => {
    expect(freeSpot([above, below], width, line([0, 180, 400, 180]), area)).toBe(above)
    expect(freeSpot([above, below], width, line([0, 90, 400, 90]), area)).toBe(below)
  })

  it('sees a steep line that only passes by over the words', () => {
    expect(freeSpot([above, below], width, line([0, 92, 340, 92, 400, 92]), area)).toBe(below)
    expect(freeSpot([above, below], width, line([0, 0, 300, 60, 320, 200, 400, 200]), area)).toBe(above)
  })

  it('leaves what other words have taken, rather over a line than over words', () => {
    const taken = [takenBy(above, width)]
    expect(freeSpot([above, below], width, [], area, taken)).toBe(below)
    expect(freeSpot([above, below], width, line([0, 110, 400, 110]), area, taken)).toBe(below)
  })

  it('takes the least crossed where none is free', () => {
    const lines = [...line([0, 90, 400, 90]), ...line([0, 92, 400, 92]), ...line([0, 110, 400, 110])]
    expect(freeSpot([above, below], width, lines, area)).toBe(below)
  })
})

it('words about nothing stand apart from others in their line, as far as there is room', () => {
  const beside = { left: 260, right: 400, top: 80, bottom: 120 }
  for (const width of [80, 110, 119, 120, 140]) {
    const spot = spotForNothing({ left: 0, right: 400, top: 0, bottom: 200 }, width, [beside])
    expect(overlap(takenBy(spot, width + 10), beside)).toBe(false)
  }
})
