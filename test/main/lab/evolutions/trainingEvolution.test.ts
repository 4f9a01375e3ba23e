import { afterAll, describe, expect, it } from 'vitest'
import type { ComposedInput } from '../../../../src/shared/experiment.ts'
import { losses } from '../../../../src/shared/dynamics/losses.ts'
import { optimizerKinds } from '../../../../src/shared/dynamics/optimizers.ts'
import { drawSplit } from '../../../../src/main/lab/tasks/split.ts'
import { backends } from '../../../support/backends.ts'
import {
  collectRun,
  eventsOf,
  largestDifference,
  readReference,
  runSpec,
  snapshotAt,
  toMatrix,
} from '../../../support/runs.ts'

type Training = Extract<ComposedInput['dynamics'], { kind: 'training' }>

function specification(dynamics: Partial<Training>, more: Partial<ComposedInput> = {}) {
  return runSpec({
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
    network: { hidden: 32 },
    dynamics: { kind: 'training', learningRate: 0.5, weightDecay: 1e-3, steps: 60, ...dynamics },
    record: { measureEvery: 10, snapshots: [30] },
    ...more,
  })
}

const methods = optimizerKinds.map((optimizer) => ({
  optimizer,
  learningRate: { gradientDescent: 0.5, momentum: 0.1, adamw: 0.01 }[optimizer],
}))

/** What a resumed run must go on with, besides the weights: its place in the batches, in the schedule, its moments. */
const options: { name: string; dynamics: Partial<Training> }[] = [
  { name: 'epochs', dynamics: { optimizer: 'momentum', learningRate: 0.1, batch: { size: 5 } } },
  {
    name: 'replacement, cosine, clipped, L2, rates per parameter',
    dynamics: {
      optimizer: 'adamw',
      learningRate: 0.01,
      weightDecayKind: 'l2',
      batch: { size: 5, sampling: 'withReplacement' },
      schedule: { shape: 'cosine', warmupSteps: 20 },
      maxGradientNorm: 0.05,
      perParameter: { E: { learningRate: 0.5 }, W: { weightDecay: 0 } },
    },
  },
]

const opened = await Promise.all(backends.map(async ({ name, open }) => ({ name, backend: await open() })))
afterAll(() => opened.forEach(({ backend }) => backend.close()))

describe.each(opened)('training on $name', ({ backend }) => {
  it('agrees with the reference to 1e-9: weights, losses, accuracies, norms', async () => {
    const { train, saved } = readReference('training-gradient-descent') as Reference
    const spec = specification(
      { steps: 400 },
      { record: { measureEvery: 1, snapshots: saved.map(({ step }) => step) } },
    )
    const parameters = { E: toMatrix(saved[0]!.E), W: toMatrix(saved[0]!.W) }
    const initial = { parameters, train: Int32Array.from(train) }
    const events = await collectRun(spec, { initial, backend })
    for (const { step, E, W, gradE, gradW, ...measured } of saved) {
      const { matrices, tau } = snapshotAt(events, step)
      expect(tau).toBeCloseTo(0.5 * 1e-3 * step, 14)
      expect(largestDifference(matrices['E']!.data, E.flat())).toBeLessThan(1e-9)
      expect(largestDifference(matrices['W']!.data, W.flat())).toBeLessThan(1e-9)
      const { values } = eventsOf(events, 'measured').find((event) => event.step === step)!
      for (const [name, value] of Object.entries(measured)) {
        if (name !== 'step') expect(Math.abs(values[name as keyof typeof values]! - value)).toBeLessThan(1e-9)
      }
      const gradientNorm = Math.hypot(...gradE.flat(), ...gradW.flat())
      expect(Math.abs(values.gradientNorm! - gradientNorm)).toBeLessThan(1e-9)
    }
  })

  it.each(methods)('resumes from a snapshot with the same bits ($optimizer)', async (method) => {
    const spec = specification(method)
    const whole = await collectRun(spec, { backend })
    const resumed = await collectRun(spec, { backend, resumeFrom: snapshotAt(whole, 30) })
    expect(snapshotAt(resumed, 60)).toEqual(snapshotAt(whole, 60))
    const after = (events: typeof whole) =>
      eventsOf(events, 'measured').flatMap(({ step, values }) => (step > 30 ? [{ step, values }] : []))
    expect(after(resumed)).toEqual(after(whole))
    expect(after(whole).length).toBe(3)
  })

  it.each(options)('resumes with the same bits within an epoch and a schedule ($name)', async ({ dynamics }) => {
    const spec = specification(dynamics, { record: { measureEvery: 1, snapshots: [17] } })
    const whole = await collectRun(spec, { backend })
    const resumed = await collectRun(spec, { backend, resumeFrom: snapshotAt(whole, 17) })
    expect(snapshotAt(resumed, 60)).toEqual(snapshotAt(whole, 60))
    const valuesFrom = (events: typeof whole) =>
      eventsOf(events, 'measured')
        .slice(-43)
        .map(({ values }) => values)
    expect(valuesFrom(resumed)).toEqual(valuesFrom(whole))
  })

  it('takes the same batches as on the plain backend', async () => {
    const spec = specification({ batch: { size: 5 } })
    const [found, plain] = [await collectRun(spec, { backend }), await collectRun(spec)].map(
      (events) => snapshotAt(events, 60).matrices['E']!.data,
    )
    expect(largestDifference(found!, plain!)).toBeLessThan(1e-12)
  })
})

