import { LabError } from '../../shared/errors.ts'
import type { DeviceBackend } from './backend/devices.ts'
import { isCuda } from './backend/cuda/cudaBackend.ts'
import { isTensorFlow } from './backend/tensorflow.ts'
import { testCuda } from './testCuda.ts'
import type { DeviceFindings } from './testSteps.ts'
import { testDevice } from './tensorflow/testDevice.ts'
import { testGpu } from './webgpu/testGpu.ts'

/**
 * A backend whose device has passed its test; where it does not repeat its bits, its description says so. Throws
 * BACKEND_UNAVAILABLE.
 */
export async function tested(backend: DeviceBackend): Promise<DeviceBackend> {
  const { failure, repeats } = await findingsOf(backend)
  if (failure) throw new LabError('BACKEND_UNAVAILABLE', `${backend.description} computes wrongly: ${failure}`)
  return repeats ? backend : { ...backend, description: `${backend.description}, whose steps do not repeat their bits` }
}

function findingsOf(backend: DeviceBackend): DeviceFindings | Promise<DeviceFindings> {
  if (isCuda(backend)) return testCuda(backend)
  return isTensorFlow(backend) ? testDevice(backend.tf) : testGpu(backend.gpu)
}
