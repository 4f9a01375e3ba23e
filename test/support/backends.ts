import type { Backend } from '../../src/main/lab/backend/backend.ts'
import { plainBackend } from '../../src/main/lab/backend/plain.ts'
import { wasmBackend } from '../../src/main/lab/backend/wasm/wasmBackend.ts'

interface OpenableBackend {
  name: string
  open(): Promise<Backend>
}

/** Every float64 backend that works on any machine. */
export const backends: readonly OpenableBackend[] = [
  { name: 'plain', open: () => Promise.resolve(plainBackend('float64')) },
  { name: 'wasm', open: () => wasmBackend('float64', 1) },
]
