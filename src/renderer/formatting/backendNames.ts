import { devices, type BackendKind } from '../../shared/machine.ts'

/** Backends as they are called in words; whoever else computes in a benchmark has no other name. */
export const backendNames: Readonly<Record<BackendKind, string> & Record<string, string | undefined>> = {
  plain: 'TypeScript',
  wasm: 'WebAssembly',
  blas: 'BLAS library',
  ...devices,
}
