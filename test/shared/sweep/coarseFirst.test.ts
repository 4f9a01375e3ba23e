import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coarseFirst, standIn } from '../../../src/shared/sweep/coarseFirst.ts'

const size = fc.integer({ min: 1, max: 40 })

describe('the order in which a plane is computed', () => {
  it('has every place once', () => {
    fc.assert(
      fc.property(size, size, (rows, columns) => {
        const order = coarseFirst(rows, columns)
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: rows * columns }, (_, place) => place))
      }),
    )
  })

  it('has every fourth row and column and the last ones first, then every second, row by row', () => {
    expect(coarseFirst(3, 6).slice(0, 6)).toEqual([0, 4, 5, 12, 16, 17])
    expect(coarseFirst(3, 6).slice(6)).toEqual([2, 14, 1, 3, 6, 7, 8, 9, 10, 11, 13, 15])
    expect(coarseFirst(1, 1)).toEqual([0])
  })
})

describe('what stands in for a place that is not known', () => {
  it('is, once the first sixteenth is known, within two places on both axes, and itself as soon as it is known', () => {
    fc.assert(
      fc.property(size, size, (rows, columns) => {
        const isCoarse = (place: number, count: number) => place % 4 === 0 || place === count - 1
        const isKnown = (place: number) =>
          isCoarse(Math.floor(place / columns), rows) && isCoarse(place % columns, columns)
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            const at = { row, column, rows, columns }
            const place = standIn(at, isKnown)!
            expect(isKnown(place)).toBe(true)
            expect(Math.abs(Math.floor(place / columns) - row)).toBeLessThanOrEqual(2)
            expect(Math.abs((place % columns) - column)).toBeLessThanOrEqual(2)
            expect(standIn(at, () => true)).toBe(row * columns + column)
          }
        }
      }),
    )
    expect(standIn({ row: 0, column: 0, rows: 3, columns: 3 }, () => false)).toBeUndefined()
  })
})
