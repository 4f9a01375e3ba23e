import { describe, expect, it } from 'vitest'
import { tensorflowBackend, type TensorFlow } from '../../../../src/main/lab/backend/tensorflow.ts'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import { losses, optimizerKinds, type ComposedInput } from '../../../../src/shared/experiment.ts'
import { activations } from '../../../../src/shared/models/twoLayer.ts'
import type { RunEvent } from '../../../../src/shared/run.ts'
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

const methods = optimizerKinds.flatMap((optimizer) => losses.map((loss) => ({ optimizer, loss })))
const interventions: ComposedInput['interventions'] = [
  { at: 5, kind: 'setWeightDecay', value: 0.1 },
  { at: 12, kind: 'removeFrequencies', frequencies: [2] },
  { at: 15, kind: 'clampNorm', norm: 'initial' },
]

/** Largest difference in the weights at the end and in all that was measured, between two runs. */
function distance(some: readonly RunEvent[], others: readonly RunEvent[]): number {
  const weights = ['E', 'W'].map((name) =>
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

  testOf.each(methods)('follows the float64 trainer to float32 ($optimizer, $loss)', async (method) => {
    const spec = specification({ ...method, ...(method.optimizer === 'adamw' ? { learningRate: 5e-3 } : {}) })
    const found = distance(await collectRun(spec, { backend: backend() }), await inDouble(spec))
    expect(found).toBeLessThan(2e-5)
    expect(found).toBeGreaterThan(0)
  })

  testOf.each(activations)('for every activation (%s)', async (activation) => {
    const spec = specification({ optimizer: 'momentum' }, { network: { hidden: 16, activation } })
    expect(distance(await collectRun(spec, { backend: backend() }), await inDouble(spec))).toBeLessThan(5e-5)
  })

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

  testOf('refuses minibatches in words', async () => {
    await expect(collectRun(specification({ batch: { size: 5 } }), { backend: backend() })).rejects.toMatchObject({
      code: 'INVALID_SPECIFICATION',
      message: expect.stringMatching(/^dynamics.batch: a size of 5 is not allowed with TensorFlow/) as string,
    })
  })

  testOf('with interventions, also those in force at every step', async () => {
    const spec = specification({ optimizer: 'momentum' }, { interventions })
    expect(distance(await collectRun(spec, { backend: backend() }), await inDouble(spec))).toBeLessThan(5e-5)
  })

  testOf.each(optimizerKinds)('resumes with the same bits (%s)', async (optimizer) => {
    const spec = specification({ optimizer, learningRate: 0.01 }, { interventions })
    const whole = await collectRun(spec, { backend: backend() })
    const resumed = await collectRun(spec, { backend: backend(), resumeFrom: snapshotAt(whole, 10) })
    expect(snapshotAt(resumed, 30)).toEqual(snapshotAt(whole, 30))
  })

  testOf.each(optimizerKinds)('holds a constant number of tensors, and none at the end (%s)', async (optimizer) => {
    const counted = new Set<number>()
    const before = tf!.memory().numTensors
    const watched: TensorFlow = { ...tf!, tidy: ((step: never) => count(tf!.tidy(step))) as TensorFlow['tidy'] }
    const count = <T>(result: T): T => {
      counted.add(tf!.memory().numTensors)
      return result
    }
    const events = await collectRun(specification({ optimizer }, { interventions }), { backend: backendOn(watched) })
    expect(eventsOf(events, 'settled')[0]!.status).toBe('finished')
    // Counted before the replaced state is released: once without one, at the start, and ever after with one.
    expect(counted.size).toBe(2)
    expect(tf!.memory().numTensors).toBe(before)
  })

  testOf('reads the state back only where it is recorded', async () => {
    const spec = specification({}, { record: { measureEvery: 30, snapshots: 'events' } })
    let reads = 0
    const proxied = watchReads(tf!, () => (reads += 1))
    await collectRun(spec, { backend: backendOn(proxied) })
    expect(reads).toBeLessThanOrEqual(3)
    expect(reads).toBeGreaterThanOrEqual(2)
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
  it('fails with OUT_OF_MEMORY where the device has no more, and lets go of what it held', async () => {
    let products = 0
    const before = cpuTensorFlow.memory().numTensors
    const matMul = ((...operands: Parameters<TensorFlow['matMul']>) => {
      products += 1
      if (products > 30) throw new Error('OOM when allocating tensor with shape[4509,2048] and type float')
      return cpuTensorFlow.matMul(...operands)
    }) as TensorFlow['matMul']
    const events = await collectRun(specification(), { backend: backendOn({ ...cpuTensorFlow, matMul }) })
    expect(eventsOf(events, 'settled')[0]).toMatchObject({ status: 'failed', code: 'OUT_OF_MEMORY' })
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

/** The same operations; `onRead` is called once for each evaluation whose state is read back. */
function watchReads(tf: TensorFlow, onRead: () => void): TensorFlow {
  const tidy = ((step: () => { normSquared: { dataSync: () => unknown } }) => {
    const state = tf.tidy(step as never) as unknown as ReturnType<typeof step>
    const dataSync = state.normSquared.dataSync.bind(state.normSquared)
    state.normSquared.dataSync = () => {
      onRead()
      return dataSync()
    }
    return state
  }) as TensorFlow['tidy']
  return { ...tf, tidy }
}
