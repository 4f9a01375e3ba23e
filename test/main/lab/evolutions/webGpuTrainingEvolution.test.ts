import { describe, expect, it, vi } from 'vitest'
import { loadWebGpu } from '../../../../src/main/lab/backend/webgpu.ts'
import { runExperiment } from '../../../../src/main/lab/runExperiment.ts'
import type { ComposedInput } from '../../../../src/shared/experiment.ts'
import { losses } from '../../../../src/shared/dynamics/losses.ts'
import { optimizerKinds } from '../../../../src/shared/dynamics/optimizers.ts'
import { activations } from '../../../../src/shared/models/models.ts'
import type { RunEvent } from '../../../../src/shared/run.ts'
import { collectRun, eventsOf, largestDifference, runSpec, snapshotAt } from '../../../support/runs.ts'
import { coveringCases } from '../../../support/coveringCases.ts'
import { backendOnGpu, gpuWith, software } from '../../../support/softwareGpu.ts'

type Training = Extract<ComposedInput['dynamics'], { kind: 'training' }>

function specification(dynamics: Partial<Training> = {}, more: Partial<ComposedInput> = {}) {
  return runSpec({
    task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
    network: { hidden: 16 },
    dynamics: { kind: 'training', learningRate: 0.05, weightDecay: 1e-2, steps: 30, ...dynamics },
    precision: 'float32',
    record: { measureEvery: 10, snapshots: [10, 20] },
    ...more,
  })
}

