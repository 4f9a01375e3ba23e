import { describe, expect, it } from 'vitest'
import { precisions } from '../../../../../src/shared/specification/limits.ts'
import type { Backend, Matrix } from '../../../../../src/main/lab/backend/backend.ts'
import { plainBackend } from '../../../../../src/main/lab/backend/plain.ts'
import { wasmBackend } from '../../../../../src/main/lab/backend/wasm/wasmBackend.ts'
import { backendLaws, lower, noise } from '../backendLaws.ts'
import { entriesOf } from '../../../../support/entries.ts'

describe.each(precisions)('wasm, %s', (precision) => {
  describe.each([1, 2])('%i threads', (threads) => backendLaws(precision, () => wasmBackend(precision, threads)))

  it('gives the same bits for any number of threads', async () => {
    const results = await Promise.all([1, 2, 3, 5].map((threads) => everyOperation(threads)))
    for (const result of results) expect(result).toEqual(results[0])
  })

  async function everyOperation(threads: number): Promise<unknown> {
    const backend = await wasmBackend(precision, threads)
    const result: unknown[] = []
    // Again and again, so that threads meet in many orders.
    for (let round = 0; round < 10; round++) result.push(step(backend))
    backend.close()
    return result
  }

  /** One evaluation of the isolated field, with every operation once; sizes beyond one block, panel and chunk. */
  function step(backend: Backend): unknown {
    const [samples, hidden, outputs] = [197, 301, 37]
    const X = backend.inputRows(
      samples,
      2,
      Int32Array.from(noise(2 * samples, 1), (x) => Math.floor((x + 0.5) * 37)),
    )
    const [E, Z, H] = [backend.matrix(37, hidden), backend.matrix(samples, hidden), backend.matrix(samples, hidden)]
    const [S, B, W] = [
      backend.matrix(samples, samples),
      backend.matrix(samples, outputs),
      backend.matrix(hidden, outputs),
    ]
    entriesOf(E).set(noise(entriesOf(E).length, 2))
    entriesOf(B).set(noise(entriesOf(B).length, 3))
    backend.gatherRows(X, E, Z)
    backend.activate('gelu', Z, H)
    backend.symmetricRankK(false, 1, H, 0, S)
    for (let i = 0; i < samples; i++) entriesOf(S)[i * samples + i]! += 1
    const failed = backend.cholesky(S)
    backend.solveCholesky(S, B)
    backend.gemm(true, false, 1, H, B, 0, W)
    backend.gemm(false, true, 1, B, W, 0, H)
    backend.multiplyByDerivative('gelu', Z, H)
    backend.scatterRows(X, H, -1, E)
    backend.axpby(0.5, Z, 0.25, H)
    return [failed, backend.dot(H, Z), ...[E, Z, H, B, W].map((M) => entriesOf(M).slice()), lower(S)]
  }
})

it.each([1, 2, 7])(
  'adds %i float32 entries in float32, and in float64 where a factor near 1 would be lost',
  async (length) => {
    const backend = await wasmBackend('float32', 1)
    const { fround } = Math
    const [x, y] = [noise(length, 1).map(fround), noise(length, 2).map(fround)] as [Float64Array, Float64Array]
    const added = (alpha: number, beta: number) => {
      const [X, Y] = [backend.matrix(1, length), backend.matrix(1, length)]
      entriesOf(X).set(x)
      entriesOf(Y).set(y)
      backend.axpby(alpha, X, beta, Y)
      return Array.from(entriesOf(Y))
    }
    // Momentum as it always was, to the bit.
    for (const beta of [0.9, 0.5, 1, -0.3]) {
      const lanes = Array.from(y, (value, i) => fround(fround(fround(0.7) * x[i]!) + fround(fround(beta) * value)))
      expect(added(0.7, beta)).toEqual(lanes)
    }
    for (const beta of [1 - 1e-3, 1 - 1e-5, 1 - 3e-8]) {
      expect(added(-0.7, beta)).toEqual(Array.from(y, (value, i) => fround(-0.7 * x[i]! + beta * value)))
    }
    backend.close()
  },
)

