import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { plainBackend } from '../../../../../src/main/lab/backend/plain.ts'
import { loadNullDevice, loadWebGpu, webGpuBackend } from '../../../../../src/main/lab/backend/webgpu.ts'
import { lossGradient } from '../../../../../src/main/lab/dynamics/lossGradient.ts'
import { toldNumbers } from '../../../../../src/main/lab/webgpu/batch/batchFields.ts'
import { batchDevice, placesFor } from '../../../../../src/main/lab/webgpu/batch/batchDevice.ts'
import { batchLayout } from '../../../../../src/main/lab/webgpu/batch/batchShape.ts'
import { batchesOf } from '../../../../../src/main/lab/webgpu/batch/batchesOf.ts'
import { openBatchGpu } from '../../../../../src/main/lab/webgpu/batch/openBatchGpu.ts'
import type { BatchOptions, RunOfBatch } from '../../../../../src/main/lab/webgpu/batch/batchCrew.ts'
import { runBatch } from '../../../../../src/main/lab/webgpu/batch/runBatch.ts'
import { testBatch } from '../../../../../src/main/lab/webgpu/batch/testBatch.ts'
import { batchShapeOf, type BatchableSpec } from '../../../../../src/main/lab/webgpu/batch/batchShapeOf.ts'
import { losses } from '../../../../../src/shared/dynamics/losses.ts'
import { optimizerKinds } from '../../../../../src/shared/dynamics/optimizers.ts'
import type { ComposedInput } from '../../../../../src/shared/experiment.ts'
import { activations } from '../../../../../src/shared/models/models.ts'
import type { RunEvent } from '../../../../../src/shared/run.ts'
import { collectRun, eventsOf, largestDifference, runSpec, snapshotAt } from '../../../../support/runs.ts'
import { backendOnGpu, gpuWith, software } from '../../../../support/softwareGpu.ts'

vi.mock('../../../../../src/main/lab/dynamics/lossGradient.ts', { spy: true })

type Training = Extract<ComposedInput['dynamics'], { kind: 'training' }>

function specification(dynamics: Partial<Training> = {}, more: Partial<ComposedInput> = {}, seed = 0): BatchableSpec {
  return runSpec(
    {
      task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
      network: { hidden: 32 },
      dynamics: { kind: 'training', learningRate: 0.05, weightDecay: 1e-2, steps: 20, ...dynamics },
      precision: 'float32',
      record: { measureEvery: 10, snapshots: [10, 20] },
      ...more,
    } as ComposedInput,
    seed,
  ) as BatchableSpec
}

const gpu = software.gpu!

/** What computes a run: a workgroup, or where that has no memory for it, grids of them. */
const gpuOf = {
  workgroup: gpu,
  grid: gpu && gpuWith(gpu, { limits: limitsWith(gpu.limits, { maxComputeWorkgroupStorageSize: 0 }) }),
}
const forms = Object.keys(gpuOf) as (keyof typeof gpuOf)[]

function limitsWith(limits: GPUSupportedLimits, others: Partial<GPUSupportedLimits>): GPUSupportedLimits {
  return new Proxy(limits, {
    get: (target, name) => others[name as keyof GPUSupportedLimits] ?? target[name as keyof GPUSupportedLimits],
  })
}

/** What each run of a batch tells, to its end. */
async function collectBatch(
  runs: readonly (BatchableSpec | RunOfBatch)[],
  { form = 'workgroup', ...options }: Partial<BatchOptions> & { form?: (typeof forms)[number] } = {},
): Promise<RunEvent[][]> {
  const given = runs.map((run, i) => ('spec' in run ? { ...run, runId: String(i) } : { spec: run, runId: String(i) }))
  const events: RunEvent[] = []
  for await (const told of runBatch(given, { backend: backendOnGpu(gpuOf[form]), ...options })) events.push(...told)
  return runs.map((_, i) => events.filter(({ runId }) => runId === String(i)))
}

