import { expect, it } from 'vitest'
import { predictionGrid } from '../../../../src/main/lab/analysis/predictionGrid.ts'

it('predictions are the class of the largest output, the first of equal ones, and none where there is no pair', () => {
  const outputs = {
    ...{ modulus: 2, rows: 4, columns: 3, data: Float64Array.of(5, 3, 2, 7, 7, 1, 9, 9, 9, 4, 6, -1) },
    ...{ places: Int32Array.of(0, 1, -1, 2), classes: Int32Array.of(0, 1, -1, 2), isFirst: Uint8Array.of(1, 1, 0, 1) },
  }
  const { predicted, correct, margin, train } = predictionGrid(outputs, Int32Array.of(0, 2))
  expect([...predicted]).toEqual([0, 0, -1, 1])
  expect([...correct]).toEqual([1, 0, 0, 0])
  expect([...margin]).toEqual([2, 0, NaN, -7])
  expect([...train]).toEqual([1, 0, 0, 1])
})
