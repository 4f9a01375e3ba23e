import { describe, expect, it } from 'vitest'
import { countGpuStep, timeGpuStep, timeStepOn } from '../../../../src/main/lab/benchmark/timeGpuStep.ts'
import { submittedTraining } from '../../../../src/main/lab/benchmark/submittedTraining.ts'
import { loadNullDevice } from '../../../../src/main/lab/backend/webgpu.ts'
import { gpuCaseSpec } from '../../../../src/shared/gpuCaseSpec.ts'
import type { GpuCase } from '../../../../src/shared/benchmark.ts'
import { gpuWith, software } from '../../../support/softwareGpu.ts'

const target: GpuCase = { size: { p: 5, hidden: 8, n: 10 }, optimizer: 'adamw', loss: 'crossEntropy' }

describe.skipIf(!software.gpu)('the benchmark of a step on a GPU', () => {
  it.each<[dispatches: number, GpuCase['size'], GpuCase['optimizer'], GpuCase['loss']]>([
    [2, { p: 11, hidden: 128, n: 46 }, 'adamw', 'crossEntropy'],
    [2, { p: 37, hidden: 512, n: 492 }, 'gradientDescent', 'meanSquaredError'],
    [6, { p: 113, hidden: 2048, n: 4509 }, 'adamw', 'crossEntropy'],
  ])(
    'counts %i dispatches a step, one submit in 64 and no allocation: %j',
    async (dispatches, size, optimizer, loss) => {
      expect(await countGpuStep({ size, optimizer, loss })).toEqual({
        device: 'Dawn’s null device, Dawn of webgpu 0.6.2',
        dispatches,
        submits: 1 / 64,
        allocatedBytes: 0,
        hostMicroseconds: expect.toSatisfy((spent: number) => spent > 0),
      })
    },
  )

  it('takes 10 000 steps in flat memory, no more than 1.7 kB of it a step', async () => {
    const { gpu: counting } = await loadNullDevice()
    const training = await submittedTraining(counting, gpuCaseSpec(target))
    // As many before as are measured: what the collector lets stand grows at first.
    await training.submit(157)
    const growths: number[] = []
    for (let round = 0; round < 3; round++) {
      const before = process.memoryUsage.rss()
      expect(await training.submit(157)).toBe(10_048)
      growths.push(process.memoryUsage.rss() - before)
    }
    // What is kept of a step is kept in every round; what the collector takes for itself is not.
    expect(Math.min(...growths)).toBeLessThan(2 ** 24)
    training.end()
    counting.destroy()
  })

  it('leaves what it counted as it was', async () => {
    const before = [GPUComputePassEncoder.prototype.dispatchWorkgroups, GPUDevice.prototype.createBuffer]
    await countGpuStep(target)
    expect([GPUComputePassEncoder.prototype.dispatchWorkgroups, GPUDevice.prototype.createBuffer]).toEqual(before)
  })

  it('does not time a software driver, and names it', async () => {
    await expect(timeGpuStep(target)).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: `WebGPU: ${software.name}: it is not timed`,
    })
  })

  it('times each submit, of kernels that were compiled before', async () => {
    const events: string[] = []
    const gpu = software.gpu!
    const queue = new Proxy(gpu.queue, {
      get(on, name) {
        if (name === 'submit') events.push('submit')
        const value: unknown = Reflect.get(on, name, on)
        return typeof value === 'function' ? (value.bind(on) as unknown) : value
      },
    })
    const createShaderModule = (descriptor: GPUShaderModuleDescriptor) => {
      events.push('compile')
      return gpu.createShaderModule(descriptor)
    }
    const { microseconds, ...found } = await timeStepOn(gpuWith(gpu, { queue, createShaderModule }), target)
    expect(events.lastIndexOf('compile')).toBeLessThan(events.indexOf('submit'))
    expect(microseconds).toHaveLength(40)
    for (const value of [...microseconds, ...Object.values(found)]) expect(value).toBeGreaterThan(0)
  })
})