/** Largest difference in the weights at a step, and in all that was measured, relative to 1 and their size. */
function distance(some: readonly RunEvent[], others: readonly RunEvent[], step: number): number {
  const weights = ['E', 'W'].map((name) =>
    largestDifference(snapshotAt(some, step).matrices[name]!.data, snapshotAt(others, step).matrices[name]!.data),
  )
  const [ours, theirs] = [some, others].map((events) => eventsOf(events, 'measured'))
  expect(ours!.map((row) => row.step)).toEqual(theirs!.map((row) => row.step))
  const measured = ours!.map(({ values }, i) => {
    expect(Object.keys(values).sort()).toEqual(Object.keys(theirs![i]!.values).sort())
    return Math.max(
      ...Object.entries(theirs![i]!.values).map(([name, value]) => {
        const found = values[name as keyof typeof values]!
        return Math.abs(found - value) / (1 + Math.abs(value))
      }),
    )
  })
  return Math.max(...weights, ...measured)
}

const interventions: ComposedInput['interventions'] = [
  { at: 5, kind: 'setWeightDecay', value: 0.1 },
  { at: 12, kind: 'removeFrequencies', frequencies: [2] },
  { at: 15, kind: 'clampNorm', norm: 'initial' },
]
const inDouble = (spec: BatchableSpec) => collectRun({ ...spec, precision: 'float64' })

