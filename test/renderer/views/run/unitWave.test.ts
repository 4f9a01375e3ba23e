import { describe, expect, it } from 'vitest'
import { fourierCoefficients, powerShares, waveAt } from '../../../../src/renderer/views/run/unitWave.ts'

const p = 37
const wave = Float64Array.from({ length: p }, (_, j) => 0.3 + 2 * Math.cos((2 * Math.PI * 5 * j) / p + 0.7))

describe('the Fourier coefficients of a unit', () => {
  it('have all power of one wave at its frequency', () => {
    const shares = powerShares(fourierCoefficients(wave), p)
    expect(shares).toHaveLength(18)
    expect(shares[4]).toBeCloseTo(1, 12)
  })

  it('give that wave back at every token', () => {
    const coefficients = fourierCoefficients(wave)
    wave.forEach((value, token) => expect(waveAt(coefficients, 5, p, token)).toBeCloseTo(value, 12))
  })

  it.each([2, 3, 8])('have ⌊(p−1)/2⌋ shares for p = %d, none of them NaN', (modulus) => {
    const shares = powerShares(fourierCoefficients(new Float64Array(modulus)), modulus)
    expect([...shares]).toEqual(Array(Math.floor((modulus - 1) / 2)).fill(0))
  })
})
