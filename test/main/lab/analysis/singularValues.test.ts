import { describe, expect, it } from 'vitest'
import { effectiveRank, singularValues } from '../../../../src/main/lab/analysis/singularValues.ts'
import { randomStream } from '../../../../src/main/lab/network/randomStream.ts'

function randomMatrix(rows: number, columns: number) {
  const stream = randomStream(5, 'firstLayer')
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, () => stream.normal()) }
}

/** U·diag(s)·Vᵀ with U, V products of plane rotations. */
function withSingularValues(values: number[], rows: number, columns: number) {
  const data = new Float64Array(rows * columns)
  values.forEach((value, i) => (data[i * columns + i] = value))
  const rotate = (length: number, at: (i: number, line: number) => number, lines: number) => {
    for (let i = 1; i < length; i++) {
      for (let line = 0; line < lines; line++) {
        const [p, q] = [at(i - 1, line), at(i, line)]
        const [a, b] = [data[p]!, data[q]!]
        data[p] = Math.cos(i) * a - Math.sin(i) * b
        data[q] = Math.sin(i) * a + Math.cos(i) * b
      }
    }
  }
  rotate(rows, (i, line) => i * columns + line, columns)
  rotate(columns, (i, line) => line * columns + i, rows)
  return { rows, columns, data }
}

describe('singular values', () => {
  it.each([
    [4, 9],
    [9, 4],
  ])('are found to a relative error near rounding, the small ones too (%i × %i)', (rows, columns) => {
    const expected = [7, 2, 1e-3, 1e-9]
    singularValues(withSingularValues(expected, rows, columns)).forEach((value, i) => {
      expect(Math.abs(value / expected[i]! - 1)).toBeLessThan(i < 3 ? 1e-11 : 1e-5)
    })
  })

  it('hold the Frobenius norm, and the rank', () => {
    const A = randomMatrix(6, 20)
    A.data.copyWithin(100, 0, 20)
    const values = singularValues(A)
    const square = (list: Float64Array) => list.reduce((sum, value) => sum + value * value, 0)
    expect(square(values)).toBeCloseTo(square(A.data), 9)
    expect(values[5]! / values[0]!).toBeLessThan(1e-14)
    expect(values[4]! / values[0]!).toBeGreaterThan(0.1)
  })
})

describe('the effective rank', () => {
  it('counts equal values, lies between for unequal ones, and ignores scale', () => {
    expect(effectiveRank(Float64Array.of(3, 3, 3, 0))).toBeCloseTo(3, 12)
    const values = Float64Array.of(5, 1, 0.5)
    expect(effectiveRank(values)).toBeGreaterThan(1)
    expect(effectiveRank(values)).toBeLessThan(3)
    expect(effectiveRank(values.map((value) => 7 * value))).toBeCloseTo(effectiveRank(values), 12)
    expect(effectiveRank(Float64Array.of(0, 0))).toBeNaN()
  })
})
