import { describe, expect, it } from 'vitest'
import { arrangeCircles, circleRadius, tokenNames } from '../../../../src/renderer/views/run/circleLayout.ts'

const p = 37
const ring = {
  rows: 1,
  columns: 2 * p,
  data: Float64Array.from({ length: 2 * p }, (_, i) =>
    i < p ? 3 * Math.cos((2 * Math.PI * i) / p) : 3 * Math.sin((2 * Math.PI * (i - p)) / p),
  ),
}

describe('arrangeCircles', () => {
  it.each([
    [18, 1076, 216],
    [56, 1076, 216],
    [1, 300, 300],
    [254, 1000, 300],
  ])('puts %d circles into %d × %d without overlap', (count, width, height) => {
    const cells = arrangeCircles(count, { width, height })
    expect(cells).toHaveLength(count)
    for (const cell of cells) {
      expect(cell.left + cell.width).toBeLessThanOrEqual(width)
      expect(cell.top + cell.height).toBeLessThanOrEqual(height)
      expect(cell.radius).toBeGreaterThan(0)
    }
    expect(new Set(cells.map(({ left, top }) => `${left} ${top}`)).size).toBe(count)
  })

  it('has two rows of nine for the 18 frequencies of p = 37', () => {
    const cells = arrangeCircles(18, { width: 1076, height: 216 })
    expect(new Set(cells.map(({ top }) => top)).size).toBe(2)
  })
})

describe('circleRadius', () => {
  it('brings the farthest token to the radius', () => {
    const { scale, rim } = circleRadius(ring, 0, 60)
    expect(3 * scale).toBeCloseTo(60, 9)
    expect(rim).toBeCloseTo(60, 9)
  })
  it('is finite for a layer of zeros', () => {
    expect(circleRadius({ ...ring, data: new Float64Array(2 * p) }, 0, 60).scale).toBe(0)
  })
})

describe('tokenNames', () => {
  it('leaves out names that would lie on each other', () => {
    const names = tokenNames(ring, 0, 100, 100, circleRadius(ring, 0, 25), 25)
    expect(names.map(({ token }) => token)).toContain(0)
    for (const a of names) {
      for (const b of names) if (a !== b) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(9)
    }
  })
})
