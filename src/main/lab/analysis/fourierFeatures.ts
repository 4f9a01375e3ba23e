import type { MatrixData } from '../../../shared/run.ts'

/** The Fourier features of the first layer, plot-ready. K = ⌊(p−1)/2⌋ frequencies 1 … K; lists of 2K run Re 1 … Re K, Im 1 … Im K. */
export interface FourierFeatures {
  readonly frequencies: number
  /** Re F_k and Im F_k as rows (K × d_h). */
  readonly real: MatrixData
  readonly imaginary: MatrixData
  /** ‖Re F_k‖ and ‖Im F_k‖ (2K). */
  readonly norms: Float64Array
  /** Cosines between all Re F_k, Im F_k (2K × 2K). */
  readonly cosines: MatrixData
  /** The same for the absolute values |Re F_k|, |Im F_k|, entrywise. */
  readonly absoluteCosines: MatrixData
}

/**
 * F_k = (1/p) Σ_j e^(−2πijk/p) E_j for k = 1 … ⌊(p−1)/2⌋, E (p × d_h); norms in the units of E, cosines dimensionless
 * (NaN where a feature is zero). SCIENCE.md §5; Musat, Fig. 6.
 */
export function fourierFeatures(E: MatrixData): FourierFeatures {
  const { real, imaginary } = fourierTransform(E)
  const rows = [...rowsOf(real), ...rowsOf(imaginary)]
  return {
    frequencies: real.rows,
    real,
    imaginary,
    norms: Float64Array.from(rows, (row) => Math.sqrt(innerProduct(row, row))),
    cosines: cosineMatrix(rows),
    absoluteCosines: cosineMatrix(rows.map((row) => row.map(Math.abs))),
  }
}

/** Real and imaginary parts of F_k as matrices K × d_h. */
export function fourierTransform(E: MatrixData): { real: MatrixData; imaginary: MatrixData } {
  const p = E.rows
  const width = E.columns
  const frequencies = Math.floor((p - 1) / 2)
  const real = new Float64Array(frequencies * width)
  const imaginary = new Float64Array(frequencies * width)
  for (let k = 1; k <= frequencies; k++) {
    const at = (k - 1) * width
    for (let j = 0; j < p; j++) {
      // The product is reduced modulo p before the angle is formed, so that the angle stays exact.
      const angle = (2 * Math.PI * ((j * k) % p)) / p
      const cosine = Math.cos(angle) / p
      const sine = Math.sin(angle) / p
      for (let u = 0; u < width; u++) {
        const value = E.data[j * width + u]!
        real[at + u]! += cosine * value
        imaginary[at + u]! -= sine * value
      }
    }
  }
  return {
    real: { rows: frequencies, columns: width, data: real },
    imaginary: { rows: frequencies, columns: width, data: imaginary },
  }
}

function rowsOf(M: MatrixData): Float64Array[] {
  return Array.from({ length: M.rows }, (_, i) =>
    Float64Array.from(M.data.subarray(i * M.columns, (i + 1) * M.columns)),
  )
}

function cosineMatrix(rows: readonly Float64Array[]): MatrixData {
  const units = rows.map((row) => {
    const length = Math.sqrt(innerProduct(row, row))
    return row.map((value) => value / length)
  })
  const size = rows.length
  const data = new Float64Array(size * size)
  units.forEach((a, i) => units.forEach((b, j) => (data[i * size + j] = innerProduct(a, b))))
  return { rows: size, columns: size, data }
}

function innerProduct(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}
