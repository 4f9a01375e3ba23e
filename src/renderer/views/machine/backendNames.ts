import { devices } from '../../../shared/machine.ts'

/** Backends as they are called in words. */
export const backendNames: Record<string, string> = {
  plain: 'TypeScript',
  wasm: 'WebAssembly',
  blas: 'BLAS library',
  ...devices,
}
