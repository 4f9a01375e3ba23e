import { describe, expect, it } from 'vitest'
import { unitSpectrum } from '../../../../src/main/lab/analysis/unitSpectrum.ts'
import { fourierCoefficients, powerShares, waveAt } from '../../../../src/renderer/views/run/unitWave.ts'

const p = 37
const wave = Float64Array.from({ length: p }, (_, j) => 0.3 + 2 * Math.cos((2 * Math.PI * 5 * j) / p + 0.7))

describe('the Fourier coefficients of a unit', () => {
  it('have all power of one wave at its frequency', () => {
    const shares = powerShares(fourierCoefficients(wave), p, 1e-12)
    expect(shares).toHaveLength(18)
    expect(shares[4]).toBeCloseTo(1, 12)
  })

  it('give that wave back at every token', () => {
    const coefficients = fourierCoefficients(wave)
    wave.forEach((value, token) => expect(waveAt(coefficients, 5, p, token)).toBeCloseTo(value, 12))
  })

  it('give the alternating wave of an even p back, once, with a phase of 0 or π', () => {
    const coefficients = fourierCoefficients([-2, 4, -2, 4])
    for (const [token, value] of [-2, 4, -2, 4].entries())
      expect(waveAt(coefficients, 2, 4, token)).toBeCloseTo(value, 14)
    expect(Math.atan2(coefficients.imaginary[2]!, coefficients.real[2]!)).toBe(Math.PI)
  })

  it.each([2, 3, 8, 12])('have the shares of the laboratory for p = %d', (modulus) => {
    const values = Float64Array.from({ length: modulus }, (_, j) => 1 + Math.sin(1 + 13 * j * j))
    const { share } = unitSpectrum({ rows: modulus, columns: 1, data: values })
    const shares = powerShares(fourierCoefficients(values), modulus, 1e-12)
    expect(shares).toHaveLength(Math.floor(modulus / 2))
    shares.forEach((value, k) => expect(value).toBeCloseTo(share.data[k]!, 13))
  })

  it('have no shares where there is no power but rounding', () => {
    expect([...powerShares(fourierCoefficients(new Float64Array(8).fill(0.1)), 8, 1e-13)]).toEqual([0, 0, 0, 0])
  })
})
