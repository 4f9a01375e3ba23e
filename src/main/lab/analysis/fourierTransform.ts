import { frequencyCount, waveCount } from '../../../shared/frequencyCount.ts'
import { negligibleShare } from '../../../shared/negligibleShare.ts'
import type { MatrixData } from '../../../shared/matrix.ts'

/** F_1 … F_K of a layer, K = ⌊p/2⌋. */
export interface FourierTransform {
  /** Re F_k and Im F_k as rows (K × d_h). For even p, Im F_(p/2) is zero: the alternating wave has no sine. */
  readonly real: MatrixData
  readonly imaginary: MatrixData
  /** The length 1e-12·‖E‖/√p at and below which a vector made of the rows of E counts as zero. In the units of E. */
  readonly negligible: number
}

/**
 * F_k = (1/p) Σ_j e^(−2πijk/p) E_j for k = 1 … K = ⌊p/2⌋, E (p × d_h), in the units of E. Parts Re F_k, Im F_k no longer
 * than 1e-12·‖E‖/√p, a share of the root mean square of the rows' lengths, are rounding and made zero (1e-6 where E is
 * of float32). SCIENCE.md §5.
 */
export function fourierTransform(E: MatrixData): FourierTransform {
  const { rows: p, columns: width, data } = E
  const frequencies = frequencyCount(p)
  const negligible = (negligibleShare(data) * lengthOf(data)) / Math.sqrt(p)
  const real = new Float64Array(frequencies * width)
  const imaginary = new Float64Array(frequencies * width)
  for (let k = 1; k <= frequencies; k++) {
    const re = real.subarray((k - 1) * width, k * width)
    const im = imaginary.subarray((k - 1) * width, k * width)
    for (let j = 0; j < p; j++) {
      // The product is reduced modulo p before the angle is formed, so that the angle stays exact.
      const angle = (2 * Math.PI * ((j * k) % p)) / p
      const cosine = Math.cos(angle) / p
      const sine = waveCount(k, p) === 2 ? Math.sin(angle) / p : 0
      for (let u = 0; u < width; u++) {
        const value = data[j * width + u]!
        re[u]! += cosine * value
        im[u]! -= sine * value
      }
    }
    for (const part of [re, im]) if (lengthOf(part) <= negligible) part.fill(0)
  }
  return {
    real: { rows: frequencies, columns: width, data: real },
    imaginary: { rows: frequencies, columns: width, data: imaginary },
    negligible,
  }
}

/**
 * The power P_k[u] = w_k |F_k[u]|² of each frequency in each column (K × d_h): w_k = 2 for ±k, 1 for k = p/2. Over
 * k = 1 … K it adds up to the column's variance over the tokens, (1/p) Σ_j (E_j[u] − mean)²; the mean, k = 0, is no part
 * of it. In the units of E squared. Parseval; SCIENCE.md §5.
 */
export function frequencyPower(
  { real, imaginary }: FourierTransform,
  modulus: number,
): MatrixData & { data: Float64Array } {
  const { rows, columns } = real
  const data = Float64Array.from(real.data, (re, at) => {
    const frequency = Math.floor(at / columns) + 1
    return waveCount(frequency, modulus) * (re * re + imaginary.data[at]! ** 2)
  })
  return { rows, columns, data }
}

function lengthOf(vector: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * vector[i]!
  return Math.sqrt(sum)
}
