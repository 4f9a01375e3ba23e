import { describe, expect, it } from 'vitest'
import {
  conditionNumberFromCholesky,
  largestEigenvalue,
  largestEigenvalueFromCholesky,
} from '../../../../src/main/lab/analysis/extremeEigenvalues.ts'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'

/** The Cholesky factor of Q·diag(λ)·Qᵀ, Q a product of two reflections. */
function factorOf(eigenvalues: readonly number[]): Float64Array {
  const n = eigenvalues.length
  const A = new Float64Array(n * n)
  eigenvalues.forEach((value, i) => (A[i * n + i] = value))
  for (const seed of [1, 2]) {
    const v = Float64Array.from({ length: n }, (_, i) => Math.sin(seed + 3.7 * i * i))
    const length = v.reduce((sum, x) => sum + x * x, 0)
    // A ← (I − 2vvᵀ/‖v‖²) A (I − 2vvᵀ/‖v‖²), rows then columns.
    for (const [outer, inner] of [
      [n, 1],
      [1, n],
    ] as const) {
      for (let i = 0; i < n; i++) {
        let projection = 0
        for (let j = 0; j < n; j++) projection += v[j]! * A[i * outer + j * inner]!
        for (let j = 0; j < n; j++) A[i * outer + j * inner]! -= (2 * projection * v[j]!) / length
      }
    }
  }
  const backend = plainBackend('float64')
  const L = backend.matrix(n, n)
  backend.upload(L, A)
  expect(backend.cholesky(L)).toBe(0)
  backend.download(L, A)
  return A
}

const spectra = {
  'of order 1': [3],
  'all equal': [2, 2, 2, 2, 2],
  'two clusters': [...Array.from({ length: 20 }, () => 1), ...Array.from({ length: 20 }, (_, i) => 5 + 1e-3 * i)],
  even: Array.from({ length: 60 }, (_, i) => 1 + i),
  'geometric, condition 1e8': Array.from({ length: 60 }, (_, i) => 10 ** ((-8 * i) / 59)),
  'a tiny one apart': [1e-9, ...Array.from({ length: 39 }, (_, i) => 1 + i)],
}

describe.each(Object.entries(spectra))('a spectrum %s', (_, eigenvalues) => {
  const order = eigenvalues.length
  const [min, max] = [Math.min(...eigenvalues), Math.max(...eigenvalues)]
  const factor = factorOf(eigenvalues)

  it('has its largest eigenvalue found to 1e-9', () => {
    expect(Math.abs(largestEigenvalueFromCholesky(factor, order) / max - 1)).toBeLessThan(1e-9)
  })

  it('has its condition number found to what rounding leaves of it', () => {
    const condition = max / min
    const found = conditionNumberFromCholesky(factor, order)
    expect(Math.abs(found / condition - 1)).toBeLessThan(1e-9 + 1e-14 * condition)
  })
})

it('finds one of two that almost coincide', () => {
  const factor = factorOf([100, 100 - 1e-6, ...Array.from({ length: 80 }, (_, i) => 1 + i)])
  expect(Math.abs(largestEigenvalueFromCholesky(factor, 82) - 100)).toBeLessThan(1e-6)
})

it('finds the closed form of the second difference, 2 − 2cos(nπ/(n+1))', () => {
  const n = 50
  const found = largestEigenvalue((x, product) => {
    for (let i = 0; i < n; i++) product[i] = 2 * x[i]! - (x[i - 1] ?? 0) - (x[i + 1] ?? 0)
  }, n)
  expect(Math.abs(found - (2 - 2 * Math.cos((n * Math.PI) / (n + 1))))).toBeLessThan(1e-9)
})

it.each([1e-12, 1, 1e12])('finds %d of so many times the identity, of which one product shows all', (multiple) => {
  for (let order = 1; order <= 40; order++) {
    let products = 0
    const found = largestEigenvalue((x, product) => {
      products += 1
      x.forEach((value, i) => (product[i] = multiple * value))
    }, order)
    expect(Math.abs(found / multiple - 1)).toBeLessThan(1e-9)
    expect(products).toBe(1)
  }
})

it.each([1e-12, 1, 1e12])('takes no more products once the largest is there (times %d)', (multiple) => {
  let products = 0
  const found = largestEigenvalue((x, product) => {
    products += 1
    x.forEach((value, i) => (product[i] = multiple * 0.5 ** i * value))
  }, 200)
  expect(Math.abs(found / multiple - 1)).toBeLessThan(1e-9)
  expect(products).toBeLessThan(20)
})