it.each([2, 3, 7])('loses and repeats no piece of work in a rush of small jobs on %i threads', async (threads) => {
  const backend = await wasmBackend('float64', threads)
  const lengths = [9000, 50_000, 100, 20_000]
  const pairs = lengths.map((length) => [backend.matrix(1, length), backend.matrix(1, length)] as const)
  for (const [X] of pairs) X.data.fill(1)
  for (let round = 1; round <= 3000; round++) {
    const [X, Y] = pairs[round % pairs.length]!
    backend.axpby(1, X, 1, Y)
    expect(backend.dot(X, Y)).toBe(X.columns * Math.ceil(round / pairs.length))
  }
  backend.close()
})

it('factorizes and solves with the same bits on any number of threads, in one job and in several', async () => {
  const results = await Promise.all(
    [1, 2, 3, 5].map(async (threads) => {
      const backend = await wasmBackend('float64', threads)
      const result = [492, 700].map((order) => {
        const [L, B] = [diagonallyDominant(backend, order), backend.matrix(order, 37)]
        B.data.set(noise(B.data.length, 5))
        expect(backend.cholesky(L)).toBe(0)
        backend.solveCholesky(L, B)
        return [lower(L), B.data.slice()]
      })
      backend.close()
      return result
    }),
  )
  for (const result of results) expect(result).toEqual(results[0])
})

it.each([2, 3, 7])('a factorization that fails keeps none of %i threads waiting', async (threads) => {
  const backend = await wasmBackend('float64', threads)
  const order = 150
  const good = diagonallyDominant(backend, order)
  const A = backend.matrix(order, order)
  for (let round = 0; round < 600; round++) {
    const at = (37 * round) % order
    backend.axpby(1, good, 0, A)
    if (round % 3 > 0) A.data[at * order + at] = -1
    expect(backend.cholesky(A)).toBe(round % 3 > 0 ? at + 1 : 0)
  }
  backend.close()
})

function diagonallyDominant(backend: Backend, order: number): Matrix {
  const A = backend.matrix(order, order)
  entriesOf(A).set(noise(order * order, 4))
  for (let i = 0; i < order; i++) entriesOf(A)[i * order + i] = order
  return A
}

describe('wasm memory', () => {
  it('keeps earlier matrices valid when it grows', async () => {
    const backend = await wasmBackend('float64', 2)
    const first = backend.matrix(100, 100)
    first.data.fill(1)
    const before = backend.memory.buffer.byteLength
    const large = backend.matrix(2000, 2000)
    expect(backend.memory.buffer.byteLength).toBeGreaterThan(before)
    large.data.fill(2)
    backend.axpby(3, first, 0, first)
    expect(first.data.every((entry) => entry === 3)).toBe(true)
    first.data[0] = 7
    expect(backend.dot(first, first)).toBe(9 * 9999 + 49)
    backend.close()
  })

  it('is used again when it is cleared, and what was in it is refused', async () => {
    const backend = await wasmBackend('float64', 1)
    const sizes = Array.from({ length: 50 }, () => {
      backend.clear()
      backend.matrix(2000, 2000)
      return backend.memory.buffer.byteLength
    })
    expect(new Set(sizes).size).toBe(1)
    const before = backend.matrix(3, 3)
    backend.clear()
    expect(() => backend.dot(before, before)).toThrow(/another backend/)
    backend.close()
  })

  it('says what is missing when a matrix does not fit into 4 GiB', async () => {
    const backend = await wasmBackend('float64', 1)
    expect(() => backend.matrix(30_000, 30_000)).toThrow(
      expect.objectContaining({
        code: 'OUT_OF_MEMORY',
        message: expect.stringMatching(/^a matrix of 6\.7\sGiB does not fit: it needs 6\.7\sGiB of 4\.0\sGiB/),
      }),
    )
    const small = backend.matrix(3, 3)
    expect(backend.dot(small, small)).toBe(0)
    backend.close()
  })

  it('refuses operands of another backend and indices beyond the table', async () => {
    const backend = await wasmBackend('float64', 1)
    const ours = backend.matrix(3, 3)
    const foreign = plainBackend('float64').matrix(3, 3)
    expect(() => backend.axpby(1, foreign, 0, ours)).toThrow(/another backend/)
    const X = backend.inputRows(3, 1, Int32Array.of(0, 1, 3))
    expect(() => backend.gatherRows(X, ours, ours)).toThrow('E has 3 rows, X names row 3')
    backend.close()
  })

  it.each([0, -1, 1.5, 65, NaN])('refuses %d threads', async (threads) => {
    await expect(wasmBackend('float64', threads)).rejects.toThrow(`threads is ${threads}, allowed`)
  })
})