const batches = [undefined, { size: 6 }, { size: 6, sampling: 'withReplacement' }] as const
const tasks = [
  { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  { kind: 'modularDivision', modulus: 5, trainFraction: 0.7 },
] as const
/** Each optimizer with each loss and batch; the activations and tasks in turn, so that each meets all of these. */
const cases = optimizerKinds.flatMap((optimizer, o) =>
  losses.flatMap((loss, l) =>
    batches.map((batch, b) => {
      const turn = o + 3 * l + 2 * b
      return { optimizer, loss, batch, activation: activations[turn % activations.length]!, task: tasks[turn % 2]! }
    }),
  ),
)

/** A grid is made of the kernels of a single run, which are tested with all activations. */
const casesOf = (form: (typeof forms)[number]) => (form === 'grid' ? cases.filter((_, i) => i % 2 === 0) : cases)

describe.skipIf(!gpu).each(forms)(`many runs at once on a GPU, each a %s: ${software.name}`, (form) => {
  it.each(casesOf(form))(
    'follow the float64 trainer to float32 ($optimizer, $loss, $activation, $task.kind, batch $batch)',
    async ({ task, activation, ...method }) => {
      const learningRate = method.optimizer === 'adamw' ? 5e-3 : 0.05
      const specs = [0, 1].map((seed) =>
        specification(
          { ...method, learningRate: learningRate / (1 + seed) },
          { task, network: { hidden: 32, activation } },
          seed,
        ),
      )
      const found = await collectBatch(specs, { form })
      for (const [i, spec] of specs.entries()) {
        const off = distance(found[i]!, await inDouble(spec), 20)
        // Not exact: float32 computed it.
        expect(off).toSatisfy((worst: number) => worst > 0 && worst < 2e-5)
      }
    },
  )

  /** One shape; data, starts and settings of their own. The second diverges, the last ends early. */
  const various = [
    variousRun(0, {}),
    variousRun(1, { learningRate: 1e6, weightDecay: 0 }),
    variousRun(2, {
      schedule: { shape: 'cosine', warmupSteps: 5 },
      perParameter: { E: { learningRate: 0.5, weightDecay: 2 } },
    }),
    variousRun(3, {}, { interventions }),
    variousRun(4, {}, { task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.4 } }),
    variousRun(
      5,
      {},
      { stop: { after: 'memorized', steps: 4 }, record: { measureEvery: 3, snapshots: [7], memorizeThreshold: 0.3 } },
    ),
  ]

  function variousRun(seed: number, dynamics: Partial<Training>, more: Partial<ComposedInput> = {}) {
    return specification(
      { optimizer: 'momentum', learningRate: 0.1, steps: 25, batch: { size: 6 }, ...dynamics },
      more,
      seed,
    )
  }

  it('tell the same to the last bit alone, in any batch, in any place, by any number of steps at a time', async () => {
    const alone: RunEvent[][] = []
    for (const spec of various) alone.push(...(await collectBatch([spec], { form })).map(told))
    expect(alone.map((events) => eventsOf(events, 'settled')[0]!.status)).toEqual(
      various.map((_, i) => (i === 1 ? 'failed' : 'finished')),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 2 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 30 }),
        async (chosen, places, mostSteps) => {
          const found = await collectBatch(
            chosen.map((i) => various[i]!),
            { form, places, mostSteps },
          )
          expect(found.map(told)).toEqual(chosen.map((i) => alone[i]!))
        },
      ),
      { numRuns: form === 'workgroup' ? 8 : 4 },
    )
  })

  it('go on with the same bits from any snapshot', async () => {
    const specs = various.filter((_, i) => i !== 1)
    const whole = await collectBatch(specs, { form })
    const resumed = await collectBatch(
      specs.map((spec, i) => {
        const [, second] = eventsOf(whole[i]!, 'snapshot')
        return { runId: '', spec, resumeFrom: second!.snapshot }
      }),
      { form },
    )
    resumed.forEach((events, i) => {
      const from = eventsOf(events, 'started')[0]!.step
      expect(from).toBeGreaterThan(0)
      const rest = whole[i]!.filter((event) => stepOf(event) > from)
      expect(told(events).slice(1).map(content)).toEqual(told(rest).map(content))
    })
  })

  it('go on from the snapshot of an event, which lies within a dispatch', async () => {
    const record = { measureEvery: 3, snapshots: 'events', memorizeThreshold: 0.3 } as const
    const spec = specification({ optimizer: 'adamw', learningRate: 5e-3, steps: 60 }, { record })
    const [whole] = await collectBatch([spec], { form })
    const { snapshot } = eventsOf(whole!, 'snapshot').find(({ snapshot }) => snapshot.reason === 'event')!
    expect(snapshot.scalars).toMatchObject({ optimizerSteps: snapshot.step })
    const [resumed] = await collectBatch([{ runId: '', spec, resumeFrom: snapshot }], { form })
    expect(snapshotAt(resumed!, 60)).toEqual(snapshotAt(whole!, 60))
  })

  it('refuse to go on from a snapshot that lacks what they need', async () => {
    const spec = specification({ optimizer: 'adamw', learningRate: 5e-3 })
    const [, second] = eventsOf((await collectBatch([spec], { form }))[0]!, 'snapshot')
    const { meanE: _, ...matrices } = second!.snapshot.matrices
    const resumeFrom = { ...second!.snapshot, matrices }
    const refused: unknown[] = []
    const onRefused = (runId: string, error: unknown) => refused.push([runId, (error as Error).message])
    const [broken, whole] = await collectBatch([{ runId: '', spec, resumeFrom }, spec], { form, onRefused })
    expect(refused).toEqual([['0', 'the snapshot at step 10 lacks the matrix meanE that this run needs']])
    expect([broken!.length, eventsOf(whole!, 'settled').length]).toEqual([0, 1])
    await expect(collectBatch([{ runId: '', spec, resumeFrom }], { form })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('tell of a divergence by its own step, and leave their neighbors clean', async () => {
    const spec = specification(
      { learningRate: 20, reduction: 'sum' },
      { network: { hidden: 32, activation: 'quadratic' } },
    )
    const tame = { ...spec, dynamics: { ...spec.dynamics, learningRate: 1e-4 } }
    const [wild, other] = await collectBatch([spec, tame], { form })
    const [outcome] = eventsOf(wild!, 'settled')
    expect(outcome).toMatchObject({ status: 'failed', code: 'DIVERGED' })
    const everyStep = { ...spec, record: { ...spec.record, measureEvery: 1 } }
    // The single run's kernels find the same step.
    const [single] = eventsOf(await collectRun(everyStep, { backend: backendOnGpu(gpu) }), 'settled')
    expect([outcome!.step, outcome!.message]).toEqual([single!.step, single!.message])
    expect(outcome!.step).toBeLessThan(10)
    expect(distance(other!, await inDouble(tame), 20)).toBeLessThan(2e-5)
  })

  it('are in the events that runExperiment tells, at the same steps: early ends, changes from outside, snapshots at events', async () => {
    for (const spec of various.filter((_, i) => i !== 1)) {
      const [found] = await collectBatch([spec], { form })
      const expected = await inDouble(spec)
      const plain = (events: readonly RunEvent[]) =>
        events.filter(({ type }) => type !== 'progress').map((event) => [event.type, stepOf(event), detailOf(event)])
      expect(plain(found!)).toEqual(plain(expected))
    }
    const [early] = await collectBatch([various.at(-1)!], { form })
    expect(eventsOf(early!, 'settled')[0]).toMatchObject({ message: expect.stringMatching(/^ended before/) as string })
  })

  it.each([
    ['more outputs than are summed at once', 13, 40, 0.3],
    ['one row more than a block has', 5, 33, 0.6],
    ['nothing held out, an odd width', 5, 7, 1],
    ['a workgroup of 256 threads', 3, 200, 0.7],
  ])('follow it in every size: %s', async (_, modulus, hidden, trainFraction) => {
    const spec = specification(
      { optimizer: 'adamw', learningRate: 5e-3, loss: 'crossEntropy', steps: 10, maxGradientNorm: 0.1 },
      { task: { kind: 'modularSubtraction', modulus, trainFraction }, network: { hidden, activation: 'tanh' } },
    )
    const [found] = await collectBatch([spec], { form })
    expect(distance(found!, await inDouble(spec), 10)).toSatisfy((worst: number) => worst > 0 && worst < 2e-5)
  })

  it.each<ComposedInput['initialization']>([
    { kind: 'normal', scale: 3 },
    { kind: 'uniform' },
    { kind: 'trained', steps: 5, learningRate: 0.1, weightDecay: 0, scale: 2 },
  ])('begin where a single run does, to the bit: %j', async (initialization) => {
    const spec = specification({}, { initialization })
    const [found] = await collectBatch([spec], { form })
    const single = await collectRun(spec, { backend: backendOnGpu(gpu) })
    expect(snapshotAt(found!, 0).matrices).toEqual(snapshotAt(single, 0).matrices)
    expect(eventsOf(found!, 'started')[0]!.train).toEqual(eventsOf(single, 'started')[0]!.train)
  })

  it('go on from a start that was trained without training it again', async () => {
    const initialization = { kind: 'trained', steps: 5, learningRate: 0.1, weightDecay: 0 } as const
    const spec = specification({}, { initialization })
    vi.mocked(lossGradient).mockClear()
    const [whole] = await collectBatch([spec], { form })
    expect(lossGradient).toHaveBeenCalled()
    vi.mocked(lossGradient).mockClear()
    const [rest] = await collectBatch([{ runId: '', spec, resumeFrom: snapshotAt(whole!, 10) }], { form })
    expect(lossGradient).not.toHaveBeenCalled()
    expect(snapshotAt(rest!, 20)).toEqual(snapshotAt(whole!, 20))
  })
})

describe.skipIf(!gpu)(`many runs at once, of which each is a workgroup: ${software.name}`, () => {
  it('tell the same where the GPU does not say what a dispatch takes, as one half', async () => {
    const silent = gpuWith(gpu, { features: new Set() })
    const dispatched = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
    const specs = [0, 1].map((seed) => specification({}, {}, seed))
    const found = await collectBatch(specs, { backend: backendOnGpu(silent), mostSteps: 1 })
    const ofOne = dispatched.mock.calls.length
    const halves = await collectBatch(specs, { mostSteps: 1 })
    expect(found.map(told)).toEqual(halves.map(told))
    expect([ofOne, dispatched.mock.calls.length]).toEqual([21, 3 * 21])
  })

  it('sum in another order than a run by the kernels of a single one, and name what computed them', async () => {
    const spec = specification()
    const [found] = await collectBatch([spec])
    const single = await collectRun(spec, { backend: backendOnGpu(gpu) })
    expect(distance(found!, single, 20)).toSatisfy((worst: number) => worst > 0 && worst < 2e-5)
    const backend = await openBatchGpu()
    const [named] = await collectBatch([spec], { backend })
    backend.close()
    expect(eventsOf(named!, 'started')[0]!.provenance).toMatchObject({
      backend: 'webgpu',
      device: `${software.name}, many runs at once`,
      precision: 'float32',
    })
  })

  /** What a device does on the way, counted. */
  function countedGpu() {
    const dispatched = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
    const copied = vi.spyOn(GPUCommandEncoder.prototype, 'copyBufferToBuffer')
    const createBindGroup = vi.fn(gpu.createBindGroup.bind(gpu))
    const createBuffer = vi.fn(gpu.createBuffer.bind(gpu))
    return {
      gpu: gpuWith(gpu, { createBindGroup, createBuffer }),
      counts: () => ({
        dispatches: dispatched.mock.calls.length,
        bytes: copied.mock.calls.reduce((sum, call) => sum + Number(call.at(-1)), 0),
        allocated: createBindGroup.mock.calls.length + createBuffer.mock.calls.length,
      }),
    }
  }
  afterEach(() => void vi.restoreAllMocks())

  it('take one dispatch for all of them and many steps, and read back what is recorded and nothing else', async () => {
    const counted = countedGpu()
    const shape = batchShapeOf(specification(), gpu.limits)
    const device = await batchDevice(counted.gpu, shape, 3)
    const before = counted.counts()
    const steps = Array.from({ length: 40 }, (_, position) => {
      return { position, optimizerStep: position + 1, learningRate: 0.1, weightDecay: 0, norm: undefined }
    })
    const { dynamics, seed } = specification()
    const data = { table: new Uint32Array(batchLayout(shape).table), samples: 30, dynamics, seed }
    for (const place of [0, 1, 2]) device.put(place, data, new Float32Array(batchLayout(shape).state))
    const plan = { steps, isRecorded: Array.from({ length: 41 }, (_, t) => t > 0 && t % 10 === 0) }
    await device.take([plan, plan, plan])
    device.end()
    // Of each run four records, and whether it diverged; of all when the dispatch began and ended.
    const bytes = 4 * 3 * (4 + 1) * toldNumbers.length + 16
    expect(counted.counts()).toEqual({ dispatches: 1, bytes, allocated: before.allocated })
  })

  it('allocate nothing on the way', async () => {
    const countsOf = async (steps: number) => {
      const counted = countedGpu()
      const record = { measureEvery: 10, snapshots: 'events', memorizeThreshold: 1 } as const
      const specs = [0, 1].map((seed) => specification({ learningRate: 1e-6, weightDecay: 0, steps }, { record }, seed))
      await collectBatch(specs, { backend: backendOnGpu(counted.gpu), mostSteps: 1 })
      return counted.counts()
    }
    const [few, many] = [await countsOf(10), await countsOf(30)]
    // Of each half; the start is recorded by a dispatch of its own.
    expect([few.dispatches, many.dispatches - few.dispatches]).toEqual([2 * 11, 2 * 31])
    expect(many.allocated).toBe(few.allocated)
  })

  it('tell what they told where the device is lost, and by what', async () => {
    const { gpu: other } = await loadWebGpu()
    const events: RunEvent[] = []
    const specs = [0, 1].map((seed) => ({ spec: specification({ steps: 500 }, {}, seed), runId: String(seed) }))
    const lost = async () => {
      for await (const told of runBatch(specs, { backend: backendOnGpu(other), mostSteps: 5 })) {
        events.push(...told)
        if (eventsOf(events, 'measured').filter(({ step }) => step === 10).length === 2) other.destroy()
      }
    }
    await expect(lost()).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(/lost/) as string,
    })
    expect(eventsOf(events, 'snapshot').filter(({ snapshot }) => snapshot.step === 10)).toHaveLength(2)
    expect(eventsOf(events, 'settled')).toEqual([])
  })

  it('are saved and left where they are told to stop, and go on from there with the same bits', async () => {
    const specs = [0, 1].map((seed) => specification({ optimizer: 'adamw', learningRate: 5e-3, steps: 60 }, {}, seed))
    const stop = new AbortController()
    const events: RunEvent[] = []
    const runs = specs.map((spec, i) => ({ spec, runId: String(i) }))
    for await (const told of runBatch(runs, { backend: backendOnGpu(gpu), signal: stop.signal, mostSteps: 5 })) {
      events.push(...told)
      if (told.some((event) => event.type === 'measured' && event.step === 30)) stop.abort()
    }
    const settled = eventsOf(events, 'settled')
    expect(settled.map(({ status }) => status)).toEqual(['cancelled', 'cancelled'])
    // Of each half one more dispatch may be on its way; how many steps that is hangs on how fast the last one was.
    expect(Math.max(...settled.map(({ step }) => step))).toBeGreaterThanOrEqual(30)
    expect(Math.max(...settled.map(({ step }) => step))).toBeLessThan(60)
    const lastSaved = (run: string) =>
      eventsOf(events, 'snapshot').findLast(({ runId }) => runId === run)!.snapshot.step
    expect(settled.map(({ runId }) => lastSaved(runId))).toEqual(settled.map(({ step }) => step))
    const resumed = await collectBatch(
      specs.map((spec, i) => ({
        ...{ spec, runId: '' },
        resumeFrom: eventsOf(events, 'snapshot').findLast(({ runId }) => runId === String(i))!.snapshot,
      })),
    )
    const whole = await collectBatch(specs)
    resumed.forEach((each, i) => expect(snapshotAt(each, 60)).toEqual(snapshotAt(whole[i]!, 60)))
  })

  it.each<[string, RegExp, Partial<ComposedInput>]>([
    ['precision', /^precision: "float64" is not allowed .* "float32"$/, { precision: 'float64' }],
    ['dynamics', /^dynamics.kind: "isolated"/, { dynamics: { kind: 'isolated', ridge: 1, steps: 5 } }],
    [
      'inputs',
      /^task.kind: "sparseParity".*not tokens/,
      { task: { kind: 'sparseParity', bits: 5, parityBits: 2, samples: 29, trainFraction: 0.7 } },
    ],
    ['biases', /^network.biases: true/, { network: { hidden: 8, biases: true } }],
    ['chattering', /^record.chattering: 100 /, { record: { measureEvery: 10, chattering: {} } }],
    ['start', /^initialization.kind: "file"/, { initialization: { kind: 'file', path: '/a.npz' } }],
  ])('are refused in words: %s', (_, message, more) => {
    const spec = specification({}, more)
    expect(() => batchShapeOf(spec, gpu.limits)).toThrow(message)
  })
})

