import { isDeviceKind, isTrainingDevice } from '../../../shared/machine.ts'
import type { Backend } from './backend.ts'
import type { CudaBackend } from './cuda/cudaBackend.ts'
import type { TensorFlowBackend } from './tensorflow.ts'
import type { WebGpuBackend } from './webgpu.ts'

/** A backend whose training steps a device of its own computes, and nothing else. */
export type TrainingBackend = TensorFlowBackend | WebGpuBackend

/** A backend that computes on a device of its own. */
export type DeviceBackend = TrainingBackend | CudaBackend

export function isTrainer(backend: Backend): backend is TrainingBackend {
  return isTrainingDevice(backend.kind)
}

export function isDevice(backend: Backend): backend is DeviceBackend {
  return isDeviceKind(backend.kind)
}
