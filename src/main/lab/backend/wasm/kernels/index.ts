import { factorize } from './cholesky'
import { UNIT } from './layout'
import { product } from './product'
import { solveTriangular } from './triangular'

export { adamStep } from './adam'
export { activate, axpby, dot, multiplyByDerivative } from './elementwise'
export { close, serve, setThreads } from './job'
export { arenaStart } from './layout'
export { gatherRows, scatterRows } from './rows'

/** C (rows × columns) ← α·op(A)·op(B) + β·C; `inner` is the length of the sums. */
export function gemm(
  transposeA: bool, transposeB: bool, rows: i32, columns: i32, inner: i32,
  alpha: f64, a: usize, b: usize, beta: f64, c: usize,
): void {
  const aRow = transposeA ? UNIT : inner * UNIT
  const aInner = transposeA ? rows * UNIT : UNIT
  const bInner = transposeB ? UNIT : columns * UNIT
  const bColumn = transposeB ? inner * UNIT : UNIT
  product(
    false, rows, columns, inner, <real>alpha, a, aRow, aInner, b, bInner, bColumn, <real>beta, c, columns * UNIT,
  )
}

/** Lower triangle of C (order × order) ← α·A·Aᵀ + β·C, or α·Aᵀ·A + β·C. */
export function symmetricRankK(
  transpose: bool, order: i32, inner: i32, alpha: f64, a: usize, beta: f64, c: usize,
): void {
  const outer = transpose ? UNIT : inner * UNIT
  const along = transpose ? order * UNIT : UNIT
  product(true, order, order, inner, <real>alpha, a, outer, along, a, along, outer, <real>beta, c, order * UNIT)
}

/** Lower triangle of A (order × order) ← L; 0, or the one-based order of the first minor that is not positive. */
export function cholesky(order: i32, a: usize): i32 {
  return factorize(order, a, order * UNIT)
}

/** B (order × width) ← (L·Lᵀ)⁻¹·B. */
export function solveCholesky(order: i32, l: usize, width: i32, b: usize): void {
  const lRow = order * UNIT
  const bRow = width * UNIT
  solveTriangular(order, l, lRow, UNIT, width, b, bRow, UNIT)
  // Lᵀ read backwards, from its last row and column to the first, is a lower triangle again.
  const last = l + (order - 1) * (lRow + UNIT)
  solveTriangular(order, last, -UNIT, -lRow, width, b + (order - 1) * bRow, -bRow, UNIT)
}
