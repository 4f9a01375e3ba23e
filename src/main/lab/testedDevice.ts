import { performance } from 'node:perf_hooks'
import { LabError } from '../../shared/errors.ts'
import type { DeviceBackend } from './backend/devices.ts'
import { isCuda } from './backend/cuda/cudaBackend.ts'
import { isTensorFlow } from './backend/tensorflow.ts'
import { isWebGpu } from './backend/webgpu.ts'
import { testCuda } from './testCuda.ts'
import type { DeviceFindings } from './testSteps.ts'
import { testDevice } from './tensorflow/testDevice.ts'
import { plannedTraining, type GivenRun } from './webgpu/plannedTraining.ts'
import { testGpu } from './webgpu/testGpu.ts'
import { compileTraining, type PlannedTraining } from './webgpu/trainingPlan.ts'

/**
 * A backend whose device has passed its test, by WebGPU that of the kernels of a run, which are then compiled, or without a run of all;
 * where it does not repeat its bits, its description says so. Throws BACKEND_UNAVAILABLE.
 */
export async function tested(backend: DeviceBackend, run?: GivenRun): Promise<DeviceBackend> {
  const training = isWebGpu(backend) && run ? plannedTraining(run) : undefined
  const since = performance.now()
  const { failure, repeats } = await findingsOf(backend, training)
  const testSeconds = secondsSince(since)
  if (failure) throw new LabError('BACKEND_UNAVAILABLE', `${backend.description} computes wrongly: ${failure}`)
  const description = repeats ? backend.description : `${backend.description}, whose steps do not repeat their bits`
  if (!isWebGpu(backend) || !training) return { ...backend, description, preparation: { testSeconds } }
  const compiledSince = performance.now()
  await compileTraining(backend.gpu, training)
  return { ...backend, description, preparation: { testSeconds, compileSeconds: secondsSince(compiledSince) } }
}

function findingsOf(
  backend: DeviceBackend,
  training: PlannedTraining | undefined,
): DeviceFindings | Promise<DeviceFindings> {
  if (isCuda(backend)) return testCuda(backend)
  return isTensorFlow(backend) ? testDevice(backend.tf) : testGpu(backend.gpu, training)
}

function secondsSince(moment: number): number {
  return (performance.now() - moment) / 1000
}
