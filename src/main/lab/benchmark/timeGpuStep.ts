/// <reference types="@webgpu/types" />
import { performance } from 'node:perf_hooks'
import type { GpuCase, GpuStepCounts, GpuStepTiming } from '../../../shared/benchmark.ts'
import { LabError } from '../../../shared/errors.ts'
import { loadNullDevice, loadWebGpu } from '../backend/webgpu.ts'
import { submittedTraining } from './submittedTraining.ts'
import { gpuCaseSpec } from '../../../shared/gpuCaseSpec.ts'
import { plannedTraining } from '../webgpu/plannedTraining.ts'
import { compileTraining } from '../webgpu/trainingPlan.ts'

/** Submits before and while a step is timed. */
const [warmUps, timed] = [12, 40]

/**
 * Counts what a step asks of a GPU, on Dawn's null device: it follows from the kernels and from how steps are submitted, not from what
 * computes them. Its processor time is that of this process, for steps that nothing computes. Throws BACKEND_UNAVAILABLE where Dawn does
 * not load.
 */
export async function countGpuStep(target: GpuCase): Promise<GpuStepCounts> {
  const { gpu, description } = await loadNullDevice()
  try {
    const training = await submittedTraining(gpu, gpuCaseSpec(target))
    await training.submit(warmUps)
    const { hostMicroseconds } = await measure(() => training.submit(timed))
    const counters = [
      counter(GPUComputePassEncoder, 'dispatchWorkgroups', () => 1),
      counter(GPUQueue, 'submit', () => 1),
      counter(GPUDevice, 'createBuffer', (descriptor) => (descriptor as GPUBufferDescriptor).size),
    ]
    const steps = await training.submit(timed)
    const [dispatches, submits, allocatedBytes] = counters.map((each) => each.end() / steps)
    training.end()
    return {
      device: description,
      dispatches: dispatches!,
      submits: submits!,
      allocatedBytes: allocatedBytes!,
      hostMicroseconds,
    }
  } finally {
    gpu.destroy()
  }
}

/**
 * Times a step on the fastest GPU. Throws BACKEND_UNAVAILABLE where there is none, and where it is a software driver, whose times tell
 * nothing of a GPU.
 */
export async function timeGpuStep(target: GpuCase): Promise<GpuStepTiming> {
  const { gpu, description, isSoftware } = await loadWebGpu()
  try {
    if (isSoftware) throw new LabError('BACKEND_UNAVAILABLE', `WebGPU: ${description}: it is not timed`)
    return { device: description, ...(await timeStepOn(gpu, target)) }
  } finally {
    gpu.destroy()
  }
}

/** Submit by submit, as a run does: the next one is encoded while the last is computed. */
export async function timeStepOn(gpu: GPUDevice, target: GpuCase): Promise<Omit<GpuStepTiming, 'device'>> {
  const since = performance.now()
  await compileTraining(gpu, plannedTraining({ spec: gpuCaseSpec(target) })!)
  const compileSeconds = (performance.now() - since) / 1000
  const training = await submittedTraining(gpu, gpuCaseSpec(target))
  await training.submit(warmUps)
  const microseconds: number[] = []
  const { hostMicroseconds } = await measure(async () => {
    let steps = 0
    for (let i = 0; i < timed; i++) {
      const startedAt = performance.now()
      const taken = await training.submit(1)
      microseconds.push((1000 * (performance.now() - startedAt)) / taken)
      steps += taken
    }
    return steps
  })
  training.end()
  return { compileSeconds, microseconds, hostMicroseconds }
}

/** Processor time of this process for one of the steps that are taken. */
async function measure(take: () => Promise<number>): Promise<{ hostMicroseconds: number }> {
  const before = process.cpuUsage()
  const steps = await take()
  const { user, system } = process.cpuUsage(before)
  return { hostMicroseconds: (user + system) / steps }
}

/** Adds up what the calls of a method count, of all objects of a class, until it ends. */
function counter<Name extends string>(
  { prototype }: { prototype: { [name in Name]: unknown } },
  name: Name,
  count: (argument: unknown) => number,
): { end(): number } {
  const original = prototype[name] as (...given: unknown[]) => unknown
  let sum = 0
  prototype[name] = function (this: unknown, ...given: unknown[]) {
    sum += count(given[0])
    return original.apply(this, given)
  }
  return {
    end() {
      prototype[name] = original
      return sum
    },
  }
}
