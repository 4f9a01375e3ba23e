import { scratch } from './job'
import { BLOCK, LANES, UNIT } from './layout'
import { product } from './product'
import { solveTriangular, splitOrder } from './triangular'

const ROW: i32 = BLOCK * UNIT

/**
 * Lower triangle of A ← L with A = L·Lᵀ, in halves: L₁₁ from A₁₁, L₂₁ = A₂₁·L₁₁⁻ᵀ, L₂₂ from A₂₂ − L₂₁·L₂₁ᵀ.
 * Returns 0, or the one-based order of the first leading minor that is not positive. `row` is the stride in bytes.
 */
export function factorise(order: i32, a: usize, row: i32): i32 {
  if (order <= BLOCK) return factoriseBlock(order, a, row)
  const first = splitOrder(order)
  const rest = order - first
  const a21 = a + first * row
  const a22 = a21 + first * UNIT
  const failed = factorise(first, a, row)
  if (failed) return failed
  solveTriangular(first, a, row, UNIT, rest, a21, UNIT, row)
  product(true, rest, rest, first, -1, a21, row, UNIT, a21, UNIT, row, 1, a22, row)
  const failedBelow = factorise(rest, a22, row)
  return failedBelow ? first + failedBelow : 0
}

/** Works on U = Lᵀ, whose rows are adjacent in memory: row k of U from the k rows above it. */
function factoriseBlock(order: i32, a: usize, row: i32): i32 {
  const u = scratch()
  transposeLower(order, a, row, u)
  for (let k = 0; k < order; k++) {
    // Whole groups of four vectors: the entries left of the diagonal are never read as results.
    for (let i = k & -(4 * LANES); i < order; i += 4 * LANES) subtractRowsAbove(u, k, i)
    const diagonal = u + k * ROW + k * UNIT
    const pivot = load<real>(diagonal)
    if (!(pivot > 0 && pivot < <real>Infinity)) return k + 1
    const root = sqrt<real>(pivot)
    const divisor = v128.splat<real>(root)
    for (let i = k & -LANES; i < order; i += LANES) {
      const at = u + k * ROW + i * UNIT
      v128.store(at, v128.div<real>(v128.load(at), divisor))
    }
    store<real>(diagonal, root)
  }
  for (let i = 0; i < order; i++) {
    for (let k = 0; k <= i; k++) store<real>(a + i * row + k * UNIT, load<real>(u + k * ROW + i * UNIT))
  }
  return 0
}

function transposeLower(order: i32, a: usize, row: i32, u: usize): void {
  memory.fill(u, 0, BLOCK * ROW)
  for (let i = 0; i < order; i++) {
    for (let k = 0; k <= i; k++) store<real>(u + k * ROW + i * UNIT, load<real>(a + i * row + k * UNIT))
  }
}

/** U_ki ← U_ki − Σ_{m<k} U_mk·U_mi for four vectors of columns from i. */
@inline
function subtractRowsAbove(u: usize, k: i32, i: i32): void {
  const at = u + k * ROW + i * UNIT
  let s0 = v128.load(at), s1 = v128.load(at, 16), s2 = v128.load(at, 32), s3 = v128.load(at, 48)
  let factor = u + k * UNIT
  for (let from = u + i * UNIT; from < at; from += ROW) {
    const f = v128.load_splat<real>(factor)
    s0 = v128.sub<real>(s0, v128.mul<real>(f, v128.load(from)))
    s1 = v128.sub<real>(s1, v128.mul<real>(f, v128.load(from, 16)))
    s2 = v128.sub<real>(s2, v128.mul<real>(f, v128.load(from, 32)))
    s3 = v128.sub<real>(s3, v128.mul<real>(f, v128.load(from, 48)))
    factor += ROW
  }
  v128.store(at, s0)
  v128.store(at, s1, 16)
  v128.store(at, s2, 32)
  v128.store(at, s3, 48)
}
