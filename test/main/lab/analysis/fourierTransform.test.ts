import { expect, it } from 'vitest'
import { fourierTransform } from '../../../../src/main/lab/analysis/fourierTransform.ts'
import { toMatrix } from '../../../support/runs.ts'

it.each([
  [5, 2],
  [12, 3],
])('parts shorter than 1e-12 of the rows’ root mean square are made zero, longer ones are kept (p = %i)', (p, k) => {
  const layerWith = (amplitude: number) =>
    toMatrix(
      Array.from({ length: p }, (_, j) => {
        const wave = Math.cos((2 * Math.PI * k * j) / p)
        return [3 + 2 * amplitude * wave, 4]
      }),
    )
  // The rows are (3, 4), of length 5; Re F_k is (amplitude, 0).
  const { negligible, imaginary } = fourierTransform(layerWith(0))
  expect(negligible).toBeCloseTo(5e-12, 20)
  const length = (amplitude: number) =>
    Math.hypot(...fourierTransform(layerWith(amplitude)).real.data.subarray(2 * k - 2, 2 * k))
  expect(length(3e-12)).toBe(0)
  expect(length(8e-12)).toBeCloseTo(8e-12, 14)
  expect(imaginary.data.every((value) => value === 0)).toBe(true)
})
