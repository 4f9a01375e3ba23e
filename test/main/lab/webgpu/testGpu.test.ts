import { describe, expect, it, vi } from 'vitest'
import { tested } from '../../../../src/main/lab/testedDevice.ts'
import { testGpu } from '../../../../src/main/lab/webgpu/testGpu.ts'
import { loadNullDevice } from '../../../../src/main/lab/backend/webgpu.ts'
import { fusedForms, type FusedForm } from '../../../../src/main/lab/webgpu/fusedKernels.ts'
import { productForms, productLayouts } from '../../../../src/main/lab/webgpu/tilings.ts'
import { compileTraining, kernelChoice, type PlannedTraining } from '../../../../src/main/lab/webgpu/trainingPlan.ts'
import type { Preparation } from '../../../../src/shared/preparation.ts'
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

/** Runs that differ in all that a kernel's text follows from. */
const trainings: [string, PlannedTraining][] = [
  ['large', large],
  ...[
    { hidden: 512, outputs: 37 },
    { hidden: 1500, outputs: 97 },
    { hidden: 3000, outputs: 37 },
  ].map((sizes): [string, PlannedTraining] => [
    `fused, d_h = ${sizes.hidden}, ${sizes.outputs} outputs`,
    { ...large, shape: { ...large.shape, samples: 100, inputs: sizes.outputs, ...sizes } },
  ]),
  [
    'large, clipped, on batches, clamped, with biases',
    {
      shape: { ...large.shape, inputs: 114, perRow: 3, hasBiases: true, activation: 'gelu', loss: 'meanSquaredError' },
      dynamics: {
        ...{ optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-8 }, maxGradientNorm: 1 },
        batch: { size: 512, sampling: 'withoutReplacement' },
      },
      isClamped: true,
    },
  ],
  [
    'dense, on few samples, of more outputs than a workgroup has threads',
    {
      shape: { ...large.shape, samples: 300, inputs: 40, outputs: 300, perRow: undefined, hasBiases: false },
      dynamics: { optimizer: { kind: 'momentum', momentum: 0.9 } },
      isClamped: false,
    },
  ],
  [
    'small batches of a large set',
    { ...large, dynamics: { ...large.dynamics, batch: { size: 32, sampling: 'withoutReplacement' } } },
  ],
]

