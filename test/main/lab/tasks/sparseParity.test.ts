import { expect, it } from 'vitest'
import { sparseParityData } from '../../../../src/main/lab/tasks/sparseParity.ts'

it('is the parity of the first bits of distinct inputs, by the seed', () => {
  const { size, inputs, outputs, X, targets } = sparseParityData({ bits: 6, parityBits: 3, samples: 64 }, 0)
  if (X.kind !== 'dense' || targets.kind !== 'classes') throw new Error('parity has dense inputs and classes')
  expect([size, inputs, outputs]).toEqual([64, 6, 2])
  const rows = Array.from({ length: size }, (_, i) => [...X.values.subarray(6 * i, 6 * i + 6)])
  expect(new Set(rows.map(String)).size).toBe(2 ** 6)
  rows.forEach((row, i) => {
    for (const entry of row) expect(Math.abs(entry)).toBe(1)
    const negative = row.slice(0, 3).filter((entry) => entry < 0).length
    expect(targets.classes[i]).toBe(negative % 2)
  })
  const again = sparseParityData({ bits: 6, parityBits: 3, samples: 64 }, 0)
  expect(again.X).toEqual(X)
  expect(sparseParityData({ bits: 6, parityBits: 3, samples: 64 }, 1).X).not.toEqual(X)
})
