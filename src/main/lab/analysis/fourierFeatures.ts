import type { MatrixData } from '../../../shared/matrix.ts'
import { fourierTransform } from './fourierTransform.ts'

/**
 * The Fourier features of a layer, plot-ready. There are p − 1: Re F_1 … Re F_K, then Im F_1 … Im F_⌊(p−1)/2⌋, with
 * K = ⌊p/2⌋; for even p the last frequency, p/2, has a real part alone. Lists of features run in this order.
 */
export interface FourierFeatures {
  /** K. */
  readonly frequencies: number
  /** ‖Re F_k‖ and ‖Im F_k‖ (p − 1). */
  readonly norms: Float64Array
  /** Cosines between all Re F_k, Im F_k (p − 1 × p − 1); NaN for a feature that is zero, with itself too. */
  readonly cosines: MatrixData
  /** The same for the absolute values |Re F_k|, |Im F_k|, entrywise. */
  readonly absoluteCosines: MatrixData
}

/**
 * Norms and cosines of the features of E (p × d_h), zero as `fourierTransform` has it; norms in the units of E, cosines
 * dimensionless. SCIENCE.md §5; Musat, Fig. 6.
 */
export function fourierFeatures(E: MatrixData): FourierFeatures {
  const { real, imaginary } = fourierTransform(E)
  const rows = [...rowsOf(real), ...rowsOf(imaginary)].slice(0, E.rows - 1)
  return {
    frequencies: real.rows,
    norms: Float64Array.from(rows, (row) => Math.sqrt(innerProduct(row, row))),
    cosines: cosineMatrix(rows),
    absoluteCosines: cosineMatrix(rows.map((row) => row.map(Math.abs))),
  }
}

function rowsOf(M: MatrixData): Float64Array[] {
  return Array.from({ length: M.rows }, (_, i) =>
    Float64Array.from(M.data.subarray(i * M.columns, (i + 1) * M.columns)),
  )
}

/** Of zero rows the quotient 0/0 is the NaN that a missing direction gives. */
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
