import { describe, expect, it } from 'vitest'
import {
  columnNorms,
  difference,
  frequencyBlocks,
  orderByFrequency,
  orderByNorm,
  rowNorms,
  squaredNorm,
  transpose,
} from '../../../src/shared/panels/matrixOrder.ts'

const matrix = { rows: 2, columns: 3, data: Float64Array.of(3, 0, 1, 4, 5, -1) }

describe('orders', () => {
  it('by frequency stand in blocks, by phase within', () => {
    const dominant = Int32Array.of(2, 1, 2, 1, 1)
    const phase = Float64Array.of(0.5, 0.3, -0.5, 0.1, 0.2)
    const order = orderByFrequency({ dominant, phase })
    expect([...order]).toEqual([3, 4, 1, 2, 0])
    expect(frequencyBlocks(order, dominant)).toEqual([
      { frequency: 1, from: 0, to: 3 },
      { frequency: 2, from: 3, to: 5 },
    ])
  })

  it('by frequency end with the units that have none, as they are', () => {
    const dominant = Int32Array.of(0, 6, 0, 1)
    const order = orderByFrequency({ dominant, phase: Float64Array.of(NaN, Math.PI, NaN, 0) })
    expect([...order]).toEqual([3, 1, 0, 2])
    expect(frequencyBlocks(order, dominant).at(-1)).toEqual({ frequency: 0, from: 2, to: 4 })
  })

  it('by norm begin with the largest and keep equals as they are', () => {
    expect([...orderByNorm(Float64Array.of(1, 3, 3, 2))]).toEqual([1, 2, 3, 0])
  })
})

describe('norms', () => {
  it('of rows and of columns add up to that of the matrix', () => {
    const total = (norms: Float64Array) => norms.reduce((sum, norm) => sum + norm * norm, 0)
    expect(total(rowNorms(matrix))).toBeCloseTo(squaredNorm(matrix), 12)
    expect(total(columnNorms(matrix))).toBeCloseTo(squaredNorm(matrix), 12)
    expect(columnNorms(matrix)[0]).toBe(5)
  })
})

describe('matrices', () => {
  it('turned twice are as before', () => expect(transpose(transpose(matrix))).toEqual(matrix))

  it('differ from themselves by zero, and from others of their shape only', () => {
    expect(difference(matrix, matrix)!.data).toEqual(new Float64Array(6))
    expect(difference(matrix, transpose(matrix))).toBeNull()
  })
})
