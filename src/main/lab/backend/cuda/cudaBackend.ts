import { LabError } from '../../../../shared/errors.ts'
import type { Precision } from '../../../../shared/specification/limits.ts'
import { activationNumbers } from '../../network/activations.ts'
import type { Backend, InputRows, Matrix } from '../backend.ts'
import { requireShape } from '../requireShape.ts'
import { cudaFactorization } from './cudaFactorization.ts'
import { createCudaQueue, type CudaQueue } from './cudaQueue.ts'
import { createCudaRows } from './cudaRows.ts'
import { createFusedSteps, type FusedSteps, type IsolatedLayer } from './fusedSteps.ts'
import { blockThreads, dotPart, type KernelName } from './kernelSource.ts'
import type { Cuda } from './loadCuda.ts'

/** A backend whose matrices lie on a card of NVIDIA's, which computes all of it, in the order in which it was asked for. */
export interface CudaBackend extends Backend {
  readonly kind: 'cuda'
  readonly queue: CudaQueue
  /** Enqueues Σ_ij X_ij·Y_ij, without waiting for it; its place among the numbers that `queue.take` returns. */
  dotLater(X: Matrix, Y: Matrix): number
  /** Whole steps of Euler's on an isolated layer by one kernel; undefined where card or sizes do not allow it. */
  fusedSteps(layer: IsolatedLayer): FusedSteps | undefined
  /** How a run takes such steps, where there is a choice. */
  readonly steps?: StepChoice
}

/** Whether Euler's steps of the isolated layer are taken by one kernel, or by the libraries. */
export interface StepChoice {
  readonly isFused: boolean
  /** What a user reads. */
  readonly reason: string
}

/** A matrix on a card, row-major without padding. */
export interface CudaMatrix extends Matrix {
  /** The address of its first entry. */
  readonly address: number
}

/** Blocks of a grid in its second direction; kernels with more rows go on from there. */
const mostBlockRows = 65_535

/**
 * Matrix arithmetic in float64 on a card: products by cuBLAS, Cholesky's factorization by cuSOLVER, the rest by kernels
 * (`kernelSource.ts`). Nothing is waited for but what comes back: entries, sums, whether a factorization failed. Entrywise
 * operations and sums of rows have the bits of the plain backend; those of products belong to card, driver and library,
 * which repeat them. Throws INVALID_SPECIFICATION for float32, OUT_OF_MEMORY where the card has no more, BACKEND_UNAVAILABLE
 * where it was lost.
 */