const tasks: readonly ComposedInput['task'][] = [
  { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  { kind: 'modularDivision', modulus: 5, trainFraction: 0.7 },
  { kind: 'sparseParity', bits: 6, parityBits: 2, samples: 40, trainFraction: 0.7 },
]
const batches = [undefined, { size: 6 }, { size: 6, sampling: 'withReplacement' }] as const
const interventions: ComposedInput['interventions'] = [
  { at: 5, kind: 'setWeightDecay', value: 0.1 },
  { at: 12, kind: 'removeFrequencies', frequencies: [2] },
  { at: 15, kind: 'clampNorm', norm: 'initial' },
]

/** Tokens whose steps are not fused. Each takes a software GPU a quarter of a second, and the 66 049 pairs a second to measure. */
const manyOutputs: Partial<ComposedInput> & Pick<ComposedInput, 'task'> = {
  task: { kind: 'modularAddition', modulus: 257, trainFraction: 0.003 },
  network: { hidden: 5 },
  record: { measureEvery: 12, snapshots: [4] },
}

// Any three stand together; all combinations would take a software GPU ten minutes.
const cases = coveringCases(
  { task: tasks, batch: batches, loss: losses, optimizer: optimizerKinds, activation: activations },
  3,
)

/** Largest difference in the weights at the last step and in all that was measured, between two runs. */
function distance(some: readonly RunEvent[], others: readonly RunEvent[], last = 30): number {
  const weights = ['E', 'b', 'W', 'c']
    .filter((name) => name in snapshotAt(some, last).matrices)
    .map((name) =>
      largestDifference(snapshotAt(some, last).matrices[name]!.data, snapshotAt(others, last).matrices[name]!.data),
    )
  const measured = eventsOf(some, 'measured').map(({ values }, i) => {
    const names = ['testMse', 'trainMargin', 'gradientNorm', 'firstLayerNormSquared'] as const
    const theirs = eventsOf(others, 'measured')[i]!.values
    return Math.max(...names.map((name) => Math.abs(values[name]! - theirs[name]!) / (1 + Math.abs(theirs[name]!))))
  })
  return Math.max(...weights, ...measured)
}

const inDouble = (spec: ReturnType<typeof specification>) => collectRun({ ...spec, precision: 'float64' })

describe.skipIf(!software.gpu)(`training on a GPU: ${software.name}`, () => {
  const gpu = software.gpu!
  const backend = () => backendOnGpu(gpu)

  it.each(cases)(
    'follows the float64 trainer to float32 ($optimizer, $loss, $activation, $task.kind, batch $batch)',
    async ({ task, activation, ...method }) => {
      const learningRate = method.optimizer === 'adamw' ? 5e-3 : 0.05
      const spec = specification({ ...method, learningRate }, { task, network: { hidden: 16, activation } })
      const found = distance(await collectRun(spec, { backend: backend() }), await inDouble(spec))
      // Not exact: float32 computed it.
      expect(found).toSatisfy((worst: number) => worst > 0 && worst < 2e-5)
    },
  )

  // With biases, below, by every optimizer.
  it('follows it in products of tokens too, on batches', async () => {
    const method = { optimizer: 'adamw', loss: 'crossEntropy', learningRate: 5e-3, batch: { size: 40 } } as const
    const spec = specification({ ...method, steps: 12 }, manyOutputs)
    expect(distance(await collectRun(spec, { backend: backend() }), await inDouble(spec), 12)).toBeLessThan(2e-5)
  })

  const biased = coveringCases({ task: [...tasks, manyOutputs.task], batch: batches, optimizer: optimizerKinds }, 2)
  it.each(biased)('follows it with biases ($optimizer, $task.kind, batch $batch)', async ({ task, ...method }) => {
    const activation = task.kind === 'sparseParity' ? 'tanh' : 'gelu'
    const network = { hidden: 13, activation, biases: true } as const
    const options = { ...method, loss: 'crossEntropy', learningRate: 5e-3, maxGradientNorm: 0.5 } as const
    const perParameter = {
      b: { learningRate: 3, weightDecay: 0 },
      W: { weightDecay: 2 },
      c: { learningRate: 2, weightDecay: 0.5 },
    }
    const [first, at, last] = task === manyOutputs.task ? [2, 3, 6] : [10, 15, 30]
    const clamp: ComposedInput['interventions'] = [{ at, kind: 'clampNorm', norm: 'initial' }]
    const record = { measureEvery: last, snapshots: [first] }
    const spec = specification(
      { ...options, perParameter, steps: last },
      { task, network, record, interventions: clamp },
    )
    const found = await collectRun(spec, { backend: backend() })
    const expected = await inDouble(spec)
    expect(distance(found, expected, last)).toSatisfy((worst: number) => worst > 0 && worst < 2e-5)
    // They have moved, each by its own rates, by ten times what rounding may do.
    for (const name of ['b', 'c']) {
      const [before, after] = [first, last].map((step) => snapshotAt(expected, step).matrices[name]!.data)
      expect(largestDifference(before!, after!)).toBeGreaterThan(2e-4)
    }
    const resumed = await collectRun(spec, { backend: backend(), resumeFrom: snapshotAt(found, first) })
    expect(snapshotAt(resumed, last)).toEqual(snapshotAt(found, last))
  })

  it.each<Partial<Training>>([
    { optimizer: 'adamw', learningRate: 5e-3, weightDecayKind: 'l2', schedule: { shape: 'cosine', warmupSteps: 5 } },
    { optimizer: 'momentum', weightDecayKind: 'decoupled', maxGradientNorm: 0.05 },
    { perParameter: { E: { learningRate: 0.5, weightDecay: 2 }, W: { weightDecay: 0 } }, maxGradientNorm: 0.05 },
  ])('with the options %j', async (options) => {
    const spec = specification(options)
    const found = await collectRun(spec, { backend: backend() })
    expect(distance(found, await inDouble(spec))).toBeLessThan(2e-5)
    const rates = (events: RunEvent[]) => eventsOf(events, 'measured').map(({ values }) => values.learningRate)
    expect(rates(found)).toEqual(rates(await inDouble(spec)))
    const resumed = await collectRun(spec, { backend: backend(), resumeFrom: snapshotAt(found, 10) })
    expect(snapshotAt(resumed, 30)).toEqual(snapshotAt(found, 30))
  })

  it('clips a gradient whose squares float32 does not hold', async () => {
    const options = { loss: 'meanSquaredError', reduction: 'sum', maxGradientNorm: 1, steps: 1 } as const
    const spec = specification(options, {
      initialization: { kind: 'normal', standardDeviation: 1e10 },
      record: { measureEvery: 1, snapshots: 'events' },
    })
    const [found, expected] = [await collectRun(spec, { backend: backend() }), await inDouble(spec)].map(
      (events) => eventsOf(events, 'measured')[0]!.values.gradientNorm!,
    )
    expect(found! / expected!).toBeCloseTo(1, 5)
    expect(eventsOf(await collectRun(spec, { backend: backend() }), 'settled')[0]).toMatchObject({ status: 'finished' })
  })

  it('with interventions, also those in force at every step', async () => {
    const spec = specification({ optimizer: 'momentum' }, { interventions })
    expect(distance(await collectRun(spec, { backend: backend() }), await inDouble(spec))).toBeLessThan(2e-5)
  })

  const resumed = optimizerKinds.flatMap((optimizer) => batches.map((batch) => ({ optimizer, batch })))
  it.each(resumed)('resumes with the same bits ($optimizer, batch $batch)', async (options) => {
    const spec = specification({ ...options, learningRate: 0.01 }, { interventions })
    const whole = await collectRun(spec, { backend: backend() })
    const resumed = await collectRun(spec, { backend: backend(), resumeFrom: snapshotAt(whole, 10) })
    expect(snapshotAt(resumed, 30)).toEqual(snapshotAt(whole, 30))
  })

  it('has the same bits however many steps go to the device at once', async () => {
    const spec = specification({ optimizer: 'adamw', learningRate: 5e-3, batch: { size: 6 } })
    const whole = await collectRun(spec, { backend: backend() })
    const everyStep = { ...spec, record: { ...spec.record, measureEvery: 1 } }
    expect(snapshotAt(await collectRun(everyStep, { backend: backend() }), 30)).toEqual(snapshotAt(whole, 30))
  })

  it.each<[dispatches: number, string, Partial<Training>, Partial<ComposedInput>, ofReading: number]>([
    [2, 'gradient descent', {}, {}, 2],
    [2, 'adamw on batches', { optimizer: 'adamw', learningRate: 5e-3, batch: { size: 6 } }, {}, 2],
    [4, 'clipped', { optimizer: 'momentum', maxGradientNorm: 0.05 }, {}, 2],
    [6, 'many outputs', {}, manyOutputs, 6],
    [7, 'dense inputs', {}, { task: tasks[2]! }, 7],
  ])('takes %i dispatches a step, and allocates nothing: %s', async (ofStep, _, options, more, ofReading) => {
    const allocated = async (steps: number) => {
      const record = { measureEvery: 1000, snapshots: 'events' } as const
      const spec = specification({ steps, ...options }, { ...more, record })
      const dispatched = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
      // A reading more comes where a run takes long.
      const read = vi.spyOn(GPUBuffer.prototype, 'mapAsync')
      const createBindGroup = vi.fn(gpu.createBindGroup.bind(gpu))
      const createBuffer = vi.fn(gpu.createBuffer.bind(gpu))
      const counting = backendOnGpu(gpuWith(gpu, { createBindGroup, createBuffer }))
      const [outcome] = eventsOf(await collectRun(spec, { backend: counting }), 'settled')
      expect(outcome!.status).toBe('finished')
      expect(dispatched.mock.calls.length).toBe(steps * ofStep + read.mock.calls.length * ofReading)
      dispatched.mockRestore()
      read.mockRestore()
      return [createBindGroup.mock.calls.length, createBuffer.mock.calls.length]
    }
    expect(await allocated(70)).toEqual(await allocated(5))
  })

  it('fails with DIVERGED and names the step, though it learns of it only later', async () => {
    const network = { hidden: 16, activation: 'quadratic' as const }
    const spec = specification({ learningRate: 20, reduction: 'sum' }, { network })
    const [outcome] = eventsOf(await collectRun(spec, { backend: backend() }), 'settled')
    expect(outcome).toMatchObject({ status: 'failed', code: 'DIVERGED' })
    const [, step] = /from step (\d+) on/.exec(outcome!.message!)!
    const everyStep = { ...spec, record: { ...spec.record, measureEvery: 1 } }
    const [exact] = eventsOf(await collectRun(everyStep, { backend: backend() }), 'settled')
    expect(exact!.step).toBe(Number(step))
    expect(Number(step)).toBeLessThan(10)
  })

  it('fails by name where the device is lost in mid-run, and keeps what was measured', async () => {
    const { gpu: other } = await loadWebGpu()
    const events: RunEvent[] = []
    for await (const event of runExperiment(specification(), { runId: 'test', backend: backendOnGpu(other) })) {
      events.push(event)
      if (event.type === 'snapshot' && event.snapshot.step === 10) other.destroy()
    }
    expect(eventsOf(events, 'settled')).toEqual([
      expect.objectContaining({
        status: 'failed',
        code: 'BACKEND_UNAVAILABLE',
        message: expect.stringMatching(/WebGPU: the GPU was lost: /) as string,
      }),
    ])
    expect(snapshotAt(events, 10).step).toBe(10)
  })

  it.each([
    ['OUT_OF_MEMORY', () => new GPUOutOfMemoryError('no more\n at x'), 'the device has no memory left: no more'],
    ['BACKEND_UNAVAILABLE', () => new GPUInternalError('hung\n at x'), 'WebGPU: the graphics driver failed: hung'],
  ])('fails with what the device tells in mid-run, and keeps what was measured: %s', async (code, told, message) => {
    const { gpu: other } = await loadWebGpu()
    const events: RunEvent[] = []
    for await (const event of runExperiment(specification(), { runId: 'test', backend: backendOnGpu(other) })) {
      events.push(event)
      if (event.type === 'snapshot' && event.snapshot.step === 10) {
        other.onuncapturederror!({ error: told() } as unknown as GPUUncapturedErrorEvent)
      }
    }
    expect(eventsOf(events, 'settled')).toEqual([expect.objectContaining({ status: 'failed', code, message })])
    expect(snapshotAt(events, 10).step).toBe(10)
    other.destroy()
  })

  it.each([
    [
      'in one buffer',
      { limits: { maxBufferSize: 1000, maxStorageBufferBindingSize: 100 } },
      /a buffer of 896\sB \(theta\); this GPU has at most 100\sB in one$/,
    ],
    ['at all', { popErrorScope: () => Promise.resolve({ message: 'no more\nat x' }) }, /memory left: no more$/],
  ])('fails with OUT_OF_MEMORY where the device has not so much %s', async (_, otherwise, message) => {
    const events = await collectRun(specification(), { backend: backendOnGpu(gpuWith(gpu, otherwise)) })
    expect(eventsOf(events, 'settled')[0]).toMatchObject({
      status: 'failed',
      code: 'OUT_OF_MEMORY',
      message: expect.stringMatching(message) as string,
    })
  })

  it('refuses float64, and every dynamics but training', async () => {
    const spec = specification()
    await expect(
      collectRun({ ...spec, precision: 'float64' }, { backend: { ...backend(), precision: 'float64' } }),
    ).rejects.toThrow(/"float64"/)
    const isolated = specification({}, { dynamics: { kind: 'isolated', ridge: 1, steps: 5 } })
    await expect(collectRun(isolated, { backend: backend() })).rejects.toThrow(/WebGPU .* "training" only/)
  })
})
