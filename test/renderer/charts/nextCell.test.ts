import { describe, expect, it } from 'vitest'
import { nextCell } from '../../../src/renderer/charts/nextCell.ts'

/** Squares about these centers. */
const outlines = (centers: [number, number][]) =>
  centers.map(([x, y]) => Float64Array.of(x - 4, y - 4, x + 4, y - 4, x + 4, y + 4, x - 4, y + 4, x - 4, y - 4))
const grid = outlines([0, 10, 20].flatMap((y) => [0, 10, 20, 30].map((x): [number, number] => [x, y])))

describe('the next cell', () => {
  it('of a grid is the neighbor that way, and at the border the same', () => {
    expect([
      nextCell(grid, 5, 1, 0),
      nextCell(grid, 5, -1, 0),
      nextCell(grid, 5, 0, 1),
      nextCell(grid, 5, 0, -1),
    ]).toEqual([6, 4, 9, 1])
    expect([nextCell(grid, 0, -1, 0), nextCell(grid, 11, 0, 1)]).toEqual([0, 11])
  })

  it('is straight on before aslant, and any that way before none', () => {
    const odd = outlines([
      [0, 0],
      [30, 0],
      [12, 11],
      [0, 40],
      [35, 34],
    ])
    expect(nextCell(odd, 0, 1, 0)).toBe(1)
    expect(nextCell(odd, 3, 1, 0)).toBe(4)
    expect(nextCell(odd, 1, 0, 1)).toBe(4)
  })
})
