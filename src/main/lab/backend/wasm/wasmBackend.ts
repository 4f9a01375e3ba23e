import { Worker } from 'node:worker_threads'
import type { Precision } from '../../../../shared/specification/limits.ts'
import type { Backend, InputRows, Matrix, RealArray } from '../backend.ts'
import { hostMatrix, hostOperations, type HostMatrix } from '../hostMemory.ts'
import { activationNumbers } from '../../network/activations.ts'
import { requireShape } from '../requireShape.ts'
import { createArena } from './arena.ts'
import { compileKernels, instantiateKernels } from './kernels.ts'

/** The WebAssembly backend with what another backend on the same memory needs. */
export interface WasmBackend extends Backend {
  readonly memory: WebAssembly.Memory
  matrix(rows: number, columns: number): HostMatrix
  /** Where the matrix begins in the memory, in bytes. Throws a RangeError for a matrix of another backend. */
  addressOf(matrix: Matrix): number
  /** Matrices allocated so far outlast `clear`. */
  keep(): void
}

/** As many threads as the kernels have scratch for. */
const maximumThreads = 64
/** As many rows as the kernels can list what is added to. */
const maximumScatteredRows = 500_000

/**
 * Matrix arithmetic in 128-bit WebAssembly SIMD on `threads` threads over one shared memory; available everywhere, and
 * with the same bits for any number of threads: who computes a tile never changes the order of operations within an
 * output element. All matrices live in one arena of at most 4 GiB; a step allocates nothing. In float32, sums run in
 * float32, `dot` in float64. Throws OUT_OF_MEMORY when a matrix does not fit, BACKEND_UNAVAILABLE without the kernels.
 *
 * Product: Goto & van de Geijn 2008 (doi 10.1145/1356052.1356053). Factorization and solves beyond order 512: recursive
 * halving on that product, Elmroth, Gustavson, Jonsson & Kågström 2004 (doi 10.1137/S0036144503428693). Factorization up
 * to that order: left-looking blocks that wait for each other, Kurzak, Buttari & Dongarra 2008
 * (doi 10.1109/TPDS.2007.70813).
 */
