import { trainingDevices } from '../../../shared/machine.ts'
import type { Backend } from './backend.ts'
import type { TensorFlowBackend } from './tensorflow.ts'
import type { WebGpuBackend } from './webgpu.ts'

/** A backend whose training steps a device of its own computes, and nothing else. */
export type DeviceBackend = TensorFlowBackend | WebGpuBackend

export function isDevice(backend: Backend): backend is DeviceBackend {
  return backend.kind in trainingDevices
}