export function cudaBackend(cuda: Cuda, precision: Precision): CudaBackend {
  if (precision !== 'float64') {
    const message = `precision: "${precision}" is not allowed with CUDA, which computes in "float64"`
    throw new LabError('INVALID_SPECIFICATION', message)
  }
  const { driver, libraries, launch } = cuda
  const allocated: number[] = []
  let owned = new WeakSet<Matrix>()

  function allocate(bytes: number): number {
    const address = driver.allocate(bytes)
    allocated.push(address)
    return address
  }

  const factorization = cudaFactorization(cuda, allocate)
  const inputs = createCudaRows(driver, allocate)
  const queue = createCudaQueue(driver, launch, factorization.info)
  let parts = { address: 0, entries: 0 }

  function matrixAt(address: number, rows: number, columns: number): CudaMatrix {
    const matrix = { rows, columns, address } as CudaMatrix
    owned.add(matrix)
    return matrix
  }

  function addressOf(matrix: Matrix): number {
    if (!owned.has(matrix)) throw new RangeError('a matrix of another backend, or of before it was cleared')
    return (matrix as CudaMatrix).address
  }

  /** A thread for each of so many entries. */
  function each(kernel: KernelName, length: number, values: readonly number[]): void {
    if (length > 0) launch(kernel, [Math.ceil(length / blockThreads), 1], blockThreads, 0, values)
  }

  /** A thread for each column of so many rows. */
  function eachRow(kernel: KernelName, rows: number, columns: number, values: readonly number[]): void {
    const threads = columns > 64 ? 128 : 32
    if (rows * columns === 0) return
    launch(kernel, [Math.ceil(columns / threads), Math.min(rows, mostBlockRows)], threads, 0, values)
  }

  /** Σ X_ij·Y_ij ← into the number at an address: by parts of fixed length, each by a tree. */
  function addProducts(X: Matrix, Y: Matrix, into: number): void {
    requireShape('Y', Y.rows, Y.columns, X.rows, X.columns)
    const length = X.rows * X.columns
    const count = Math.max(1, Math.ceil(length / dotPart))
    if (parts.entries < count) parts = { address: allocate(8 * count), entries: count }
    const shared = 8 * blockThreads
    const values = [addressOf(X), addressOf(Y), length, parts.address]
    launch('dotParts', [count, 1], blockThreads, shared, values)
    launch('addParts', [1, 1], blockThreads, shared, [parts.address, count, into])
  }

  function takeRows(from: Matrix | InputRows, rows: Int32Array, into: Matrix | InputRows): void {
    if ('perRow' in from || 'perRow' in into) return inputs.take(from, rows, into)
    requireShape('into', into.rows, into.columns, rows.length, from.columns)
    const values = [inputs.places(rows), addressOf(from), addressOf(into), into.rows, into.columns]
    eachRow('takeRows', into.rows, into.columns, values)
  }

  function upload(M: Matrix, values: ArrayLike<number>): void {
    requireLength('values', values.length, M)
    driver.write(addressOf(M), values instanceof Float64Array ? values : Float64Array.from(values))
  }

  const backend: CudaBackend = {
    kind: 'cuda',
    description: cuda.description,
    precision,
    threads: 1,
    queue,
    matrix: (rows, columns) => matrixAt(allocate(8 * rows * columns), rows, columns),
    inputRows: inputs.create,
    reshape(M, rows, columns) {
      const entries = M.rows * M.columns
      if (entries !== rows * columns) throw new RangeError(`${entries} entries are no matrix of ${rows} × ${columns}`)
      return matrixAt(addressOf(M), rows, columns)
    },
    upload,
    download(M, into) {
      if (into) requireLength('into', into.length, M)
      const entries = into instanceof Float64Array ? into : new Float64Array(M.rows * M.columns)
      driver.read(entries, addressOf(M))
      if (!into || into === entries) return entries
      into.set(entries)
      return into
    },
    fill: (M, value) => each('fill', M.rows * M.columns, [addressOf(M), M.rows * M.columns, value]),
    takeRows,

    gemm(transposeA, transposeB, alpha, A, B, beta, C) {
      const rows = transposeA ? A.columns : A.rows
      const inner = transposeA ? A.rows : A.columns
      const columns = transposeB ? B.rows : B.columns
      requireShape('op(B)', transposeB ? B.columns : B.rows, columns, inner, columns)
      requireShape('C', C.rows, C.columns, rows, columns)
      // In columns every matrix is its transpose: Cᵀ = op(B)ᵀ·op(A)ᵀ.
      libraries.gemm({
        ...{ transposeA: transposeB, transposeB: transposeA, m: columns, n: rows, k: inner },
        ...{ alpha, a: addressOf(B), aStride: B.columns, b: addressOf(A), bStride: A.columns },
        ...{ beta, c: addressOf(C), cStride: C.columns },
      })
    },
    symmetricRankK(transpose, alpha, A, beta, C) {
      const order = transpose ? A.columns : A.rows
      const inner = transpose ? A.rows : A.columns
      requireShape('C', C.rows, C.columns, order, order)
      libraries.syrk(!transpose, order, inner, alpha, addressOf(A), A.columns, beta, addressOf(C), order)
    },
    cholesky(A) {
      requireShape('A', A.rows, A.columns, A.rows, A.rows)
      factorization.factorize(addressOf(A), A.rows)
      return queue.outcome()
    },
    solveCholesky(L, B) {
      requireShape('L', L.rows, L.columns, L.rows, L.rows)
      requireShape('B', B.rows, B.columns, L.rows, B.columns)
      factorization.solve(addressOf(L), L.rows, addressOf(B), B.columns)
    },

    gatherRows(X, E, Z) {
      requireShape('Z', Z.rows, Z.columns, X.rows, E.columns)
      const { indices } = inputs.on('E', X, E.rows)
      const values = [indices, X.perRow, addressOf(E), addressOf(Z), X.rows, E.columns]
      eachRow('gatherRows', X.rows, E.columns, values)
    },
    scatterRows(X, A, beta, G) {
      requireShape('A', A.rows, A.columns, X.rows, A.columns)
      requireShape('G', G.rows, G.columns, G.rows, A.columns)
      const { start, rowsOf, tokens } = inputs.on('G', X, G.rows)
      const values = [start, rowsOf, addressOf(A), tokens, beta, addressOf(G), G.rows, G.columns]
      eachRow('scatterRows', G.rows, G.columns, values)
    },
    activate(activation, Z, H) {
      requireShape('H', H.rows, H.columns, Z.rows, Z.columns)
      const length = Z.rows * Z.columns
      each('activate', length, [activationNumbers[activation], addressOf(Z), addressOf(H), length])
    },
    multiplyByDerivative(activation, Z, A) {
      requireShape('A', A.rows, A.columns, Z.rows, Z.columns)
      const length = Z.rows * Z.columns
      each('multiplyByDerivative', length, [activationNumbers[activation], addressOf(Z), addressOf(A), length])
    },

    axpby(alpha, X, beta, Y) {
      requireShape('Y', Y.rows, Y.columns, X.rows, X.columns)
      const length = X.rows * X.columns
      each('axpby', length, [alpha, addressOf(X), beta, addressOf(Y), length])
    },
    scale: (alpha, X) => each('scale', X.rows * X.columns, [addressOf(X), X.rows * X.columns, alpha]),
    addDiagonal(alpha, A) {
      requireShape('A', A.rows, A.columns, A.rows, A.rows)
      each('addDiagonal', A.rows, [addressOf(A), A.rows, alpha])
    },
    dot: (X, Y) => queue.numberBy((into) => addProducts(X, Y, into)),
    dotLater: (X, Y) => queue.numberLater((into) => addProducts(X, Y, into)),
    fusedSteps: (layer) => createFusedSteps({ cuda, inputs, allocate, addressOf }, layer),

    khatriRao(A, B, C) {
      requireShape('B', B.rows, B.columns, A.columns, B.columns)
      requireShape('C', C.rows, C.columns, A.rows * B.columns, A.columns)
      const values = [addressOf(A), addressOf(B), addressOf(C), A.rows, B.columns, A.columns]
      each('khatriRao', C.rows * C.columns, values)
    },
    multiplyBlocks(K, A) {
      const side = Math.floor(A.rows / K.rows)
      requireShape('K', K.rows, K.columns, K.rows, K.rows)
      requireShape('A', A.rows, A.columns, K.rows * side, A.rows)
      each('multiplyBlocks', A.rows * A.rows, [addressOf(K), addressOf(A), side, K.rows, A.rows])
    },
    addSubmatrix(P, places, A) {
      const count = places.rows
      requireShape('P', P.rows, P.columns, count * places.perRow, count)
      const { indices } = inputs.on('A', places, A.rows)
      each('addSubmatrix', count * count, [addressOf(P), indices, count, addressOf(A), A.columns])
    },
    evaluateLoss(loss, R, Y, C) {
      requireShape('Y', Y.rows, Y.columns, R.rows, R.columns)
      requireShape('C', C.rows, C.columns, R.rows, R.columns)
      const cotangent = new Float64Array(R.rows * R.columns)
      const value = loss(backend.download(R), backend.download(Y), cotangent, R.columns)
      upload(C, cotangent)
      return value
    },
    adamStep(Theta, G, M, V, { beta1, beta2, epsilon, rate, correction, kept, l2, gradientScale }) {
      const { rows, columns } = Theta
      requireShape('G', G.rows, G.columns, rows, columns)
      requireShape('M', M.rows, M.columns, rows, columns)
      requireShape('V', V.rows, V.columns, rows, columns)
      const length = rows * columns
      const addresses = [Theta, G, M, V].map(addressOf)
      const factors = [beta1, beta2, epsilon, rate, correction, kept, l2, gradientScale]
      each('adamStep', length, [...addresses, length, ...factors])
    },

    clear() {
      for (const address of allocated.splice(0)) driver.free(address)
      factorization.clear()
      inputs.clear()
      parts = { address: 0, entries: 0 }
      // Whoever holds on to one hears of it.
      owned = new WeakSet()
    },
    close() {
      backend.clear()
      factorization.close()
      queue.close()
      libraries.close()
      driver.close()
    },
  }
  return backend
}

/** A card whose runs take Euler's steps of the isolated layer so, where there is a choice. */
export function withSteps(backend: CudaBackend, steps: StepChoice): CudaBackend {
  return { ...backend, steps }
}

export function isCuda(backend: Backend): backend is CudaBackend {
  return backend.kind === 'cuda'
}

function requireLength(name: string, length: number, { rows, columns }: Matrix): void {
  if (length !== rows * columns) {
    throw new RangeError(`${name} has ${length} entries, expected ${rows} × ${columns}`)
  }
}