export async function wasmBackend(precision: Precision, threads: number): Promise<WasmBackend> {
  if (!Number.isInteger(threads) || threads < 1 || threads > maximumThreads) {
    throw new RangeError(`threads is ${threads}, allowed: whole numbers from 1 to ${maximumThreads}`)
  }
  const arena = createArena()
  const module = await compileKernels(precision)
  const kernels = await instantiateKernels(module, arena.memory)
  await Promise.all(Array.from({ length: threads - 1 }, (_, index) => startHelper(module, arena.memory, index + 1)))
  kernels.setThreads(threads)
  arena.allocate(kernels.arenaStart())
  arena.keep()

  let addresses = new WeakMap<object, number>()
  const greatestIndex = new WeakMap<InputRows, number>()

  function addressOf(operand: Matrix | InputRows): number {
    const address = addresses.get(operand)
    if (address === undefined) throw new RangeError(`the ${operand.rows}-row operand belongs to another backend`)
    return address
  }

  function matrix(rows: number, columns: number): HostMatrix {
    const entries = rows * columns
    const address = arena.allocate(entries * (precision === 'float64' ? 8 : 4))
    const { buffer } = arena.memory
    const data =
      precision === 'float64' ? new Float64Array(buffer, address, entries) : new Float32Array(buffer, address, entries)
    return matrixAt(address, rows, columns, data)
  }

  function matrixAt(address: number, rows: number, columns: number, data: RealArray): HostMatrix {
    const result = hostMatrix(rows, columns, data)
    addresses.set(result, address)
    return result
  }

  function inputRows(rows: number, perRow: number, indices: Int32Array): InputRows {
    if (indices.length !== rows * perRow || perRow < 1) {
      throw new RangeError(`${indices.length} indices given, expected ${rows} rows of ${perRow}, at least 1`)
    }
    const address = arena.allocate(indices.byteLength)
    const copy = new Int32Array(arena.memory.buffer, address, indices.length)
    copy.set(indices)
    const result = { rows, perRow, indices: copy }
    addresses.set(result, address)
    greatestIndex.set(result, greatestOf(indices))
    return result
  }

  function requireTableRows(name: string, X: InputRows, table: Matrix): void {
    const greatest = greatestIndex.get(X) ?? Infinity
    if (greatest >= table.rows) throw new RangeError(`${name} has ${table.rows} rows, X names row ${greatest}`)
  }

  return {
    kind: 'wasm',
    description: 'WebAssembly SIMD',
    precision,
    threads,
    memory: arena.memory,
    addressOf,
    matrix,
    inputRows,
    reshape: (M: HostMatrix, rows, columns) => matrixAt(addressOf(M), rows, columns, M.data),
    ...hostOperations,

    gemm(transposeA, transposeB, alpha, A, B, beta, C) {
      const rows = transposeA ? A.columns : A.rows
      const inner = transposeA ? A.rows : A.columns
      const columns = transposeB ? B.rows : B.columns
      requireShape('op(B)', transposeB ? B.columns : B.rows, columns, inner, columns)
      requireShape('C', C.rows, C.columns, rows, columns)
      const a = addressOf(A)
      const b = addressOf(B)
      kernels.gemm(transposeA, transposeB, rows, columns, inner, alpha, a, b, beta, addressOf(C))
    },

    symmetricRankK(transpose, alpha, A, beta, C) {
      const order = transpose ? A.columns : A.rows
      requireShape('C', C.rows, C.columns, order, order)
      const inner = transpose ? A.rows : A.columns
      kernels.symmetricRankK(transpose, order, inner, alpha, addressOf(A), beta, addressOf(C))
    },

    cholesky(A) {
      requireShape('A', A.rows, A.columns, A.rows, A.rows)
      return kernels.cholesky(A.rows, addressOf(A))
    },

    solveCholesky(L, B) {
      requireShape('L', L.rows, L.columns, L.rows, L.rows)
      requireShape('B', B.rows, B.columns, L.rows, B.columns)
      kernels.solveCholesky(L.rows, addressOf(L), B.columns, addressOf(B))
    },

    gatherRows(X, E, Z) {
      requireShape('Z', Z.rows, Z.columns, X.rows, E.columns)
      requireTableRows('E', X, E)
      kernels.gatherRows(X.rows, X.perRow, addressOf(X), E.columns, addressOf(E), addressOf(Z))
    },

    scatterRows(X, A, beta, G) {
      requireShape('A', A.rows, A.columns, X.rows, A.columns)
      requireShape('G', G.rows, G.columns, G.rows, A.columns)
      requireTableRows('G', X, G)
      if (G.rows > maximumScatteredRows) throw new RangeError(`G has ${G.rows} rows, at most ${maximumScatteredRows}`)
      kernels.scatterRows(X.rows, X.perRow, addressOf(X), A.columns, addressOf(A), beta, G.rows, addressOf(G))
    },

    activate(activation, Z, H) {
      requireShape('H', H.rows, H.columns, Z.rows, Z.columns)
      kernels.activate(activationNumbers[activation], Z.rows * Z.columns, addressOf(Z), addressOf(H))
    },

    multiplyByDerivative(activation, Z, A) {
      requireShape('A', A.rows, A.columns, Z.rows, Z.columns)
      kernels.multiplyByDerivative(activationNumbers[activation], Z.rows * Z.columns, addressOf(Z), addressOf(A))
    },

    axpby(alpha, X, beta, Y) {
      requireShape('Y', Y.rows, Y.columns, X.rows, X.columns)
      kernels.axpby(X.rows * X.columns, alpha, addressOf(X), beta, addressOf(Y))
    },

    adamStep(Theta, G, M, V, { beta1, beta2, epsilon, rate, correction, kept, l2, gradientScale }) {
      const { rows, columns } = Theta
      requireShape('G', G.rows, G.columns, rows, columns)
      requireShape('M', M.rows, M.columns, rows, columns)
      requireShape('V', V.rows, V.columns, rows, columns)
      const [theta, g, m, v] = [addressOf(Theta), addressOf(G), addressOf(M), addressOf(V)]
      const length = rows * columns
      kernels.adamStep(length, theta, g, m, v, beta1, beta2, epsilon, rate, correction, kept, l2, gradientScale)
    },

    dot(X, Y) {
      requireShape('Y', Y.rows, Y.columns, X.rows, X.columns)
      return kernels.dot(X.rows * X.columns, addressOf(X), addressOf(Y))
    },

    keep: arena.keep,
    clear() {
      arena.clear()
      // Whoever holds on to one hears of it.
      addresses = new WeakMap()
    },
    close: kernels.close,
  }
}

/** Written out here, so that a bundle needs no second script. */
const helperSource = `
const { parentPort, workerData } = require('node:worker_threads')
const { module, memory, thread } = workerData
const { serve } = new WebAssembly.Instance(module, { env: { memory } }).exports
parentPort.postMessage('ready')
serve(thread)
`

function startHelper(module: WebAssembly.Module, memory: WebAssembly.Memory, thread: number): Promise<void> {
  const worker = new Worker(helperSource, { eval: true, workerData: { module, memory, thread } })
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', () => {
      worker.off('error', reject)
      worker.unref()
      resolve()
    })
  })
}

function greatestOf(indices: Int32Array): number {
  let greatest = -1
  for (const index of indices) {
    if (index < 0) throw new RangeError(`index ${index} is negative`)
    greatest = Math.max(greatest, index)
  }
  return greatest
}
