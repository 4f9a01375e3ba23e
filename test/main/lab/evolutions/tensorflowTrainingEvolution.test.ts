import { describe, expect, it, vi } from 'vitest'
import { tensorflowBackend, type TensorFlow } from '../../../../src/main/lab/backend/tensorflow.ts'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import type { ComposedInput } from '../../../../src/shared/experiment.ts'
import { losses } from '../../../../src/shared/dynamics/losses.ts'
import { optimizerKinds } from '../../../../src/shared/dynamics/optimizers.ts'
import { activations } from '../../../../src/shared/models/models.ts'
import { runExperiment } from '../../../../src/main/lab/runExperiment.ts'
import type { RunEvent } from '../../../../src/shared/run.ts'
import { coveringCases } from '../../../support/coveringCases.ts'
import { collectRun, eventsOf, largestDifference, runSpec, snapshotAt } from '../../../support/runs.ts'
import { backendOn, cpuTensorFlow, devices } from '../../../support/tensorflowDevices.ts'

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

// Any three stand together.
const cases = coveringCases(
  { task: tasks, batch: batches, loss: losses, optimizer: optimizerKinds, activation: activations },
  3,
)
const biased = coveringCases(
  { task: tasks, batch: batches, optimizer: optimizerKinds, activation: activations, hasRates: [false, true] },
  3,
)
const perParameter = {
  b: { learningRate: 3, weightDecay: 0 },
  W: { weightDecay: 2 },
  c: { learningRate: 2, weightDecay: 0.5 },
}

/** Largest difference in the weights at the end and in all that was measured, between two runs. */
function distance(some: readonly RunEvent[], others: readonly RunEvent[]): number {
  const weights = ['E', 'b', 'W', 'c']
    .filter((name) => name in snapshotAt(some, 30).matrices)
    .map((name) =>
      largestDifference(snapshotAt(some, 30).matrices[name]!.data, snapshotAt(others, 30).matrices[name]!.data),
    )
  const measured = eventsOf(some, 'measured').map(({ values }, i) => {
    const names = ['testMse', 'trainMargin', 'gradientNorm', 'firstLayerNormSquared'] as const
    const theirs = eventsOf(others, 'measured')[i]!.values
    return Math.max(...names.map((name) => Math.abs(values[name]! - theirs[name]!) / (1 + Math.abs(theirs[name]!))))
  })
  return Math.max(...weights, ...measured)
}

