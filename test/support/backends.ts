import type { Backend } from '../../src/main/lab/backend/backend.ts'
import { blasBackend } from '../../src/main/lab/backend/blas/blasBackend.ts'
import { findBlasLibraries } from '../../src/main/lab/backend/blas/findBlasLibraries.ts'
import { plainBackend } from '../../src/main/lab/backend/plain.ts'
import { wasmBackend } from '../../src/main/lab/backend/wasm/wasmBackend.ts'

interface OpenableBackend {
  name: string
  open(): Promise<Backend>
}

/** Every float64 backend of this machine: two that are everywhere, and the BLAS libraries that are found. */
export const backends: readonly OpenableBackend[] = [
  { name: 'plain', open: () => Promise.resolve(plainBackend('float64')) },
  { name: 'wasm', open: () => wasmBackend('float64', 1) },
  ...findBlasLibraries().map(({ path }) => ({
    name: path,
    open: () => blasBackend('float64', { library: path, threads: 1 }),
  })),
]
