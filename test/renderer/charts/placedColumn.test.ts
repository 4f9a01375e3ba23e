import { describe, expect, it } from 'vitest'
import { nextColumn, pixelOfColumn } from '../../../src/renderer/charts/placedColumn.ts'

/** Columns along an axis: wide ones, one that no pixel shows (3), and some of a pixel each. */
const columns = Int32Array.of(0, 0, 0, 0, 1, 1, 1, 2, 4, 5, 6, 6)

describe('the next of columns that stand along an axis', () => {
  it('is another one each time, however many pixels a column has, and at the border the same', () => {
    const seen = [...new Set(columns)]
    const walk = (pixel: number, stride: number) =>
      seen.map(() => {
        const column = columns[pixel]
        pixel = nextColumn(columns, pixel, stride)
        return column
      })
    expect([walk(0, 1), walk(11, -1)]).toEqual([seen, seen.toReversed()])
    expect([nextColumn(columns, 11, 1), nextColumn(columns, 3, -1)]).toEqual([10, 0])
  })

  it('is as many columns away as are jumped over, as far as there are any', () => {
    expect([nextColumn(columns, 2, 3), nextColumn(columns, 2, 10), nextColumn(columns, 8, -2)]).toEqual([8, 10, 4])
  })

  it('begins at the first pixel of its column; one that no pixel shows stands at the next', () => {
    expect([0, 1, 2, 3, 4, 6].map((column) => pixelOfColumn(columns, column))).toEqual([0, 4, 7, 8, 8, 10])
  })
})
