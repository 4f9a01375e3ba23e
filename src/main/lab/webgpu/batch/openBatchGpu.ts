import { LabError } from '../../../../shared/errors.ts'
import { openBackend } from '../../backend/openBackend.ts'
import { isWebGpu, type WebGpuBackend } from '../../backend/webgpu.ts'
import { testBatch } from './testBatch.ts'

/**
 * The GPU of this machine for many runs at once, tested; its description names the kernel too, which sums in an order of its own: equal
 * descriptions give equal bits. Throws BACKEND_UNAVAILABLE where there is none, or where it computes wrongly.
 */
export async function openBatchGpu(): Promise<WebGpuBackend> {
  const opened = await openBackend({ kind: 'webgpu', threads: 1, precision: 'float32' })
  if (!isWebGpu(opened)) throw new Error('a GPU was asked for')
  const backend = { ...opened, description: `${opened.description}, one workgroup a run` }
  try {
    const { failure, repeats } = await testBatch(backend)
    if (failure !== undefined) {
      throw new LabError('BACKEND_UNAVAILABLE', `${backend.description} computes wrongly: ${failure}`)
    }
    if (!repeats) throw new LabError('BACKEND_UNAVAILABLE', `${backend.description} does not repeat its bits`)
    return backend
  } catch (error) {
    backend.close()
    throw error
  }
}
