import type { Precision } from '../../../shared/specification/limits.ts'
import type { Backend } from './backend.ts'
import { blasBackend } from './blas/blasBackend.ts'
import { cudaBackend } from './cuda/cudaBackend.ts'
import { loadCuda } from './cuda/loadCuda.ts'
import { plainBackend } from './plain.ts'
import { loadTensorFlow, tensorflowBackend } from './tensorflow.ts'
import { wasmBackend } from './wasm/wasmBackend.ts'
import { loadWebGpu, webGpuBackend } from './webgpu.ts'

/** Which arithmetic a run uses. */
export interface BackendSelection {
  readonly kind: Backend['kind']
  /** The path of the BLAS library; for `blas` only. */
  readonly library?: string | undefined
  readonly threads: number
  readonly precision: Precision
}

/** Opens the selected backend in this process. Throws BACKEND_UNAVAILABLE with the reason. */
export async function openBackend({ kind, library, threads, precision }: BackendSelection): Promise<Backend> {
  switch (kind) {
    case 'plain':
      return plainBackend(precision)
    case 'wasm':
      return wasmBackend(precision, threads)
    case 'blas':
      return blasBackend(precision, { library, threads })
    case 'cuda':
      return cudaBackend(await loadCuda(), precision)
    case 'tensorflow':
      return tensorflowBackend(await loadTensorFlow(), await wasmBackend(precision, threads))
    case 'webgpu':
      return webGpuBackend(await loadWebGpu(), await wasmBackend(precision, threads))
  }
}
