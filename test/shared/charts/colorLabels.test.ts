import { describe, expect, it } from 'vitest'
import { colorLabels } from '../../../src/shared/charts/colorLabels.ts'

describe('colorLabels', () => {
  it.each([
    [
      [0, 1],
      ['1', '0.5', '0'],
    ],
    [
      [-0.123456, 0.123456],
      ['0.123', '0', '−0.123'],
    ],
    [
      [0.9995, 1],
      ['1', '0.99975', '0.9995'],
    ],
    [
      [1e6, 1e6 + 1],
      ['1.000001 × 10⁶', '1.0000005 × 10⁶', '10⁶'],
    ],
    [
      [-1e308, 1e308],
      ['10³⁰⁸', '0', '−10³⁰⁸'],
    ],
    [
      [1, 1 + 1e-12],
      ['1.000000000001', '1.0000000000005', '1'],
    ],
    [
      [2, 2],
      ['2', '2', '2'],
    ],
  ] as const)('of %o are %o', (range, texts) => {
    const plain = colorLabels(range).map(({ text }) => text.replace(/\s/g, ' '))
    expect(plain).toEqual(texts)
  })
})