describe('training', () => {
  it.each(methods.flatMap((method) => losses.map((loss) => ({ ...method, loss }))))(
    'lowers the loss it is trained on ($optimizer, $loss)',
    async (dynamics) => {
      const measured = eventsOf(await collectRun(specification(dynamics)), 'measured')
      const name = dynamics.loss === 'crossEntropy' ? 'trainCrossEntropy' : 'trainMse'
      expect(measured.at(-1)!.values[name]).toBeLessThan(measured[0]!.values[name]! / 2)
    },
  )

  it('on the mean with wd is on the sum with λ = wd·N/2, at a rate N times smaller and on the same clock', async () => {
    const N = 12 * 5
    const mean = await collectRun(specification({}))
    const sum = await collectRun(specification({ reduction: 'sum', learningRate: 0.5 / N, weightDecay: 1e-3 * N }))
    const [a, b] = [mean, sum].map((events) => snapshotAt(events, 60))
    expect(largestDifference(a!.matrices['E']!.data, b!.matrices['E']!.data)).toBeLessThan(1e-12)
    expect(a!.tau).toBeCloseTo(b!.tau, 15)
  })

  it('measures the gradient of all pairs, whatever batch a step is taken on', async () => {
    const record = { measureEvery: 1, snapshots: 'events' as const }
    const dynamics = { batch: { size: 5 }, steps: 1, learningRate: 1e-9 }
    const norms = async (more: Partial<Training>) =>
      eventsOf(await collectRun(specification({ ...dynamics, ...more }, { record })), 'measured').map(
        ({ values }) => values.gradientNorm!,
      )
    const { batch: _, ...whole } = dynamics
    const [onBatches, onAll] = [
      await norms({}),
      eventsOf(await collectRun(specification(whole, { record })), 'measured'),
    ]
    expect(onBatches[0]).toBe(onAll[0]!.values.gradientNorm)
    expect(onBatches[1]).toBeCloseTo(onBatches[0]!, 6)
  })

  it('measures the learning rate in force where it follows a schedule, and only there', async () => {
    const schedule = { shape: 'cosine', warmupSteps: 10, floor: 0.5 } as const
    const events = await collectRun(specification({ schedule }, { record: { measureEvery: 5 } }))
    const rates = new Map(eventsOf(events, 'measured').map(({ step, values }) => [step, values.learningRate]))
    expect([0, 5, 10, 35, 60].map((step) => rates.get(step))).toEqual([0, 0.25, 0.5, expect.closeTo(0.375, 12), 0.25])
    const without = await collectRun(specification({}))
    for (const { values } of eventsOf(without, 'measured')) expect(values).not.toHaveProperty('learningRate')
  })

  it('leaves a parameter whose rate is 0 as it is, and clips no gradient that is shorter', async () => {
    const frozen = await collectRun(specification({ perParameter: { E: { learningRate: 0 } } }))
    expect(snapshotAt(frozen, 60).matrices['E']).toEqual(snapshotAt(frozen, 0).matrices['E'])
    expect(snapshotAt(frozen, 60).matrices['W']).not.toEqual(snapshotAt(frozen, 0).matrices['W'])
    const [clipped, free] = [
      await collectRun(specification({ maxGradientNorm: 1e6 })),
      await collectRun(specification({})),
    ]
    expect(snapshotAt(clipped, 60)).toEqual(snapshotAt(free, 60))
  })

  it('moves by no more than η·c in a step that is clipped at c', async () => {
    const events = await collectRun(
      specification({ steps: 1, weightDecay: 0, maxGradientNorm: 0.01 }, { record: { measureEvery: 1 } }),
    )
    const moved = ['E', 'W'].flatMap((name) => {
      const [from, to] = [0, 1].map((step) => snapshotAt(events, step).matrices[name]!.data)
      return Array.from(to!, (value, i) => value - from![i]!)
    })
    expect(eventsOf(events, 'measured')[0]!.values.gradientNorm).toBeGreaterThan(0.011)
    expect(Math.hypot(...moved)).toBeLessThan(0.5 * 0.01)
    expect(Math.hypot(...moved)).toBeGreaterThan(0.5 * 0.0099)
  })

  it('fails with DIVERGED also where it is a batch that diverges', async () => {
    const network = { hidden: 32, activation: 'quadratic' as const }
    const record = { measureEvery: 1, snapshots: 'events' as const }
    const events = await collectRun(specification({ learningRate: 2, batch: { size: 5 } }, { network, record }))
    const outcome = eventsOf(events, 'settled')[0]!
    expect(outcome).toMatchObject({ status: 'failed', code: 'DIVERGED' })
    expect(outcome.step).toBe(eventsOf(events, 'measured').at(-1)!.step)
    for (const { values } of eventsOf(events, 'measured'))
      expect(Object.values(values).every(Number.isFinite)).toBe(true)
  })

  it('starts a branch with fresh moments: from a snapshot given as a start, not resumed', async () => {
    const spec = specification({ optimizer: 'momentum', learningRate: 0.1 })
    const parent = await collectRun(spec)
    const { matrices } = snapshotAt(parent, 30)
    const train = drawSplit(15, 12, 0).train
    const branch = await collectRun(spec, { initial: { parameters: { E: matrices['E']!, W: matrices['W']! }, train } })
    const first = snapshotAt(branch, 0)
    expect(first.matrices['E']).toEqual(matrices['E'])
    expect(largestDifference(first.matrices['velocityE']!.data, new Float64Array(160))).toBe(0)
    expect(snapshotAt(branch, 30)).not.toEqual(snapshotAt(parent, 60))
  })

  it('keeps τ at 0 without weight decay, and measures no cross-entropy it is not trained on', async () => {
    const events = await collectRun(specification({ weightDecay: 0 }))
    for (const { tau, values } of eventsOf(events, 'measured')) {
      expect(tau).toBe(0)
      expect(Object.values(values).every(Number.isFinite)).toBe(true)
      expect(values).not.toHaveProperty('testCrossEntropy')
    }
  })

  it('fails with DIVERGED at the step it diverges at, its measurements finite up to there', async () => {
    const network = { hidden: 32, activation: 'quadratic' as const }
    const record = { measureEvery: 1, snapshots: 'events' as const }
    const events = await collectRun(specification({ learningRate: 2 }, { network, record }))
    const outcome = eventsOf(events, 'settled')[0]!
    expect(outcome).toMatchObject({ status: 'failed', code: 'DIVERGED' })
    const measured = eventsOf(events, 'measured')
    expect(outcome.step).toBe(measured.at(-1)!.step)
    expect(outcome.step).toBeLessThan(60)
    for (const { values } of measured) expect(Object.values(values).every(Number.isFinite)).toBe(true)
  })

  it('in float32 stays near float64 over the first steps', async () => {
    const double = await collectRun(specification({}))
    const single = await collectRun(specification({}, { precision: 'float32' }))
    const [E, e] = [double, single].map((events) => snapshotAt(events, 60).matrices['E']!)
    expect(e!.data).toBeInstanceOf(Float32Array)
    expect(largestDifference(E!.data, e!.data)).toBeLessThan(1e-5)
    expect(largestDifference(E!.data, e!.data)).toBeGreaterThan(0)
  })
})

interface Reference {
  train: number[]
  saved: ({ step: number; E: number[][]; W: number[][]; gradE: number[][]; gradW: number[][] } & Record<
    'trainMse' | 'trainLoss' | 'testMse' | 'trainAccuracy' | 'firstLayerNormSquared',
    number
  >)[]
}
