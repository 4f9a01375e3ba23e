import { performance } from 'node:perf_hooks'
import { LabError } from '../../shared/errors.ts'
import type { Preparation } from '../../shared/preparation.ts'
import type { DeviceBackend } from './backend/devices.ts'
import { isCuda, withSteps, type CudaBackend } from './backend/cuda/cudaBackend.ts'
import { isTensorFlow } from './backend/tensorflow.ts'
import { isWebGpu, type WebGpuBackend } from './backend/webgpu.ts'
import { chooseCudaSteps } from './chooseCudaSteps.ts'
import { testCuda } from './testCuda.ts'
import type { DeviceFindings } from './testSteps.ts'
import { testDevice } from './tensorflow/testDevice.ts'
import { plannedTraining, type GivenRun } from './webgpu/plannedTraining.ts'
import { testGpu } from './webgpu/testGpu.ts'
import { tilingsFor } from './webgpu/tilingsFor.ts'
import { compileTraining, tunedChoice } from './webgpu/trainingPlan.ts'

/**
 * A backend whose device has passed its test, by WebGPU that of the kernels of a run, which are then compiled, or without a run of all;
 * where it does not repeat its bits, its description says so. On CUDA it is also chosen how the run takes its steps. Throws BACKEND_UNAVAILABLE.
 */
export async function tested(
  backend: DeviceBackend,
  run?: GivenRun,
  onPreparing?: (preparation: Preparation) => void,
): Promise<DeviceBackend> {
  onPreparing?.({ doing: 'testing' })
  if (isWebGpu(backend) && run) return testedFor(backend, run, onPreparing)
  const since = performance.now()
  const findings = await findingsOf(backend)
  const able = passed(backend, findings)
  const usable = isCuda(able) && run ? await steppingFor(able, run) : able
  return { ...usable, preparation: { testSeconds: secondsSince(since) } }
}

/** A card for one run, with how that takes its steps where there is a choice. */
async function steppingFor(backend: CudaBackend, run: GivenRun): Promise<CudaBackend> {
  const steps = await chooseCudaSteps(backend, run)
  return steps ? withSteps(backend, steps) : backend
}

/** A GPU for one run, whose kernels are compiled. */
async function testedFor(
  backend: WebGpuBackend,
  run: GivenRun,
  onPreparing: ((preparation: Preparation) => void) | undefined,
): Promise<WebGpuBackend> {
  const { gpu } = backend
  const training = plannedTraining(run)
  const tilings = training && tilingsFor(backend.card, training, run.resumeFrom)
  const choose = training && tunedChoice(training, tilings)
  const since = performance.now()
  const findings = await testGpu(gpu, training, choose)
  const testSeconds = secondsSince(since)
  const compiledSince = performance.now()
  if (training) {
    const onCompiled = (done: number, of: number) => onPreparing?.({ doing: 'compiling', done, of })
    await compileTraining(gpu, training, { choose, onCompiled })
  }
  const preparation = { testSeconds, compileSeconds: secondsSince(compiledSince) }
  return { ...passed(backend, findings), preparation, ...(tilings && { tilings }) }
}

function passed<Tested extends DeviceBackend>(backend: Tested, { failure, repeats }: DeviceFindings): Tested {
  if (failure) throw new LabError('BACKEND_UNAVAILABLE', `${backend.description} computes wrongly: ${failure}`)
  return repeats ? backend : { ...backend, description: `${backend.description}, whose steps do not repeat their bits` }
}

function findingsOf(backend: DeviceBackend): DeviceFindings | Promise<DeviceFindings> {
  if (isCuda(backend)) return testCuda(backend)
  return isTensorFlow(backend) ? testDevice(backend.tf) : testGpu(backend.gpu)
}

function secondsSince(moment: number): number {
  return (performance.now() - moment) / 1000
}
