import { manyAtOnce } from '../../../../shared/machine.ts'
import { openBackend } from '../../backend/openBackend.ts'
import { isWebGpu, type WebGpuBackend } from '../../backend/webgpu.ts'

/**
 * The GPU of this machine for many runs at once; its description says so too, since its kernels sum in an order of their own: equal
 * descriptions give equal bits. Throws BACKEND_UNAVAILABLE where there is none, or where it computes wrongly.
 */
export async function openBatchGpu(): Promise<WebGpuBackend> {
  const opened = await openBackend({ kind: 'webgpu', threads: 1, precision: 'float32' })
  if (!isWebGpu(opened)) throw new Error('a GPU was asked for')
  return { ...opened, description: opened.description + manyAtOnce }
}