describe.skipIf(!gpu)(`many runs at once, of which each is a grid: ${software.name}`, () => {
  const wide = (modulus: number, hidden: number) =>
    specification({}, { task: { kind: 'modularAddition', modulus, trainFraction: 0.5 }, network: { hidden } })

  it('are those that a workgroup has too few threads or too little memory for, whatever the GPU', () => {
    const formOf = (spec: BatchableSpec, limits: Partial<GPUSupportedLimits>) =>
      batchShapeOf(spec, limitsWith(gpu.limits, limits)).form
    const large = { maxComputeWorkgroupStorageSize: 2 ** 20, maxComputeInvocationsPerWorkgroup: 256 }
    expect(formOf(wide(7, 256), large)).toBe('workgroup')
    expect(formOf(wide(7, 257), large)).toBe('grid')
    expect(formOf(wide(7, 256), { ...large, maxComputeInvocationsPerWorkgroup: 128 })).toBe('grid')
    expect(formOf(wide(113, 256), { ...large, maxComputeWorkgroupStorageSize: 2 ** 15 })).toBe('grid')
  })

  it('are as many at a time as there is memory for, and refused in words where there is none for one', async () => {
    const shape = batchShapeOf(wide(37, 512), gpu.limits)
    const places = (limits: Partial<GPUSupportedLimits>) =>
      placesFor(shape, gpuWith(gpu, { limits: limitsWith(gpu.limits, limits) }))
    const roomy = { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 31 }
    const widest = 4 * shape.samples * shape.hidden
    expect(places({ ...roomy, maxStorageBufferBindingSize: 3 * widest })).toBe(3)
    expect(places(roomy)).toBeGreaterThan(64)
    expect(() => places({ ...roomy, maxBufferSize: widest - 1 })).toThrow(
      /^a run needs a buffer of .* \(preactivations\); this GPU has at most .* in one$/,
    )
    const small = gpuWith(gpu, { limits: limitsWith(gpu.limits, { ...roomy, maxBufferSize: widest - 1 }) })
    await expect(batchesOf([{ spec: wide(37, 512) }], backendOnGpu(small))).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
    })
  })

  it('take six dispatches a step, eight for a state that is recorded, and allocate nothing on the way', async () => {
    const dispatched = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
    const createBuffer = vi.fn(gpu.createBuffer.bind(gpu))
    const counted = gpuWith(gpu, { createBuffer, limits: gpuOf.grid!.limits })
    const countsOf = async (steps: number) => {
      const record = { measureEvery: 10, snapshots: 'events', memorizeThreshold: 1 } as const
      const spec = specification({ learningRate: 1e-6, weightDecay: 0, steps }, { record })
      const before = [dispatched.mock.calls.length, createBuffer.mock.calls.length] as const
      await collectBatch([spec], { backend: backendOnGpu(counted) })
      return [dispatched.mock.calls.length - before[0], createBuffer.mock.calls.length - before[1]] as const
    }
    const [few, many] = [await countsOf(10), await countsOf(30)]
    vi.restoreAllMocks()
    expect(many[0] - few[0]).toBe(20 * 6 + 2 * (3 + 5))
    expect(many[1]).toBe(few[1])
  })

  it('are tested before, and a wrong sign in one of their kernels alone is found', async () => {
    const createShaderModule = vi.fn(({ code, ...others }: GPUShaderModuleDescriptor) =>
      gpu.createShaderModule({
        ...others,
        code: code.includes('steps: array<Step>')
          ? code.replace('slope(preactivations', '-slope(preactivations')
          : code,
      }),
    )
    const { failure } = await testBatch(backendOnGpu(gpuWith(gpu, { createShaderModule })), 'grid')
    expect(failure).toMatch(/^20 steps of adamw, clipped, in grids, is off by /)
    expect(await testBatch(backendOnGpu(gpu), 'grid')).toEqual({ repeats: true })
  })
})