/** A kernel's text without its numbers, and with once what stands in it once for each of some number. */
function withoutSizes(code: string): string {
  const numbered = code
    .replace(/(\w*?)\d+u\b/g, '$1#u')
    .replace(/\d+(?=>;)/g, '#')
    .replace(/weight\d+/g, 'weight#')
  const lines = numbered.split('\n').map((line) => line.trim().replace(/(let weight# = [^;]*; ?)+/g, '$1'))
  return lines.filter((line, i) => line !== lines[i - 1]).join('\n')
}

describe.skipIf(!software.gpu)(`the test of a GPU: ${software.name}`, () => {
  const gpu = software.gpu!

  /** A GPU that compiles other texts than it is given, and what it was given. */
  function rewriting(rewritten: (code: string) => string) {
    const labels: string[] = []
    const codes: string[] = []
    const createShaderModule = ({ code, label, ...descriptor }: GPUShaderModuleDescriptor) => {
      labels.push(label!)
      codes.push(code)
      return gpu.createShaderModule({ ...descriptor, label: label!, code: rewritten(code) })
    }
    return { other: gpuWith(gpu, { createShaderModule }), labels, codes }
  }

  const compiling = (written: string, planted: string) => rewriting((code) => code.replace(written, planted))

  it('is passed, with equal bits, by every kernel in every form', async () => {
    const { other, codes } = compiling('', '')
    expect(await testGpu(other)).toEqual({ repeats: true })
    const has = (wanted: string, unwanted = '\0') =>
      codes.some((code) => code.includes(wanted) && !code.includes(unwanted))
    for (const { rows, isHeld } of fusedForms) {
      expect(has(`sum${rows - 1} = fma(hidden[`, `sum${rows} = fma(hidden[`)).toBe(true)
      expect(has(isHeld ? 'u], weight0, back)' : 'back = fma(cotangent[at + c]')).toBe(true)
    }
  })

  it.each([
    ['weight - (shrinkage', 'weight + (shrinkage', /20 steps of adamw, fused is off by \d.*, allowed 2/],
    ['return 4.0 * e', 'return -4.0 * e', /20 steps of gradientDescent in products is off/],
    ['take(at, factor * gradient[at])', 'take(at, -factor * gradient[at])', /momentum, fused, clipped, .* is off/],
    ['step.clampedNorm / norm()', '-step.clampedNorm / norm()', /clamped, with biases is off/],
    ['return 1.0; }', 'return -1.0; }', /with biases is off/],
    ['fma(left3, right3, sum3_3)', 'fma(-left3, right3, sum3_3)', /product AB of 131 × 37 × 263 in tiles of 64 is off/],
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
      failure: expect.stringMatching(/^the product AB of 131 × 37 × 263 in tiles of 128 is off/) as string,
    })
  })

  it.each<[FusedForm, number, string, string]>([
    [{ rows: 4, isHeld: true }, 512, 'sum3 = fma(hidden[', 'sum3 = -fma(hidden['],
    [{ rows: 2, isHeld: true }, 1500, 'sum1 = fma(hidden[', 'sum1 = -fma(hidden['],
    [{ rows: 1, isHeld: true }, 3000, 'sum0 = fma(hidden[', 'sum0 = -fma(hidden['],
    [{ rows: 4, isHeld: true }, 512, 'u], weight3, back)', 'u], -weight3, back)'],
    [{ rows: 4, isHeld: false }, 512, 'back = fma(cotangent[at + c]', 'back = fma(-cotangent[at + c]'],
  ])('tests small steps in the form that suits their sizes: %o, d_h = %d', async (form, hidden, written, planted) => {
    const outputs = form.isHeld ? 37 : 97
    const shape = { ...large.shape, samples: 200, inputs: outputs, outputs, hidden }
    expect(kernelChoice(shape).fused).toEqual(form)
    const { other } = compiling(written, planted)
    expect(await testGpu(other, { ...large, shape })).toMatchObject({
      failure: expect.stringMatching(/^20 steps of gradientDescent, fused is off/) as string,
    })
  })

  it.each(productForms)('tests all products where no run is given: $layout in tiles of 16 × $micro', async (form) => {
    const [last] = [form.micro - 1]
    const fma = `fma(left${last}, right${last}, sum${last}_${last})`
    const { isLeftAlongRows, isRightAlongTerms } = productLayouts[form.layout]
    const along = (name: string, isAlongSide: boolean) =>
      `let ${name} = ${isAlongSide ? `i % ${16 * form.micro}u` : 'i / 16u'};`
    const planted = (code: string) => {
      const isOfForm =
        !code.includes(`sum${last + 1}_0`) &&
        code.includes(along('leftRow', isLeftAlongRows)) &&
        code.includes(along('rightColumn', !isRightAlongTerms))
      return isOfForm ? code.replace(fma, fma.replace('left', '-left')) : code
    }
    expect(await testGpu(rewriting(planted).other)).toMatchObject({
      failure: expect.stringContaining(
        `the product ${form.layout} of 131 × 37 × 263 in tiles of ${16 * form.micro} is off`,
      ) as string,
    })
  })

  it('names the kernel that a driver does not compile', async () => {
    const failing = new GPUPipelineError('vkCreateComputePipelines failed\n at x', { reason: 'internal' })
    const other = gpuWith(gpu, { createComputePipelineAsync: () => Promise.reject(failing) })
    await expect(tested(backendOnGpu(other), { spec: specification() })).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(/does not compile the kernel “.+”: vkCreateComputePipelines failed$/) as string,
    })
  })

  it('finds numbers that are none, and does not call them those of a run', async () => {
    const { other } = compiling('weight - (shrinkage', 'sqrt(-1.0 - weight * weight) - (shrinkage')
    await expect(tested(backendOnGpu(other), { spec: specification() })).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(/computes wrongly: 20 steps of gradientDescent, fused: .* not finite/) as string,
    })
  })

  it('finds a wrong norm of the gradient of all samples, which no step takes', async () => {
    const { other } = compiling('gradient[at] = value;', 'gradient[at] = 1.01 * value;')
    expect(await testGpu(other, large)).toMatchObject({
      failure: expect.stringMatching(/^the norm of the gradient after 20 steps of .* is off/) as string,
    })
  })

  it.each(trainings)('tests every text that a run compiles, but for its sizes: %s', async (_, training) => {
    const { other, codes } = compiling('', '')
    expect(await testGpu(other, training)).toEqual({ repeats: true })
    const tried = new Set(codes.map(withoutSizes))
    const { gpu: counting } = await loadNullDevice()
    const ofRun: string[] = []
    const createShaderModule = (descriptor: GPUShaderModuleDescriptor) => {
      ofRun.push(descriptor.code)
      return counting.createShaderModule(descriptor)
    }
    await compileTraining(gpuWith(counting, { createShaderModule }), training)
    expect(ofRun.length).toBeGreaterThan(1)
    expect(ofRun.map(withoutSizes).filter((text) => !tried.has(text))).toEqual([])
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
    const told: Preparation[] = []
    const backend = await tested(backendOnGpu(other), { spec }, (preparation) => told.push(preparation))
    const of = told.length - 2
    expect(of).toBeGreaterThan(1)
    expect(told).toEqual([
      { doing: 'testing' },
      ...Array.from({ length: of + 1 }, (_, done) => ({ doing: 'compiling', done, of })),
    ])
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
