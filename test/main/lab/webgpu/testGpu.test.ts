import { describe, expect, it, vi } from 'vitest'
import { tested } from '../../../../src/main/lab/testedDevice.ts'
import { testGpu } from '../../../../src/main/lab/webgpu/testGpu.ts'
import type { PlannedTraining } from '../../../../src/main/lab/webgpu/trainingPlan.ts'
import type { ComposedInput } from '../../../../src/shared/experiment.ts'
import { collectRun, eventsOf, runSpec } from '../../../support/runs.ts'
import { backendOnGpu, gpuWith, software } from '../../../support/softwareGpu.ts'

type Training = Extract<ComposedInput['dynamics'], { kind: 'training' }>

function specification(dynamics: Partial<Training> = {}, more: Partial<ComposedInput> = {}) {
  return runSpec({
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
    network: { hidden: 8, activation: 'tanh' },
    dynamics: { kind: 'training', learningRate: 0.05, weightDecay: 1e-2, steps: 5, ...dynamics },
    precision: 'float32',
    ...more,
  })
}

const large: PlannedTraining = {
  shape: {
    ...{ samples: 4509, inputs: 113, hidden: 2048, outputs: 113, perRow: 2 },
    ...{ activation: 'relu', loss: 'crossEntropy', hasBiases: false },
  },
  dynamics: { optimizer: { kind: 'gradientDescent' } },
  isClamped: false,
}

describe.skipIf(!software.gpu)(`the test of a GPU: ${software.name}`, () => {
  const gpu = software.gpu!

  /** A GPU that compiles another text, and what it compiled. */
  function compiling(written: string, planted: string) {
    const labels: string[] = []
    const createShaderModule = ({ code, label, ...descriptor }: GPUShaderModuleDescriptor) => {
      labels.push(label!)
      return gpu.createShaderModule({ ...descriptor, label: label!, code: code.replace(written, planted) })
    }
    return { other: gpuWith(gpu, { createShaderModule }), labels }
  }

  it('is passed, with equal bits', async () => {
    expect(await testGpu(gpu)).toEqual({ repeats: true })
  })

  it.each([
    ['weight - (shrinkage', 'weight + (shrinkage', /20 steps of adamw, fused is off by \d.*, allowed 2/],
    ['return 4.0 * e', 'return -4.0 * e', /20 steps of gradientDescent in products is off/],
    ['take(at, factor * gradient[at])', 'take(at, -factor * gradient[at])', /momentum, fused, clipped, .* is off/],
    ['step.clampedNorm / norm()', '-step.clampedNorm / norm()', /clamped, with biases is off/],
    ['return 1.0; }', 'return -1.0; }', /with biases is off/],
    ['fma(left3, right3, sum3_3)', 'fma(-left3, right3, sum3_3)', /product of 131 × 37 × 263 in tiles of 64 is off/],
  ])('refuses a wrong sign in one kernel, with the number: %s', async (written, planted, failure) => {
    await expect(tested(backendOnGpu(compiling(written, planted).other))).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(failure) as string,
    })
  })

  it.each<[written: string, planted: string, Partial<Training>, Partial<ComposedInput>, RegExp]>([
    ['return 4.0 * e', 'return -4.0 * e', {}, {}, /20 steps of gradientDescent, fused is off/],
    [
      'weight - (shrinkage',
      'weight + (shrinkage',
      { optimizer: 'adamw' },
      { task: { kind: 'sparseParity', bits: 6, parityBits: 2, samples: 40, trainFraction: 0.7 } },
      /adamw in products of dense inputs is off/,
    ],
    [
      'take(at, factor * gradient[at])',
      'take(at, -factor * gradient[at])',
      { optimizer: 'momentum', maxGradientNorm: 1, batch: { size: 4 } },
      {},
      /momentum, fused, clipped, on batches is off/,
    ],
    [
      'step.clampedNorm / norm()',
      '-step.clampedNorm / norm()',
      {},
      { interventions: [{ at: 2, kind: 'clampNorm', norm: 1 }] },
      /gradientDescent, fused, clamped is off/,
    ],
  ])('refuses it before a run whose kernel it is: %s', async (written, planted, dynamics, more, failure) => {
    const spec = specification(dynamics, more)
    await expect(tested(backendOnGpu(compiling(written, planted).other), { spec })).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(failure) as string,
    })
  })

  it('tests the products of a large training in its own tiles', async () => {
    const { other } = compiling('fma(left7, right7, sum7_7)', 'fma(-left7, right7, sum7_7)')
    expect(await testGpu(other, large)).toMatchObject({
      failure: expect.stringMatching(/^the product of 131 × 37 × 263 in tiles of 128 is off/) as string,
    })
  })

  it('tests no kernel that a run has not, and each once', async () => {
    // No run without a norm that is set meets this one.
    const { other, labels } = compiling('step.clampedNorm / norm()', '-step.clampedNorm / norm()')
    const backend = backendOnGpu(other)
    const { preparation } = await tested(backend, { spec: specification() })
    expect(preparation).toEqual({
      testSeconds: expect.any(Number) as number,
      compileSeconds: expect.any(Number) as number,
    })
    expect(new Set(labels)).toEqual(new Set(['outputs and their slopes', 'gradient']))
    const before = labels.length
    await tested(backend, { spec: specification() })
    expect(labels).toHaveLength(before)
  })

  it.each<[string, Partial<Training>, Partial<ComposedInput>]>([
    ['fused', {}, {}],
    ['on batches, clipped', { batch: { size: 4 }, maxGradientNorm: 1 }, {}],
    ['clamped', { optimizer: 'adamw' }, { interventions: [{ at: 2, kind: 'clampNorm', norm: 1 }] }],
    [
      'of dense inputs',
      {},
      { task: { kind: 'sparseParity', bits: 6, parityBits: 2, samples: 40, trainFraction: 0.7 } },
    ],
  ])('leaves nothing of a run to be compiled, and says what that took (%s)', async (_, dynamics, more) => {
    const { other, labels } = compiling('', '')
    const spec = specification(dynamics, more)
    const backend = await tested(backendOnGpu(other), { spec })
    const before = labels.length
    const events = await collectRun(spec, { backend })
    expect(eventsOf(events, 'settled')[0]!.status).toBe('finished')
    expect(labels).toHaveLength(before)
    expect(eventsOf(events, 'started')[0]!.provenance).toMatchObject(backend.preparation!)
  })

  it('leaves a run for which there is no kernel to be refused for that', async () => {
    const spec = specification({}, { network: { hidden: 8, biases: true } })
    const createShaderModule = vi.fn(gpu.createShaderModule.bind(gpu))
    await tested(backendOnGpu(gpuWith(gpu, { createShaderModule })), { spec })
    expect(createShaderModule).toHaveBeenCalled()
  })
})
