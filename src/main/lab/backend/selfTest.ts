import type { Backend, Matrix, RealArray } from './backend.ts'
import { plainBackend } from './plain.ts'
import { formatNumber } from '../../../shared/formatting/formatNumber.ts'

/**
 * Compares a backend with the plain one: gemm in all four transposed forms, symmetricRankK in both, cholesky with a
 * positive and an indefinite matrix, solveCholesky; odd sizes on both sides of a block, β = 0 over NaN.
 * Returns what differs, or undefined where all agree to the rounding of the sums, |Δ| ≤ 8·k·u for sums of k terms.
 */
export function selfTest(backend: Backend): string | undefined {
  for (const [rows, columns, inner] of oddSizes) {
    const failure =
      testGemm(backend, rows, columns, inner) ??
      testSymmetricRankK(backend, rows, inner) ??
      testCholesky(backend, rows, columns)
    if (failure) return failure
  }
  return undefined
}

/** Rows, columns and inner length of products: odd, and on both sides of a block. */
export const oddSizes = [
  [1, 1, 1],
  [5, 3, 7],
  [37, 67, 29],
  [131, 37, 263],
] as const

function testGemm(backend: Backend, rows: number, columns: number, inner: number): string | undefined {
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      for (const beta of [0, -0.5]) {
        const pairs = twins(backend)
        const [A, expectedA] = transposeA ? pairs(inner, rows) : pairs(rows, inner)
        const [B, expectedB] = transposeB ? pairs(columns, inner) : pairs(inner, columns)
        const [C, expectedC] = pairs(rows, columns)
        if (beta === 0) backend.fill(C, NaN)
        backend.gemm(transposeA, transposeB, 0.75, A, B, beta, C)
        const plain = plainBackend(backend.precision)
        plain.gemm(transposeA, transposeB, 0.75, expectedA, expectedB, beta, expectedC)
        const name = `gemm of ${rows} × ${inner} × ${columns}${transposeA ? ', Aᵀ' : ''}${transposeB ? ', Bᵀ' : ''}`
        const failure = difference(name, backend, backend.download(C), plain.download(expectedC), inner)
        if (failure) return failure
      }
    }
  }
  return undefined
}

function testSymmetricRankK(backend: Backend, order: number, inner: number): string | undefined {
  for (const transpose of [false, true]) {
    for (const beta of [0, -0.5]) {
      const pairs = twins(backend)
      const [A, expectedA] = transpose ? pairs(inner, order) : pairs(order, inner)
      const [C, expectedC] = pairs(order, order)
      if (beta === 0) backend.fill(C, NaN)
      backend.symmetricRankK(transpose, 0.75, A, beta, C)
      const plain = plainBackend(backend.precision)
      plain.symmetricRankK(transpose, 0.75, expectedA, beta, expectedC)
      const name = `symmetricRankK of order ${order}, ${inner} terms${transpose ? ', Aᵀ' : ''}`
      const failure = difference(name, backend, lowerTriangle(backend, C), lowerTriangle(plain, expectedC), inner)
      if (failure) return failure
    }
  }
  return undefined
}

function testCholesky(backend: Backend, order: number, width: number): string | undefined {
  const plain = plainBackend(backend.precision)
  const pairs = twins(backend)
  const [A, expectedA] = pairs(order, order)
  const [, G] = pairs(order, order)
  plain.symmetricRankK(false, 1 / order, G, 0, expectedA)
  plain.addDiagonal(1, expectedA)
  backend.upload(A, plain.download(expectedA))
  const failed = backend.cholesky(A)
  plain.cholesky(expectedA)
  if (failed) return `cholesky of order ${order} fails at minor ${failed} of a positive definite matrix`
  const failure = difference(
    `cholesky of order ${order}`,
    backend,
    lowerTriangle(backend, A),
    lowerTriangle(plain, expectedA),
    order,
  )
  if (failure) return failure

  const [B, expectedB] = pairs(order, width)
  backend.solveCholesky(A, B)
  plain.solveCholesky(expectedA, expectedB)
  const wrongSolution = difference(
    `solveCholesky of ${order} × ${width}`,
    backend,
    backend.download(B),
    plain.download(expectedB),
    order,
  )
  if (wrongSolution) return wrongSolution

  const indefinite = backend.matrix(order, order)
  const middle = (order >> 1) * (order + 1)
  backend.upload(
    indefinite,
    Float64Array.from({ length: order * order }, (_, at) => (at === middle ? -1 : at % (order + 1) === 0 ? 1 : 0)),
  )
  const minor = backend.cholesky(indefinite)
  if (minor !== (order >> 1) + 1) return `cholesky of order ${order} reports minor ${minor}, not ${(order >> 1) + 1}`
  return undefined
}

/** Makes matrices of the backend and of plain with equal entries in [−1/2, 1/2). */
function twins(backend: Backend): (rows: number, columns: number) => [Matrix, Matrix] {
  const plain = plainBackend(backend.precision)
  let state = 1
  return (rows, columns) => {
    const [ours, expected] = [backend.matrix(rows, columns), plain.matrix(rows, columns)]
    const entries = Float64Array.from({ length: rows * columns }, () => {
      // Numbers without structure are enough here: Lehmer's generator.
      state = (state * 48271) % 2147483647
      return state / 2147483647 - 0.5
    })
    plain.upload(expected, entries)
    backend.upload(ours, entries)
    return [ours, expected]
  }
}

function lowerTriangle(backend: Backend, A: Matrix): RealArray {
  return backend.download(A).filter((_, at) => at % A.rows <= Math.floor(at / A.rows))
}

function difference(
  name: string,
  { precision }: Backend,
  actual: RealArray,
  expected: RealArray,
  terms: number,
): string | undefined {
  const allowed = 8 * terms * (precision === 'float64' ? 2 ** -53 : 2 ** -24)
  let worst = 0
  for (let at = 0; at < actual.length; at++) {
    const error = Math.abs(actual[at]! - expected[at]!)
    worst = Math.max(worst, Number.isNaN(error) ? Infinity : error)
  }
  if (worst <= allowed) return undefined
  return `${name} is off by ${formatNumber(worst, 2)}, allowed ${formatNumber(allowed, 2)}`
}
