import { describe, expect, it } from 'vitest'
import { fourierFeatures } from '../../../../src/main/lab/analysis/fourierFeatures.ts'
import { fourierTransform, frequencyPower } from '../../../../src/main/lab/analysis/fourierTransform.ts'
import type { MatrixData } from '../../../../src/shared/matrix.ts'
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
    const { frequencies, ...features } = { ...fourierFeatures(toMatrix(E)), ...fourierTransform(toMatrix(E)) }
    expect(frequencies).toBe(3)
    expect(largestDifference(features.norms, reference.norms)).toBeLessThan(1e-9)
    for (const name of ['real', 'imaginary', 'cosines', 'absoluteCosines'] as const) {
      expect(largestDifference(features[name].data, reference[name].flat())).toBeLessThan(1e-9)
    }
  })

  it.each([2, 3, 4, 5, 8, 12, 37])('hold, with the mean, all power: Parseval (p = %i)', (p) => {
    const E = noise(p, 6)
    const power = frequencyPower(fourierTransform(E), p)
    for (let u = 0; u < 6; u++) {
      const values = Array.from({ length: p }, (_, j) => E.data[j * 6 + u]!)
      const mean = values.reduce((sum, x) => sum + x, 0) / p
      const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / p
      const powers = Array.from({ length: power.rows }, (_, k) => power.data[k * 6 + u]!)
      expect(powers.reduce((sum, x) => sum + x, 0)).toBeCloseTo(variance, 13)
    }
  })

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

  it.each([2, 4, 12])('are p − 1: the last frequency, p/2, has a real part alone (p = %i)', (p) => {
    const E = noise(p, 5)
    const { imaginary } = fourierTransform(E)
    const { frequencies, norms, cosines } = fourierFeatures(E)
    expect([frequencies, norms.length, cosines.rows, cosines.columns]).toEqual([p / 2, p - 1, p - 1, p - 1])
    expect([...imaginary.data.subarray(-5)]).toEqual([0, 0, 0, 0, 0])
    const alternating = layer(p, 5, (j, u) => (j % 2 === 0 ? u + 1 : -u - 1))
    expect(fourierFeatures(alternating).norms[frequencies - 1]).toBeCloseTo(Math.sqrt(1 + 4 + 9 + 16 + 25), 13)
  })

  it.each([0, 1e3])('that are rounding are zero and have no cosine, not even with themselves (mean %d)', (mean) => {
    const E = layer(7, 4, (j, u) => mean + Math.cos((2 * Math.PI * 2 * j) / 7 + u * u))
    const { norms, cosines, absoluteCosines } = fourierFeatures(E)
    const isThere = [...norms].map((norm) => norm > 0)
    expect(isThere).toEqual([false, true, false, false, true, false])
    for (const { data } of [cosines, absoluteCosines]) {
      data.forEach((value, at) => {
        expect([at, Number.isNaN(value)]).toEqual([at, !(isThere[at % 6] && isThere[Math.floor(at / 6)])])
      })
    }
  })

  it('of float32 are zero at the rounding of float32', () => {
    const E = layer(7, 4, (j, u) => Math.cos((2 * Math.PI * 2 * j) / 7 + u * u))
    const single = fourierFeatures({ ...E, data: Float32Array.from(E.data) })
    expect([...single.norms].map((norm) => norm > 0)).toEqual([false, true, false, false, true, false])
  })
})
