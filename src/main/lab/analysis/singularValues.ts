import type { MatrixData } from '../../../shared/run.ts'

const mostSweeps = 60

/**
 * The singular values of a matrix (r × c) in descending order, min(r, c) of them, to a relative error near rounding even
 * for the small ones: one-sided Jacobi rotations of its rows (or columns, where they are fewer) until all are orthogonal.
 * In the units of the matrix. Demmel & Veselić 1992, *Jacobi's method is more accurate than QR*; Golub & Van Loan, 8.6.
 */
export function singularValues(A: MatrixData): Float64Array {
  const vectors = shorterSide(A)
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let rotated = false
    for (let i = 1; i < vectors.length; i++) {
      for (let j = 0; j < i; j++) rotated = orthogonalize(vectors[i]!, vectors[j]!) || rotated
    }
    if (!rotated) break
  }
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

/** Rotates x and y in their plane until they are orthogonal; whether it had to. */
function orthogonalize(x: Float64Array, y: Float64Array): boolean {
  const xx = dot(x, x)
  const yy = dot(y, y)
  const xy = dot(x, y)
  if (Math.abs(xy) <= 1e-15 * Math.sqrt(xx * yy)) return false
  const zeta = (yy - xx) / (2 * xy)
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta))
  const cosine = 1 / Math.hypot(1, tangent)
  const sine = cosine * tangent
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i]!, y[i]!]
    x[i] = cosine * a - sine * b
    y[i] = sine * a + cosine * b
  }
  return true
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}
