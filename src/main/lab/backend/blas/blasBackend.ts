import { LabError } from '../../../../shared/errors.ts'
import type { Precision } from '../../../../shared/specification/limits.ts'
import type { Backend, Matrix } from '../backend.ts'
import type { HostMatrix } from '../hostMemory.ts'
import { requireShape } from '../requireShape.ts'
import { wasmBackend } from '../wasm/wasmBackend.ts'
import { findBlasLibraries } from './findBlasLibraries.ts'
import { loadBlas } from './loadBlas.ts'

const rowMajor = 101
const noTranspose = 111
const transposed = 112
const lower = 122
const nonUnit = 131
const left = 141

/**
 * Matrix arithmetic by the system's BLAS: gemm, syrk, trsm and LAPACK's potrf on the memory of the WebAssembly backend,
 * which does the rest (and the Cholesky factorization where the library has none). The last bits depend on the library,
 * its version and the number of threads. Without `library`, the first that `findBlasLibraries` names and that loads.
 * Throws BACKEND_UNAVAILABLE with every library tried and why it cannot be used. It does not test the numbers: see
 * `selfTest`.
 *
 * Dongarra et al. 1990 (doi 10.1145/77626.79170), Anderson et al., *LAPACK Users' Guide*.
 */
export async function blasBackend(
  precision: Precision,
  { library, threads }: { library?: string | undefined; threads: number },
): Promise<Backend> {
  const { blas, path } = await loadFirst(library === undefined ? undefined : [library], precision, threads)
  const wasm = await wasmBackend(precision, threads)
  const base = blas.addressOf(new Uint8Array(wasm.memory.buffer))
  const addressOf = (matrix: Matrix) => base + wasm.addressOf(matrix)

  // Fortran takes its arguments by address: the triangle's letter, the order, the result.
  const argumentsMatrix = wasm.matrix(1, 8)
  wasm.keep()
  const argumentsAt = addressOf(argumentsMatrix)
  const argumentValues = new Int32Array(argumentsMatrix.data.buffer, argumentsMatrix.data.byteOffset, 3)

  const { potrf } = blas
  function cholesky(A: HostMatrix): number {
    if (!potrf) return wasm.cholesky(A)
    const order = A.rows
    requireShape('A', A.rows, A.columns, order, order)
    // The lower triangle in rows is the upper one in Fortran's columns.
    argumentValues[0] = 'U'.charCodeAt(0)
    argumentValues[1] = order
    potrf(argumentsAt, argumentsAt + 4, addressOf(A), argumentsAt + 4, argumentsAt + 8, 1)
    const info = argumentValues[2]!
    if (info < 0) throw new RangeError(`potrf refuses its argument ${-info}`)
    return info || firstNonFinitePivot(A)
  }

  return {
    ...wasm,
    kind: 'blas',
    description: `${blas.version ?? 'BLAS'} (${path})${potrf ? '' : ', Cholesky by WebAssembly'}`,

    gemm(transposeA, transposeB, alpha, A, B, beta, C) {
      const rows = transposeA ? A.columns : A.rows
      const inner = transposeA ? A.rows : A.columns
      const columns = transposeB ? B.rows : B.columns
      requireShape('op(B)', transposeB ? B.columns : B.rows, columns, inner, columns)
      requireShape('C', C.rows, C.columns, rows, columns)
      blas.gemm(
        rowMajor,
        transposeA ? transposed : noTranspose,
        transposeB ? transposed : noTranspose,
        rows,
        columns,
        inner,
        alpha,
        addressOf(A),
        A.columns,
        addressOf(B),
        B.columns,
        beta,
        addressOf(C),
        C.columns,
      )
    },

    symmetricRankK(transpose, alpha, A, beta, C) {
      const order = transpose ? A.columns : A.rows
      const inner = transpose ? A.rows : A.columns
      requireShape('C', C.rows, C.columns, order, order)
      const operation = transpose ? transposed : noTranspose
      blas.syrk(rowMajor, lower, operation, order, inner, alpha, addressOf(A), A.columns, beta, addressOf(C), order)
    },

    cholesky,

    solveCholesky(L, B) {
      const order = L.rows
      const width = B.columns
      requireShape('L', L.rows, L.columns, order, order)
      requireShape('B', B.rows, B.columns, order, width)
      const l = addressOf(L)
      const b = addressOf(B)
      blas.trsm(rowMajor, left, lower, noTranspose, nonUnit, order, width, 1, l, order, b, width)
      blas.trsm(rowMajor, left, lower, transposed, nonUnit, order, width, 1, l, order, b, width)
    },
  }
}

async function loadFirst(given: readonly string[] | undefined, precision: Precision, threads: number) {
  const paths = given ?? findBlasLibraries().map(({ path }) => path)
  const failures: string[] = []
  for (const path of paths) {
    try {
      return { blas: await loadBlas(path, precision, threads), path }
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      failures.push(error.message)
    }
  }
  const message = failures.join('\n') || 'no BLAS library was found; name one in GROKSCOPE_BLAS'
  throw new LabError('BACKEND_UNAVAILABLE', message)
}

/** Some libraries factorize on through NaN and report success. */
function firstNonFinitePivot({ rows, data }: HostMatrix): number {
  for (let i = 0; i < rows; i++) if (!Number.isFinite(data[i * rows + i]!)) return i + 1
  return 0
}
