import { describe, expect, it } from 'vitest'
import type { MatrixData } from '../../../src/shared/matrix.ts'
import { counted } from '../../../src/shared/tasks/task.ts'
import {
  arrangeCircles,
  circleRadius,
  circleShape,
  namesByPlace,
  tokenNames,
} from '../../../src/shared/charts/circleLayout.ts'

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
    const names = tokenNames(named(ring), 0, 100, 100, circleRadius(ring, 0, 25), 25)
    expect(names.map(({ token }) => token)).toContain(0)
    for (const a of names) {
      for (const b of names) if (a !== b) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(9)
    }
  })
})

describe('the name of a token', () => {
  const inner = { rows: 1, columns: 8, data: Float64Array.of(0.2, -1, 0, 0, 0, 0, 1, -1) }

  it('stands beside it, within the circle too', () => {
    const names = tokenNames(named(inner), 0, 100, 100, { scale: 40 }, 44)
    expect(names[0]).toEqual({ token: 0, x: 117, y: 100 })
    expect(names).toHaveLength(4)
  })
})

describe('shapes', () => {
  const line = { rows: 1, columns: 8, data: Float64Array.of(1, -1, 0.9, -1.1, 0, 0, -0, 0) }
  const nothing = { rows: 1, columns: 8, data: new Float64Array(8) }

  it('are a circle, a line where all lie on the first axis, or nothing', () => {
    expect([ring, line, nothing].map((circles) => circleShape(circles, 0))).toEqual(['circle', 'line', 'nothing'])
  })

  it('have names over the tokens of a line, around those of a circle, and none for nothing', () => {
    const names = tokenNames(named(line), 0, 100, 50, { scale: 40 }, 44)
    expect(names.map(({ token, x, y }) => [token, x, y])).toEqual([
      [0, 140, 41],
      [1, 60, 41],
    ])
    expect(tokenNames(named(nothing), 0, 100, 50, { scale: 0 }, 44)).toEqual([])
  })
})

describe('namesByPlace', () => {
  it('gives each token a place of its own where k and p share no factor', () => {
    const names = namesByPlace(5, counted(37))
    expect(names).toHaveLength(37)
    for (const { place, tokens, text } of names) {
      expect([place, text]).toEqual([(tokens[0]! * 5) % 37, String(tokens[0])])
    }
  })

  it('gathers the tokens of one place, the first two named', () => {
    expect(namesByPlace(6, counted(12)).map(({ place, text }) => [place, text])).toEqual([
      [0, '0, 2 …'],
      [6, '1, 3 …'],
    ])
    expect(namesByPlace(1, Int32Array.of(1, 2, 4, 3)).map(({ text }) => text)).toEqual(['1', '2', '4', '3'])
    expect(namesByPlace(2, counted(4)).map(({ text }) => text)).toEqual(['0, 2', '1, 3'])
  })
})

function named(circles: MatrixData) {
  return { circles, tokens: counted(circles.columns / 2) }
}