describe.each(devices)('training on TensorFlow: $name', ({ tf }) => {
  const testOf = tf ? it : it.skip
  const backend = () => backendOn(tf!)
  const inDouble = (spec: ReturnType<typeof specification>) => collectRun({ ...spec, precision: 'float64' })

  testOf.each(cases)(
    'follows the float64 trainer to float32 ($optimizer, $loss, $activation, $task.kind, batch $batch)',
    async ({ task, activation, ...method }) => {
      const learningRate = method.optimizer === 'adamw' ? 5e-3 : 0.05
      const spec = specification({ ...method, learningRate }, { task, network: { hidden: 16, activation } })
      const found = distance(await collectRun(spec, { backend: backend() }), await inDouble(spec))
      expect(found).toSatisfy(isRoundingOfFloat32)
    },
  )

  testOf.each(biased)(
    'follows it with biases ($optimizer, $activation, $task.kind, batch $batch, rates of their own $hasRates)',
    async ({ task, activation, hasRates, ...method }) => {
      const options = { ...method, loss: 'crossEntropy', learningRate: 5e-3, maxGradientNorm: 0.5 } as const
      const clamp: ComposedInput['interventions'] = [{ at: 15, kind: 'clampNorm', norm: 'initial' }]
      const network = { hidden: 13, activation, biases: true }
      const spec = specification(
        { ...options, ...(hasRates && { perParameter }) },
        { task, network, interventions: clamp },
      )
      const found = await collectRun(spec, { backend: backend() })
      expect(distance(found, await inDouble(spec))).toSatisfy(isRoundingOfFloat32)
      const resumed = await collectRun(spec, { backend: backend(), resumeFrom: snapshotAt(found, 10) })
      expect(snapshotAt(resumed, 30)).toEqual(snapshotAt(found, 30))
    },
  )

  testOf.each<Partial<Training>>([
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

  testOf('with interventions, also those in force at every step', async () => {
    const spec = specification({ optimizer: 'momentum' }, { interventions })
    expect(distance(await collectRun(spec, { backend: backend() }), await inDouble(spec))).toBeLessThan(2e-5)
  })

  const resumed = optimizerKinds.flatMap((optimizer) => batches.map((batch) => ({ optimizer, batch })))
  testOf.each(resumed)('resumes with the same bits ($optimizer, batch $batch)', async (options) => {
    const spec = specification({ ...options, learningRate: 0.01 }, { interventions })
    const whole = await collectRun(spec, { backend: backend() })
    const resumed = await collectRun(spec, { backend: backend(), resumeFrom: snapshotAt(whole, 10) })
    expect(snapshotAt(resumed, 30)).toEqual(snapshotAt(whole, 30))
  })

  testOf.each(optimizerKinds)(
    'holds as many tensors after 2000 steps as before, and none at the end (%s)',
    async (optimizer) => {
      const before = tf!.memory().numTensors
      const spec = specification({ optimizer, steps: 2000 }, { record: { measureEvery: 250, snapshots: 'events' } })
      const held = new Set<number>()
      for await (const event of runExperiment(spec, { runId: 'test', backend: backend() })) {
        if (event.type === 'measured' && event.step > 0) held.add(tf!.memory().numTensors)
        if (event.type === 'settled') expect(event.status).toBe('finished')
      }
      expect(held.size).toBe(1)
      expect(tf!.memory().numTensors).toBe(before)
    },
  )

  testOf('reads the state back only where it is recorded', async () => {
    const reads = vi.spyOn(tf!.engine(), 'readSync')
    await collectRun(specification({}, { record: { measureEvery: 30, snapshots: 'events' } }), { backend: backend() })
    // Gradient and state, at the start and at the end.
    expect(reads).toHaveBeenCalledTimes(4)
    reads.mockRestore()
  })

  testOf.each([
    // One for the decay beside the step, which a factor 1 − η·wd would lose to rounding.
    ['gradientDescent', 'meanSquaredError', 15],
    ['gradientDescent', 'crossEntropy', 16],
    ['momentum', 'meanSquaredError', 18],
    ['adamw', 'meanSquaredError', 25],
    ['adamw', 'crossEntropy', 26],
  ] as const)('takes no more operations than it needs (%s, %s: %i)', async (optimizer, loss, max) => {
    const perStep = async (steps: number) => {
      const spec = specification({ optimizer, loss, steps }, { record: { measureEvery: 1000, snapshots: 'events' } })
      const { kernels } = await tf!.profile(async () => void (await collectRun(spec, { backend: backend() })))
      return kernels.length
    }
    expect((await perStep(40)) - (await perStep(30))).toBe(10 * max)
  })

  testOf('fails with DIVERGED and names the step, though it learns of it only later', async () => {
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
})

describe('training on TensorFlow', () => {
  it.each([
    ['at the start', 0],
    ['in mid-run', 50],
  ])('fails with OUT_OF_MEMORY where the device has no more, %s, and lets go of what it held', async (_, max) => {
    let products = 0
    const before = cpuTensorFlow.memory().numTensors
    const matMul = ((...operands: Parameters<TensorFlow['matMul']>) => {
      products += 1
      // As the native package says it.
      if (products > max) throw new Error('Invalid TF_Status: 8\nMessage: failed to allocate memory')
      return cpuTensorFlow.matMul(...operands)
    }) as TensorFlow['matMul']
    const events = await collectRun(specification(), { backend: backendOn({ ...cpuTensorFlow, matMul }) })
    expect(eventsOf(events, 'settled')[0]).toMatchObject({
      status: 'failed',
      code: 'OUT_OF_MEMORY',
      message: expect.stringMatching(/the device has no memory left: failed to allocate memory$/) as string,
    })
    expect(cpuTensorFlow.memory().numTensors).toBe(before)
  })

  it('refuses float64 and every dynamics but training', async () => {
    const double = tensorflowBackend({ tf: cpuTensorFlow, description: '' }, plainBackend('float64'))
    const spec = specification()
    await expect(collectRun({ ...spec, precision: 'float64' }, { backend: double })).rejects.toThrow(/"float64"/)
    const isolated = specification({}, { dynamics: { kind: 'isolated', ridge: 1, steps: 5 } })
    await expect(collectRun(isolated, { backend: backendOn(cpuTensorFlow) })).rejects.toThrow(/"training" only/)
  })
})

/** At most 2e-5, and not exact: float32 computed it. */
function isRoundingOfFloat32(found: number): boolean {
  return found > 0 && found < 2e-5
}
