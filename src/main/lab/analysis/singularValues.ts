import type { MatrixData } from '../../../shared/matrix.ts'
import { dot, orthogonalize } from '../numerics/oneSidedJacobi.ts'

/**
 * The singular values of a matrix (r × c) in descending order, min(r, c) of them, to a relative error near rounding even
 * for the small ones: one-sided Jacobi rotations of its rows (or columns, where they are fewer) until all are orthogonal.
 * In the units of the matrix. Demmel & Veselić 1992, *Jacobi's method is more accurate than QR*; Golub & Van Loan, 8.6.
 */
export function singularValues(A: MatrixData): Float64Array {
  const vectors = shorterSide(A)
  orthogonalize(vectors)
  return Float64Array.from(vectors, (row) => Math.sqrt(dot(row, row)))
    .sort()
    .reverse()
}

/**
 * The effective rank exp(−Σ_i q_i ln q_i) of singular values s, with q = s/Σs: between 1 and their number, the number of
 * directions that carry the matrix. Dimensionless; NaN where all are zero. Roy & Vetterli 2007, *The effective rank*.
 */
export function effectiveRank(values: Float64Array): number {
  const total = values.reduce((sum, value) => sum + value, 0)
  const entropy = values.reduce((sum, value) => (value > 0 ? sum - (value / total) * Math.log(value / total) : sum), 0)
  return total > 0 ? Math.exp(entropy) : NaN
}

function shorterSide({ rows, columns, data }: MatrixData): Float64Array[] {
  return rows <= columns
    ? Array.from({ length: rows }, (_, i) => Float64Array.from(data.subarray(i * columns, (i + 1) * columns)))
    : Array.from({ length: columns }, (_, j) => Float64Array.from({ length: rows }, (_, i) => data[i * columns + j]!))
}
