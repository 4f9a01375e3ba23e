import { describe, expect, it } from 'vitest'
import { precisions } from '../../../../src/shared/specification/limits.ts'
import type { Backend } from '../../../../src/main/lab/backend/backend.ts'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import { selfTest } from '../../../../src/main/lab/backend/selfTest.ts'
import { wasmBackend } from '../../../../src/main/lab/backend/wasm/wasmBackend.ts'
import { entriesOf } from '../../../support/entries.ts'

describe.each(precisions)('selfTest, %s', (precision) => {
  const plain = plainBackend(precision)

  it('passes the plain and the wasm backend', async () => {
    expect(selfTest(plain)).toBeUndefined()
    const wasm = await wasmBackend(precision, 2)
    expect(selfTest(wasm)).toBeUndefined()
    wasm.close()
  })

  const faults: Record<string, [Partial<Backend>, RegExp]> = {
    'one entry of a product': [
      {
        gemm: (transposeA, transposeB, alpha, A, B, beta, C) => {
          plain.gemm(transposeA, transposeB, alpha, A, B, beta, C)
          if (transposeA && transposeB && C.rows > 100) entriesOf(C)[5]! += 1e-3
        },
      },
      /^gemm of 131 × 263 × 37, Aᵀ, Bᵀ is off by 0\.0010,/,
    ],
    'β = 0 times NaN': [
      {
        symmetricRankK: (transpose, alpha, A, beta, C) => {
          const zero = beta === 0 ? entriesOf(C)[0]! * 0 : 0
          plain.symmetricRankK(transpose, alpha, A, beta, C)
          entriesOf(C)[0]! += zero
        },
      },
      /^symmetricRankK of order 1, 1 terms is off by ∞,/,
    ],
    'an indefinite matrix taken for a positive one': [
      { cholesky: (A) => (entriesOf(A).some((entry) => entry < -0.9) ? 0 : plain.cholesky(A)) },
      /^cholesky of order 1 reports minor 0, not 1/,
    ],
    'half a solution': [{ solveCholesky: () => {} }, /^solveCholesky of 1 × 1 is off/],
  }
  it.each(Object.entries(faults))('finds %s', (_, [fault, reason]) => {
    expect(selfTest({ ...plain, ...fault })).toMatch(reason)
  })
})
