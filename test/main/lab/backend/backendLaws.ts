import { beforeAll, describe, expect, it } from 'vitest'
import type { Precision } from '../../../../src/shared/specification/limits.ts'
import { activations } from '../../../../src/shared/models/models.ts'
import type { Backend, Matrix, RealArray } from '../../../../src/main/lab/backend/backend.ts'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import { entriesOf } from '../../../support/entries.ts'

/**
 * Every operation of a backend against the plain one: both get the same numbers, and may differ by the rounding of a sum
 * of `terms` terms. Sizes are odd, on both sides of the register tile (4), of the vector, of the block (64), of the
 * depth of a panel (256).
 */
export function backendLaws(precision: Precision, open: () => Promise<Backend>): void {
  const plain = plainBackend(precision)
  const unit = precision === 'float64' ? 2 ** -53 : 2 ** -24
  let backend: Backend
  beforeAll(async () => {
    backend = await open()
    return () => backend.close()
  })

  /** A matrix of each backend with the same entries in [−1/2, 1/2). */
  function twins(rows: number, columns: number, seed: number): [Matrix, Matrix] {
    const [ours, theirs] = [backend.matrix(rows, columns), plain.matrix(rows, columns)]
    entriesOf(theirs).set(noise(rows * columns, seed))
    entriesOf(ours).set(entriesOf(theirs))
    return [ours, theirs]
  }

  function expectNear(actual: RealArray, expected: RealArray, terms: number, scale = 1): void {
    let worst = 0
    for (let at = 0; at < expected.length; at++) {
      const difference = Math.abs(actual[at]! - expected[at]!)
      worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference)
    }
    expect(worst).toBeLessThanOrEqual(4 * terms * unit * scale)
  }

  const shapes = [
    [1, 1, 1],
    [3, 5, 7],
    [4, 8, 256],
    [5, 9, 257],
    [64, 64, 64],
    [67, 65, 129],
    [130, 37, 300],
    [37, 131, 513],
  ] as const

  describe('gemm', () => {
    for (const [rows, columns, inner] of shapes) {
      for (const [transposeA, transposeB] of [
        [false, false],
        [false, true],
        [true, false],
        [true, true],
      ] as const) {
        const name = `${rows} × ${inner} × ${columns}${transposeA ? ', Aᵀ' : ''}${transposeB ? ', Bᵀ' : ''}`
        it.each([
          [1, 0],
          [-0.75, 1],
          [0.5, -2],
          [0, 0.25],
        ])(`is that of plain for ${name}, α = %f, β = %f`, (alpha, beta) => {
          const [A, plainA] = transposeA ? twins(inner, rows, 1) : twins(rows, inner, 1)
          const [B, plainB] = transposeB ? twins(columns, inner, 2) : twins(inner, columns, 2)
          const [C, plainC] = twins(rows, columns, 3)
          backend.gemm(transposeA, transposeB, alpha, A, B, beta, C)
          plain.gemm(transposeA, transposeB, alpha, plainA, plainB, beta, plainC)
          expectNear(entriesOf(C), entriesOf(plainC), inner)
        })
      }
    }

    it('does not read C where β is 0', () => {
      for (const size of [3, 70]) {
        const [A] = twins(size, size, 1)
        const C = backend.matrix(size, size)
        entriesOf(C).fill(NaN)
        backend.gemm(false, false, 1, A, A, 0, C)
        expect(entriesOf(C).every(Number.isFinite)).toBe(true)
      }
    })

    it('refuses shapes that do not fit, naming both', () => {
      const [A] = twins(3, 4, 1)
      expect(() => backend.gemm(false, false, 1, A, A, 0, A)).toThrow('op(B) is 3 × 4, expected 4 × 4')
    })
  })

  describe('symmetricRankK', () => {
    for (const [order, inner] of [
      [1, 1],
      [3, 5],
      [4, 256],
      [65, 257],
      [131, 64],
      [70, 513],
    ] as const) {
      it.each([
        [false, 1, 0],
        [false, -1, 1],
        [true, 1, 0],
        [true, 0.5, -2],
      ])(`is that of plain for order ${order}, ${inner} terms, transposed %s, α = %f, β = %f`, (transpose, a, b) => {
        const [A, plainA] = transpose ? twins(inner, order, 1) : twins(order, inner, 1)
        const [C, plainC] = twins(order, order, 2)
        backend.symmetricRankK(transpose, a, A, b, C)
        plain.symmetricRankK(transpose, a, plainA, b, plainC)
        expectNear(lower(C), lower(plainC), inner)
      })
    }

    it('does not read C where β is 0', () => {
      const [A] = twins(67, 5, 1)
      const C = backend.matrix(67, 67)
      entriesOf(C).fill(NaN)
      backend.symmetricRankK(false, 1, A, 0, C)
      expect(lower(C).every(Number.isFinite)).toBe(true)
    })
  })

  /** GGᵀ/order + I for a random G: a symmetric matrix with eigenvalues in about [1, 2]; only its lower triangle is set. */
  function positiveDefinite(order: number): [Matrix, Matrix] {
    const [, G] = twins(order, order, 4)
    const [A, plainA] = [backend.matrix(order, order), plain.matrix(order, order)]
    plain.symmetricRankK(false, 1 / order, G, 0, plainA)
    for (let i = 0; i < order; i++) entriesOf(plainA)[i * order + i]! += 1
    entriesOf(A).set(entriesOf(plainA))
    for (let i = 0; i < order; i++) entriesOf(A).fill(NaN, i * order + i + 1, (i + 1) * order)
    return [A, plainA]
  }

  describe('cholesky', () => {
    it.each([1, 2, 3, 5, 63, 64, 65, 129, 200, 321, 512, 513, 650])(
      'factorizes a matrix of order %i as plain does',
      (order) => {
        const [A, plainA] = positiveDefinite(order)
        expect(backend.cholesky(A)).toBe(0)
        expect(plain.cholesky(plainA)).toBe(0)
        expectNear(lower(A), lower(plainA), order)
      },
    )

    it('factorizes min(i, j), whose factor is the triangle of ones', () => {
      const order = 150
      const A = backend.matrix(order, order)
      for (let at = 0; at < entriesOf(A).length; at++)
        entriesOf(A)[at] = 1 + Math.min(at % order, Math.floor(at / order))
      expect(backend.cholesky(A)).toBe(0)
      expect(lower(A).every((entry) => entry === 1)).toBe(true)
    })

    it.each([0, -1, NaN, Infinity, -Infinity])('names the leading minor that %d on the diagonal spoils', (value) => {
      for (const order of [1, 5, 64, 65, 200, 530]) {
        for (const at of new Set([0, order >> 1, order - 1])) {
          const [A] = positiveDefinite(order)
          entriesOf(A)[at * order + at] = value
          expect(backend.cholesky(A)).toBe(at + 1)
        }
      }
    })

    it('names the first of two spoilt minors, also where the spoilt entry is off the diagonal', () => {
      const [A] = positiveDefinite(200)
      entriesOf(A)[150 * 200 + 20] = NaN
      entriesOf(A)[90 * 200 + 3] = 1e9
      expect(backend.cholesky(A)).toBe(91)
    })
  })

  describe('solveCholesky', () => {
    for (const order of [1, 3, 64, 65, 130, 257, 515]) {
      it.each([1, 3, 4, 7, 8, 37, 70])(`solves for %i right-hand sides of order ${order} as plain does`, (width) => {
        const [, plainL] = positiveDefinite(order)
        plain.cholesky(plainL)
        const L = backend.matrix(order, order)
        entriesOf(L).set(entriesOf(plainL))
        for (let i = 0; i < order; i++) entriesOf(L).fill(NaN, i * order + i + 1, (i + 1) * order)
        const [B, plainB] = twins(order, width, 5)
        backend.solveCholesky(L, B)
        plain.solveCholesky(plainL, plainB)
        expectNear(entriesOf(B), entriesOf(plainB), order)
      })
    }
  })

  describe('rows', () => {
    it.each([
      [1, 1, 1],
      [7, 2, 5],
      [33, 2, 67],
      [50, 3, 130],
      [19, 1, 64],
      [9, 2, 68],
      // More than one list of the WebAssembly kernel takes.
      [300_000, 2, 1],
    ])('gathers and scatters %i rows of %i indices over %i columns as plain does', (rows, perRow, width) => {
      const tableRows = 11
      const indices = Int32Array.from(noise(rows * perRow, 6), (value) => Math.floor((value + 0.5) * tableRows))
      indices.fill(4, 0, perRow)
      const [X, plainX] = [backend.inputRows(rows, perRow, indices), plain.inputRows(rows, perRow, indices)]
      const [E, plainE] = twins(tableRows, width, 7)
      const [Z, plainZ] = twins(rows, width, 8)
      for (const beta of [0, 1, -0.5]) {
        backend.scatterRows(X, Z, beta, E)
        plain.scatterRows(plainX, plainZ, beta, plainE)
        expectNear(entriesOf(E), entriesOf(plainE), rows, 2)
      }
      backend.gatherRows(X, E, Z)
      plain.gatherRows(plainX, plainE, plainZ)
      expectNear(entriesOf(Z), entriesOf(plainZ), rows, 2 * perRow)
    })

    it('scatters into rows that held NaN where β is 0', () => {
      const [A] = twins(3, 5, 1)
      const G = backend.matrix(4, 5)
      entriesOf(G).fill(NaN)
      backend.scatterRows(backend.inputRows(3, 1, Int32Array.of(0, 2, 2)), A, 0, G)
      expect(entriesOf(G).every(Number.isFinite)).toBe(true)
    })
  })

  describe.each(activations)('%s', (activation) => {
    const points = [
      0, -0, 1e-9, -1e-9, 0.3, -0.3, 0.75, -0.75, 1.1, -1.1, 1.9, -2.7, 2.9, -4, 4.2, -7, 19, -19, 40, -45,
    ]
    const argumentsOf = (length: number) =>
      Array.from({ length }, (_, at) => points[at % points.length]! * (1 + at / 99))

    it.each([1, 2, 5, 97, 8193])('has the values and derivatives of plain at %i entries', (length) => {
      const [Z, Y, A] = [backend.matrix(1, length), backend.matrix(1, length), backend.matrix(1, length)]
      const [plainZ, plainA] = [plain.matrix(1, length), plain.matrix(1, length)]
      entriesOf(Z).set(argumentsOf(length))
      entriesOf(plainZ).set(argumentsOf(length))
      entriesOf(A).fill(1)
      entriesOf(plainA).fill(1)
      backend.activate(activation, Z, Y)
      backend.multiplyByDerivative(activation, Z, A)
      plain.multiplyByDerivative(activation, plainZ, plainA)
      plain.activate(activation, plainZ, plainZ)
      const tolerance = precision === 'float64' ? 1e-14 : 1e-6
      expectRelativelyNear(entriesOf(Y), entriesOf(plainZ), tolerance)
      expectRelativelyNear(entriesOf(A), entriesOf(plainA), tolerance)
    })

    it('may be taken in place', () => {
      const [Z] = twins(7, 13, 9)
      const H = backend.matrix(7, 13)
      backend.activate(activation, Z, H)
      backend.activate(activation, Z, Z)
      expect(entriesOf(Z)).toEqual(entriesOf(H))
    })
  })

  describe('axpby and dot', () => {
    it.each([1, 3, 4, 1000, 8191, 8192, 8197, 30_011])('are those of plain at %i entries', (length) => {
      const [X, plainX] = twins(1, length, 10)
      const [Y, plainY] = twins(1, length, 11)
      const scale = Math.abs(plain.dot(plainX, plainX))
      expect(Math.abs(backend.dot(X, Y) - plain.dot(plainX, plainY))).toBeLessThanOrEqual(length * 2 ** -53 * scale)
      for (const [alpha, beta] of [
        [1, 0],
        [-0.3, 1],
        [2, -0.7],
      ] as const) {
        backend.axpby(alpha, X, beta, Y)
        plain.axpby(alpha, plainX, beta, plainY)
        expectNear(entriesOf(Y), entriesOf(plainY), 4)
      }
    })

    it.each([1e-7, 1e-6, 1e-4])('shrink by a factor 1 − %f as much as that says, on average', (share) => {
      const X = backend.matrix(1, 20_000)
      const Y = backend.matrix(1, 20_000)
      // Of many sizes, so that what rounding adds to one it takes from another.
      const before = Float64Array.from({ length: 20_000 }, (_, place) => Math.fround(2 ** ((place * 0.6180339887) % 1)))
      backend.upload(Y, before)
      backend.axpby(0, X, 1 - share, Y)
      const after = backend.download(Y)
      const lost = before.reduce((sum, value, place) => sum + (value - after[place]!), 0)
      expect(Math.abs(lost / before.reduce((sum, value) => sum + value, 0) / share - 1)).toBeLessThan(0.06)
    })

    it('does not read Y where β is 0', () => {
      const [X] = twins(3, 3, 1)
      const Y = backend.matrix(3, 3)
      entriesOf(Y).fill(NaN)
      backend.axpby(1, X, 0, Y)
      expect(entriesOf(Y)).toEqual(entriesOf(X))
    })
  })

  describe('memory', () => {
    it('gives back what it was given, in its precision, as a copy or into an array', () => {
      const values = noise(15, 30)
      const M = backend.matrix(3, 5)
      backend.upload(M, values)
      const copy = backend.download(M)
      expect([...copy]).toEqual([...values].map(precision === 'float32' ? Math.fround : Number))
      copy.fill(0)
      expect([...backend.download(M, new Float64Array(15))]).toEqual([...backend.download(M)])
      expect(() => backend.upload(M, [1, 2])).toThrow('values has 2 entries, expected 3 × 5')
      expect(() => backend.download(M, new Float64Array(16))).toThrow('into has 16 entries, expected 3 × 5')
    })

    it('is one memory in every shape', () => {
      const [M] = twins(6, 4, 31)
      const column = backend.reshape(M, 24, 1)
      expect(backend.download(column)).toEqual(backend.download(M))
      const [Y] = twins(24, 1, 32)
      backend.axpby(1, Y, 0, column)
      expect(backend.download(M)).toEqual(backend.download(Y))
      expect(() => backend.reshape(M, 5, 5)).toThrow('24 entries are no matrix of 5 × 5')
    })

    it('takes rows of matrices and of inputs in the order asked for', () => {
      const rows = Int32Array.of(2, 0, 2)
      const [from] = twins(4, 3, 33)
      const into = backend.matrix(3, 3)
      backend.takeRows(from, rows, into)
      const entries = backend.download(from)
      expect([...backend.download(into)]).toEqual(
        [...rows].flatMap((row) => [...entries.subarray(3 * row, 3 * row + 3)]),
      )
      const X = backend.inputRows(4, 2, Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7))
      const taken = backend.inputRows(3, 2, new Int32Array(6).fill(7))
      backend.takeRows(X, rows, taken)
      expect([...taken.indices]).toEqual([4, 5, 0, 1, 4, 5])
      expect(() => backend.takeRows(from, rows.subarray(1), into)).toThrow('into is 3 × 3, expected 2 × 3')
    })
  })

  it('fills, scales and adds to a diagonal, each entry rounded once', () => {
    const [A, plainA] = twins(9, 9, 34)
    const before = [...plain.download(plainA)]
    const rounded = precision === 'float32' ? Math.fround : Number
    backend.scale(0.1, A)
    expect([...backend.download(A)]).toEqual(before.map((entry) => rounded(0.1 * entry)))
    backend.upload(A, before)
    backend.addDiagonal(1.1, A)
    expect([...backend.download(A)]).toEqual(before.map((entry, at) => rounded(at % 10 === 0 ? entry + 1.1 : entry)))
    backend.fill(A, 0.1)
    expect([...backend.download(A)]).toEqual(before.map(() => rounded(0.1)))
  })

  it('forms the Khatri–Rao product, column by column the Kronecker product of columns', () => {
    const [[A], [B]] = [twins(3, 5, 35), twins(5, 4, 36)]
    const C = backend.matrix(12, 5)
    backend.khatriRao(A, B, C)
    const [a, b] = [backend.download(A), backend.download(B)]
    const rounded = precision === 'float32' ? Math.fround : Number
    const expected = Array.from({ length: 60 }, (_, at) => {
      const [row, u] = [Math.floor(at / 5), at % 5]
      return rounded(a[5 * Math.floor(row / 4) + u]! * b[4 * u + (row % 4)]!)
    })
    expect([...backend.download(C)]).toEqual(expected)
    expect(() => backend.khatriRao(A, B, A)).toThrow('C is 3 × 5, expected 12 × 5')
  })

  it.each([1, 3])('multiplies the lower triangle of blocks of side %i', (side) => {
    const order = 4 * side
    const [[K], [A]] = [twins(4, 4, 37), twins(order, order, 38)]
    const [factors, before] = [backend.download(K), lower(A)]
    const places = Float64Array.from({ length: order * order }, (_, at) => at)
    const ofEntry = places.filter((at) => at % order <= Math.floor(at / order))
    backend.multiplyBlocks(K, A)
    const rounded = precision === 'float32' ? Math.fround : Number
    const expected = before.map((entry, i) => {
      const [row, column] = [Math.floor(ofEntry[i]! / order), ofEntry[i]! % order]
      return rounded(entry * factors[4 * Math.floor(row / side) + Math.floor(column / side)]!)
    })
    expect(lower(A)).toEqual(expected)
    if (side > 1) expect(() => backend.multiplyBlocks(A, K)).toThrow('A is 4 × 4, expected 0 × 4')
  })

  it('adds the lower triangle of a matrix at places of another, and nothing elsewhere', () => {
    const [[P], [A]] = [twins(3, 3, 39), twins(6, 6, 40)]
    const places = [1, 2, 5]
    const [added, expected] = [backend.download(P), backend.download(A)]
    places.forEach((row, a) =>
      places.slice(0, a + 1).forEach((column, b) => (expected[6 * row + column]! += added[3 * a + b]!)),
    )
    backend.addSubmatrix(P, backend.inputRows(3, 1, Int32Array.from(places)), A)
    expect(lower(A)).toEqual(expected.filter((_, at) => at % 6 <= Math.floor(at / 6)))
    expect(() => backend.addSubmatrix(A, backend.inputRows(3, 1, Int32Array.from(places)), A)).toThrow(
      'P is 6 × 6, expected 3 × 3',
    )
  })

  it('evaluates a loss on its arrays, and leaves its cotangent', () => {
    const [[R], [Y]] = [twins(4, 3, 41), twins(4, 3, 42)]
    const C = backend.matrix(4, 3)
    const value = backend.evaluateLoss(
      (residual, targets, cotangent, outputs) => {
        cotangent.set(residual.map((each, at) => each + 2 * targets[at]!))
        return outputs
      },
      R,
      Y,
      C,
    )
    expect(value).toBe(3)
    const [r, y] = [backend.download(R), backend.download(Y)]
    expect(backend.download(C)).toEqual(r.map((each, at) => each + 2 * y[at]!))
  })

  it.each([1, 7, 4096, 8197, 30_011])('a step of Adam has the bits of plain at %i entries', (length) => {
    const names = ['Theta', 'G', 'M', 'V']
    const pairs = names.map((_, i) => twins(1, length, 20 + i))
    const [V, plainV] = pairs[3]!
    for (const M of [V, plainV]) entriesOf(M).forEach((value, at, data) => (data[at] = value * value))
    for (const more of [{}, { l2: 0.1, kept: 1, gradientScale: 0.3 }]) {
      const coefficients = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, rate: 0.01, correction: 0.19, kept: 0.99 }
      const whole = { ...coefficients, l2: 0, gradientScale: 1, ...more }
      const [own, theirs] = [0, 1].map((side) => pairs.map((pair) => pair[side]!))
      backend.adamStep(own![0]!, own![1]!, own![2]!, own![3]!, whole)
      plain.adamStep(theirs![0]!, theirs![1]!, theirs![2]!, theirs![3]!, whole)
      names.forEach((name, i) => expect(entriesOf(own![i]!), name).toEqual(entriesOf(theirs![i]!)))
    }
  })

  it('cleared, computes what it computed when it was new, to the bit, whatever it computed since', async () => {
    const own = await open()
    const compute = (n: number, seed: number) => {
      const [A, S, B, C] = [own.matrix(n, n), own.matrix(n, n), own.matrix(n, 5), own.matrix(n, n)]
      const before = [A, S, B, C].map((M) => entriesOf(M).every((entry) => entry === 0))
      entriesOf(A).set(noise(n * n, seed))
      entriesOf(B).set(noise(n * 5, seed + 1))
      own.symmetricRankK(false, 1, A, 0, S)
      for (let i = 0; i < n; i++) entriesOf(S)[i * n + i]! += 1
      const failed = own.cholesky(S)
      own.solveCholesky(S, B)
      entriesOf(C).set(noise(n * n, seed + 2))
      own.gemm(false, true, 1, A, S, 0.5, C)
      own.activate('tanh', C, C)
      return [before, failed, entriesOf(B).slice(), entriesOf(C).slice(), own.dot(C, C)]
    }
    const first = compute(67, 3)
    own.clear()
    compute(131, 7)
    entriesOf(own.matrix(40, 40)).fill(NaN)
    own.clear()
    expect(compute(67, 3)).toEqual(first)
    own.close()
  })
}

/** Numbers in [−1/2, 1/2) without structure, the same for the same seed. */
export function noise(length: number, seed: number): Float64Array {
  return Float64Array.from({ length }, (_, at) => {
    const turn = Math.sin((at + 1) * 12.9898 + seed * 78.233) * 43758.5453
    return turn - Math.floor(turn) - 0.5
  })
}

/** The lower triangle, row after row. */
export function lower(A: Matrix): RealArray {
  return entriesOf(A).filter((_, at) => at % A.rows <= Math.floor(at / A.rows))
}

/** Below the normal numbers of float64 all are near. */
function expectRelativelyNear(actual: RealArray, expected: RealArray, tolerance: number): void {
  const far = [...actual].findIndex(
    (value, at) => !(Math.abs(value - expected[at]!) <= tolerance * Math.max(Math.abs(expected[at]!), 1e-290)),
  )
  expect(far, `entry ${far} is ${actual[far]}, not within ${tolerance} of ${expected[far]}, relatively`).toBe(-1)
}
