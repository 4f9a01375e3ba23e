import { frequencyCount, waveCount } from '../../../shared/frequencyCount.ts'

/** Discrete Fourier coefficients of a function on Z_p for k = 0 … ⌊p/2⌋, divided by p. */
export interface Coefficients {
  real: Float64Array
  imaginary: Float64Array
}

export function fourierCoefficients(values: ArrayLike<number>): Coefficients {
  const p = values.length
  const count = frequencyCount(p) + 1
  const real = new Float64Array(count)
  const imaginary = new Float64Array(count)
  for (let k = 0; k < count; k++) {
    for (let j = 0; j < p; j++) {
      const angle = (2 * Math.PI * ((j * k) % p)) / p
      real[k]! += (values[j]! * Math.cos(angle)) / p
      if (waveCount(k, p) === 2) imaginary[k]! -= (values[j]! * Math.sin(angle)) / p
    }
  }
  return { real, imaginary }
}

/** Share of the power of k = 1 … ⌊p/2⌋ that each of them has; zeros where its root is no more than `negligible`. */
export function powerShares({ real, imaginary }: Coefficients, p: number, negligible: number): Float64Array {
  const power = Float64Array.from(
    { length: frequencyCount(p) },
    (_, k) => waveCount(k + 1, p) * (real[k + 1]! ** 2 + imaginary[k + 1]! ** 2),
  )
  const total = power.reduce((sum, value) => sum + value, 0)
  return power.map((value) => (Math.sqrt(total) > negligible ? value / total : 0))
}

/** The mean and the wave of one frequency, at a token or between two. */
export function waveAt({ real, imaginary }: Coefficients, k: number, p: number, token: number): number {
  const angle = (2 * Math.PI * k * token) / p
  return real[0]! + waveCount(k, p) * (real[k]! * Math.cos(angle) - imaginary[k]! * Math.sin(angle))
}
