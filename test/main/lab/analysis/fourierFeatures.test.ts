import { describe, expect, it } from 'vitest'
import { fourierFeatures, fourierTransform } from '../../../../src/main/lab/analysis/fourierFeatures.ts'
import type { MatrixData } from '../../../../src/shared/run.ts'
import { largestDifference, readReference, toMatrix } from '../../../support/runs.ts'

interface Reference {
  E: number[][]
  real: number[][]
  imaginary: number[][]
  norms: number[]
  cosines: number[][]
  absoluteCosines: number[][]
}

/** p × d_h with an entry for each token and unit. */
function layer(p: number, units: number, entry: (token: number, unit: number) => number): MatrixData {
  return toMatrix(Array.from({ length: p }, (_, j) => Array.from({ length: units }, (_, u) => entry(j, u))))
}

const noise = (p: number, units: number) => layer(p, units, (j, u) => Math.sin(1 + 12.9898 * j * j + 78.233 * u * u))

describe('Fourier features', () => {
  it('agree with the reference to 1e-9', () => {
    const { E, ...reference } = readReference('fourier-features') as Reference
    const features = fourierFeatures(toMatrix(E))
    expect(features.frequencies).toBe(3)
    expect(largestDifference(features.norms, reference.norms)).toBeLessThan(1e-9)
    for (const name of ['real', 'imaginary', 'cosines', 'absoluteCosines'] as const) {
      expect(largestDifference(features[name].data, reference[name].flat())).toBeLessThan(1e-9)
    }
  })

  it.each([3, 4, 5, 8, 37])(
    'hold, with the mean and for even p the alternating part, all power: Parseval (p = %i)',
    (p) => {
      const E = noise(p, 6)
      const { norms } = fourierFeatures(E)
      const columnSums = (sign: (j: number) => number) =>
        Array.from({ length: 6 }, (_, u) =>
          [...E.data].reduce((sum, x, at) => (at % 6 === u ? sum + sign((at - u) / 6) * x : sum), 0),
        )
      const square = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value * value, 0)
      const mean = square(columnSums(() => 1)) / p ** 2
      const alternating = p % 2 === 0 ? square(columnSums((j) => (j % 2 === 0 ? 1 : -1))) / p ** 2 : 0
      expect(p * (2 * square(norms) + mean + alternating)).toBeCloseTo(square(E.data), 10)
    },
  )

  it('of one wave are its amplitude and phase at its frequency, and nothing elsewhere', () => {
    const { real, imaginary } = fourierTransform(
      layer(37, 2, (j, u) => 3 * Math.cos((2 * Math.PI * 5 * j) / 37 + 0.4 + u)),
    )
    for (let k = 1; k <= 18; k++) {
      for (let u = 0; u < 2; u++) {
        const at = (k - 1) * 2 + u
        expect(real.data[at]).toBeCloseTo(k === 5 ? 1.5 * Math.cos(0.4 + u) : 0, 13)
        expect(imaginary.data[at]).toBeCloseTo(k === 5 ? 1.5 * Math.sin(0.4 + u) : 0, 13)
      }
    }
  })

  it('have symmetric cosine matrices with a diagonal of 1, within ±1', () => {
    const { cosines, absoluteCosines } = fourierFeatures(noise(11, 8))
    for (const { rows, data } of [cosines, absoluteCosines]) {
      expect(rows).toBe(10)
      for (let i = 0; i < rows; i++) {
        expect(data[i * rows + i]).toBeCloseTo(1, 14)
        for (let j = 0; j < rows; j++) {
          expect(data[i * rows + j]).toBe(data[j * rows + i])
          expect(Math.abs(data[i * rows + j]!)).toBeLessThan(1 + 1e-14)
        }
      }
    }
    expect(Math.min(...absoluteCosines.data)).toBeGreaterThanOrEqual(0)
    expect(Math.min(...cosines.data)).toBeLessThan(0)
  })

  it('change under a shift of the tokens by phases alone', () => {
    const E = noise(11, 8)
    const shifted = layer(11, 8, (j, u) => E.data[((j + 3) % 11) * 8 + u]!)
    const [before, after] = [fourierTransform(E), fourierTransform(shifted)]
    const powerOf = ({ real, imaginary }: typeof before) => real.data.map((x, at) => x * x + imaginary.data[at]! ** 2)
    expect(largestDifference(powerOf(before), powerOf(after))).toBeLessThan(1e-14)
    expect(largestDifference(before.real.data, after.real.data)).toBeGreaterThan(0.01)
  })

  it('are none for p = 2', () => {
    expect(fourierFeatures(noise(2, 3))).toMatchObject({ frequencies: 0, norms: new Float64Array() })
  })
})