describe('the queue of a GPU', () => {
  afterEach(() => void vi.restoreAllMocks())

  it('has a dispatch, at most one of each half of a batch, whenever the host hears what the last one told', async () => {
    const device = await loadNullDevice()
    // All that is queued is read back.
    const submitted = vi.spyOn(GPUQueue.prototype, 'submit')
    const read = vi.spyOn(GPUBuffer.prototype, 'unmap')
    const specs = Array.from({ length: 24 }, (_, seed) => {
      return specification({ steps: 12 + (seed % 3) }, { record: { measureEvery: 1, snapshots: 'events' } }, seed)
    })
    const backend = webGpuBackend(device, plainBackend('float32'))
    let begun = 0
    const inFlight: number[] = []
    for await (const told of runBatch(
      specs.map((spec, i) => ({ spec, runId: String(i) })),
      { backend, places: 6, mostSteps: 4 },
    )) {
      begun += eventsOf(told, 'started').length
      if (begun < specs.length) inFlight.push(submitted.mock.calls.length - read.mock.calls.length)
    }
    backend.close()
    expect(inFlight.length).toBeGreaterThan(20)
    expect(Math.min(...inFlight)).toBeGreaterThanOrEqual(1)
    expect(Math.max(...inFlight)).toBe(2)
  })
})

/** What a run tells, without what differs from one time to the next. */
function told(events: readonly RunEvent[]): RunEvent[] {
  return events.map((event) => ({ ...event, runId: '', ...('seconds' in event ? { seconds: 0 } : {}) }))
}

function content({ sequence: _, ...event }: RunEvent): object {
  return event
}

function stepOf(event: RunEvent): number {
  return event.type === 'snapshot' ? event.snapshot.step : event.step
}

function detailOf(event: RunEvent): unknown {
  if (event.type === 'event') return event.name
  if (event.type === 'snapshot')
    return [event.snapshot.reason, Object.keys(event.snapshot.matrices), event.snapshot.tau]
  return event.type === 'settled' ? [event.status, event.message] : 'tau' in event && event.tau
}
