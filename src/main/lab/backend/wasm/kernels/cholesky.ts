import { advance, awaitProgress, parallel, resetProgress, scratch, stopProgress } from './job'
import { ARGUMENTS, BLOCK, LANES, PACKED_B, TILE_COLUMNS, UNIT, WHOLE } from './layout'
import { packFour } from './pack'
import { multiplyTile, product } from './product'
import {
  finishPanel, packColumns, solveFourRows, solveTriangular, splitOrder, trianglePanel, unpackColumns,
} from './triangular'

/* The matrix that all threads factorize. */
@unmanaged class Factorization {
  order: i32
  a: usize
  row: i32
  failed: i32
}

const job = changetype<Factorization>(ARGUMENTS)

const ROW: i32 = BLOCK * UNIT
const SOLUTION_ROW: i32 = TILE_COLUMNS * UNIT

/**
 * Lower triangle of A ← L with A = L·Lᵀ, in halves: L₁₁ from A₁₁, L₂₁ = A₂₁·L₁₁⁻ᵀ, L₂₂ from A₂₂ − L₂₁·L₂₁ᵀ.
 * Returns 0, or the one-based order of the first leading minor that is not positive. `row` is the stride in bytes.
 */
export function factorize(order: i32, a: usize, row: i32): i32 {
  if (order <= WHOLE) return factorizeWhole(order, a, row)
  const first = splitOrder(order)
  const rest = order - first
  const a21 = a + first * row
  const a22 = a21 + first * UNIT
  const failed = factorize(first, a, row)
  if (failed) return failed
  solveTriangular(first, a, row, UNIT, rest, a21, UNIT, row)
  product(true, rest, rest, first, -1, a21, row, UNIT, a21, UNIT, row, 1, a22, row)
  const failedBelow = factorize(rest, a22, row)
  return failedBelow ? first + failedBelow : 0
}

/**
 * One job of blocks, claimed column by column from the top; a block waits for what it is computed from, which was
 * claimed before it. Progress r counts the finished blocks of block row r.
 */
function factorizeWhole(order: i32, a: usize, row: i32): i32 {
  const blocks = (order + BLOCK - 1) / BLOCK
  job.order = order
  job.a = a
  job.row = row
  job.failed = 0
  resetProgress(blocks)
  parallel(factorizeClaim, (blocks * (blocks + 1)) / 2)
  return job.failed
}

function factorizeClaim(claim: i32): void {
  const blocks = (job.order + BLOCK - 1) / BLOCK
  let column = 0
  for (; claim >= blocks - column; column++) claim -= blocks - column
  if (claim == 0) factorizeDiagonal(column)
  else solveBelow(column + claim, column)
}

/** L_rc = (A_rc − Σ_{k<c} L_rk·L_ckᵀ)·L_cc⁻ᵀ: rows of it are columns of the solution of L·Z = Aᵀ. */
function solveBelow(blockRow: i32, column: i32): void {
  const top = blockRow * BLOCK
  const left = column * BLOCK
  const bottom = min(top + BLOCK, job.order)
  const a = job.a + left * UNIT
  awaitProgress(column, column)
  awaitProgress(blockRow, column)
  for (let i = top; i < bottom; i += TILE_COLUMNS) {
    const z = solution(i)
    packColumns(a + i * job.row, job.row, UNIT, min(TILE_COLUMNS, bottom - i), BLOCK, z + left * SOLUTION_ROW)
    for (let k = left; k < left + BLOCK; k += 4) {
      multiplyTile(left, trianglePanel(k), z, -1, 1, z + k * SOLUTION_ROW, SOLUTION_ROW)
    }
  }
  awaitProgress(column, column + 1)
  if (job.failed) return
  for (let i = top; i < bottom; i += TILE_COLUMNS) {
    const z = solution(i)
    for (let k = left; k < left + BLOCK; k += 4) solveFourRows(k, left, z)
    unpackColumns(a + i * job.row, job.row, UNIT, min(TILE_COLUMNS, bottom - i), BLOCK, z + left * SOLUTION_ROW)
  }
  for (let i = top; i < bottom; i += 4) {
    const part = trianglePanel(i) + left * 4 * UNIT
    packFour(a + i * job.row, job.row, UNIT, min(4, bottom - i), BLOCK, part, 4 * UNIT)
  }
  advance(blockRow)
}

/** Rows i … i+TILE_COLUMNS−1 of L, packed as right-hand sides. */
@inline
function solution(i: i32): usize {
  return PACKED_B + i * WHOLE * UNIT
}

/** L_cc·L_ccᵀ = A_cc − Σ_{k<c} L_ck·L_ckᵀ, and block row c of L as panels of a triangle. */
function factorizeDiagonal(column: i32): void {
  awaitProgress(column, column)
  if (job.failed) return
  const first = column * BLOCK
  const order = min(BLOCK, job.order - first)
  const a = job.a + first * job.row
  const u = scratch()
  transposeLower(order, a + first * UNIT, job.row, u)
  for (let k = 0; k < order; k += 4) {
    const panel = trianglePanel(first + k)
    for (let i = k & -TILE_COLUMNS; i < order; i += TILE_COLUMNS) {
      multiplyTile(first, panel, solution(first + i), -1, 1, u + k * ROW + i * UNIT, ROW)
    }
  }
  const failed = factorizeBlock(order, u)
  if (failed) {
    job.failed = first + failed
    return stopProgress()
  }
  for (let i = 0; i < order; i++) {
    for (let k = 0; k <= i; k++) store<real>(a + i * job.row + (first + k) * UNIT, load<real>(u + k * ROW + i * UNIT))
  }
  for (let i = 0; i < order; i += 4) {
    const count = min(4, order - i)
    packFour(u + i * UNIT, UNIT, ROW, count, i + count, trianglePanel(first + i) + first * 4 * UNIT, 4 * UNIT)
    finishPanel(first + i, count)
  }
  advance(column)
}

/** Works on U = Lᵀ, whose rows are adjacent in memory: row k of U from the k rows above it. */
function factorizeBlock(order: i32, u: usize): i32 {
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
