import type { Backend } from '../../src/main/lab/backend/backend.ts'
import { blasBackend } from '../../src/main/lab/backend/blas/blasBackend.ts'
import { plainBackend } from '../../src/main/lab/backend/plain.ts'
import { wasmBackend } from '../../src/main/lab/backend/wasm/wasmBackend.ts'

interface OpenableBackend {
  name: string
  open(): Promise<Backend>
}

/** Whether this machine has a BLAS library that loads; tests on it are left out where it has none. */
const hasBlas = await blasBackend('float64', { threads: 1 }).then(
  (backend) => {
    backend.close()
    return true
  },
  () => false,
)

/** Every float64 backend and thread count that this machine can try. */
export const backends: readonly OpenableBackend[] = [
  { name: 'plain', open: () => Promise.resolve(plainBackend('float64')) },
  { name: 'wasm, 1 thread', open: () => wasmBackend('float64', 1) },
  { name: 'wasm, 2 threads', open: () => wasmBackend('float64', 2) },
  ...(hasBlas ? [{ name: 'BLAS, 1 thread', open: () => blasBackend('float64', { threads: 1 }) }] : []),
]
