import { readFileSync } from 'node:fs'
import type { Precision } from '../../../../shared/specification/limits.ts'
import { locateBeside } from '../locateBeside.ts'

/** Pages of 64 KiB: what the kernels' own buffers need, and all that 32-bit addresses reach. */
export const firstPages = 256
export const maximumPages = 65_536

/** What the kernels export; addresses and strides are bytes in the shared memory. See kernels/index.ts. */
export interface Kernels {
  arenaStart(): number
  setThreads(count: number): void
  serve(thread: number): void
  close(): void
  gemm(
    transposeA: boolean,
    transposeB: boolean,
    rows: number,
    columns: number,
    inner: number,
    alpha: number,
    a: number,
    b: number,
    beta: number,
    c: number,
  ): void
  symmetricRankK(
    transpose: boolean,
    order: number,
    inner: number,
    alpha: number,
    a: number,
    beta: number,
    c: number,
  ): void
  cholesky(order: number, a: number): number
  solveCholesky(order: number, l: number, width: number, b: number): void
  gatherRows(rows: number, perRow: number, indices: number, width: number, e: number, z: number): void
  scatterRows(
    rows: number,
    perRow: number,
    indices: number,
    width: number,
    a: number,
    beta: number,
    tableRows: number,
    g: number,
  ): void
  activate(activation: number, length: number, z: number, h: number): void
  multiplyByDerivative(activation: number, length: number, z: number, a: number): void
  axpby(length: number, alpha: number, x: number, beta: number, y: number): void
  dot(length: number, x: number, y: number): number
  adamStep(
    length: number,
    theta: number,
    gradient: number,
    mean: number,
    square: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    rate: number,
    correction: number,
    kept: number,
    l2: number,
    gradientScale: number,
  ): void
}

/** Compiles the kernels of one precision; they need the memory that `instantiateKernels` is given. */
export function compileKernels(precision: Precision): Promise<WebAssembly.Module> {
  return WebAssembly.compile(readFileSync(locateBeside(import.meta.url, [`kernels.${precision}.wasm`])))
}

export async function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Kernels> {
  const instance = await WebAssembly.instantiate(module, { env: { memory } })
  return instance.exports as unknown as Kernels
}
