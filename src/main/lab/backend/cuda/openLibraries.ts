import type { LibraryHandle } from 'koffi'
import { cudaCalls } from './cudaCalls.ts'
import type { CudaDriver } from './openDriver.ts'

/** Products and factorizations in column-major order on addresses of a card; strides are numbers of entries. */
export interface CudaLibraryCalls {
  /** Major, minor and patch version of cuBLAS. */
  readonly version: string
  /** C ← α·op(A)·op(B) + β·C, C (m × n). */
  gemm(product: Product): void
  /** The same for `count` products, whose operands follow one another at these distances. */
  gemmBatched(product: Product, distances: { a: number; b: number; c: number }, count: number): void
  /** Upper triangle of C ← α·A·Aᵀ + β·C (n × n), or α·AᵀA + β·C when `transpose`. */
  syrk(
    ...operands: [
      ...[transpose: boolean, n: number, k: number, alpha: number, a: number, aStride: number],
      ...[beta: number, c: number, cStride: number],
    ]
  ): void
  /** Lower triangle of A ← L with A = L·Lᵀ; the integer at `info` ← 0 or the first leading minor that is not positive. */
  potrf(n: number, a: number, stride: number, work: { address: number; length: number }, info: number): void
  /** The length of `work`, in entries. */
  potrfWork(n: number, a: number, stride: number): number
  close(): void
}

export interface Product {
  readonly transposeA: boolean
  readonly transposeB: boolean
  readonly m: number
  readonly n: number
  readonly k: number
  readonly alpha: number
  readonly a: number
  readonly aStride: number
  readonly b: number
  readonly bStride: number
  readonly beta: number
  readonly c: number
  readonly cStride: number
}

const lower = 0
const upper = 1
const workspaceBytes = 32 << 20

const cublasCalls = {
  cublasCreate_v2: 'h',
  cublasDestroy_v2: 'p',
  cublasGetVersion_v2: 'ph',
  cublasSetWorkspace_v2: 'ppn',
  cublasDgemm_v2: 'piiiiihpipihpi',
  cublasDgemmStridedBatched: 'piiiiihpinpinhpini',
  cublasDsyrk_v2: 'piiiihpihpi',
}

const cusolverCalls = {
  cusolverDnCreate: 'h',
  cusolverDnDestroy: 'p',
  cusolverDnDpotrf_bufferSize: 'piipih',
  cusolverDnDpotrf: 'piipipip',
}

/** cuBLAS and cuSOLVER on the default stream of a card; cuBLAS's workspace is allocated here, for the same bits every time. */
export function openLibraries(cublas: LibraryHandle, cusolver: LibraryHandle, driver: CudaDriver): CudaLibraryCalls {
  const blas = cudaCalls(cublas, cublasCalls, { outOfMemory: 3, name: (status) => `status ${status}` })
  const solver = cudaCalls(cusolver, cusolverCalls, { outOfMemory: 2, name: (status) => `status ${status}` })
  const handle = new BigUint64Array(1)
  const integer = new Int32Array(1)
  blas.cublasCreate_v2(handle)
  const b = Number(handle[0])
  solver.cusolverDnCreate(handle)
  const s = Number(handle[0])
  blas.cublasGetVersion_v2(b, integer)
  const version = integer[0]!
  const workspace = driver.allocate(workspaceBytes)
  blas.cublasSetWorkspace_v2(b, workspace, workspaceBytes)
  // Read before the call returns.
  const alphaAt = new Float64Array(1)
  const betaAt = new Float64Array(1)

  function setFactors(alpha: number, beta: number): void {
    alphaAt[0] = alpha
    betaAt[0] = beta
  }

  return {
    version: `${Math.floor(version / 10_000)}.${Math.floor((version % 10_000) / 100)}.${version % 100}`,
    gemm({ transposeA, transposeB, m, n, k, alpha, a, aStride, b: B, bStride, beta, c, cStride }) {
      setFactors(alpha, beta)
      const [ta, tb] = [Number(transposeA), Number(transposeB)]
      blas.cublasDgemm_v2(b, ta, tb, m, n, k, alphaAt, a, aStride, B, bStride, betaAt, c, cStride)
    },
    gemmBatched({ transposeA, transposeB, m, n, k, alpha, a, aStride, b: B, bStride, beta, c, cStride }, by, count) {
      setFactors(alpha, beta)
      blas.cublasDgemmStridedBatched(
        ...[b, Number(transposeA), Number(transposeB), m, n, k, alphaAt, a, aStride, by.a],
        ...[B, bStride, by.b, betaAt, c, cStride, by.c, count],
      )
    },
    syrk(transpose, n, k, alpha, a, aStride, beta, c, cStride) {
      setFactors(alpha, beta)
      blas.cublasDsyrk_v2(b, upper, Number(transpose), n, k, alphaAt, a, aStride, betaAt, c, cStride)
    },
    potrf(n, a, stride, work, info) {
      solver.cusolverDnDpotrf(s, lower, n, a, stride, work.address, work.length, info)
    },
    potrfWork(n, a, stride) {
      solver.cusolverDnDpotrf_bufferSize(s, lower, n, a, stride, integer)
      return integer[0]!
    },
    close() {
      solver.cusolverDnDestroy(s)
      blas.cublasDestroy_v2(b)
      driver.free(workspace)
    },
  }
}
