import { describe, expect, it } from 'vitest'
import { createStallDetector } from '../../../src/main/lab/stallDetector.ts'
import type { ComposedInput } from '../../../src/shared/experiment.ts'
import type { Measurements, RunEvent } from '../../../src/shared/run.ts'
import type { MatrixData } from '../../../src/shared/matrix.ts'
import { collectRun, eventsOf, runSpec } from '../../support/runs.ts'

const task = { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 } as const
const training = (more: object = {}) => ({
  kind: 'training' as const,
  learningRate: 50,
  weightDecay: 0,
  steps: 300,
  ...more,
})
/** The first step at this rate kills every unit. */
const dying = (more: Partial<ComposedInput> = {}): ComposedInput => ({
  task,
  network: { hidden: 64 },
  initialization: { kind: 'normal', standardDeviation: 0.5 },
  dynamics: training(),
  ...(more as object),
})
const stallsOf = (events: readonly RunEvent[]) => eventsOf(events, 'event').filter(({ name }) => name === 'stalled')

/** Weights that answer to no pair: relu of what is nowhere positive. */
const deadWeights = (hidden: number): { E: MatrixData; W: MatrixData } => ({
  E: { rows: 7, columns: hidden, data: new Float64Array(7 * hidden).fill(-0.1) },
  W: { rows: hidden, columns: 7, data: new Float64Array(7 * hidden).fill(0.1) },
})

describe('a run that can learn nothing more', () => {
  it('is told where its gradient is first measured to be zero, and goes on', async () => {
    const events = await collectRun(runSpec(dying()))
    const measured = eventsOf(events, 'measured')
    const [stall, ...more] = stallsOf(events)
    expect(more).toEqual([])
    expect(measured.find(({ values }) => values.gradientNorm === 0)!.step).toBe(stall!.step)
    expect(stall!.value).toBe(0)
    expect(measured.at(-1)!.values.trainAccuracy).toBeLessThan(1)
    expect(events.at(-1)).toMatchObject({ type: 'settled', status: 'finished', step: 300 })
  })

  it.each([
    { loss: 'crossEntropy' },
    { weightDecay: 1e-3 },
    { optimizer: 'momentum', learningRate: 1 },
    { optimizer: 'adamw', learningRate: 0.01 },
    { batch: { size: 5 } },
  ])('whatever trains it (%o)', async (more) => {
    const events = await collectRun(runSpec(dying({ dynamics: training(more) })), {
      initial: { parameters: deadWeights(64) },
    })
    // What moments remember has faded by step 10·0.9/(1 − 0.9).
    expect(stallsOf(events)).toMatchObject([{ step: 'optimizer' in more ? 90 : 0, value: 0 }])
  })

  it('not where it is one batch that does not pull', async () => {
    // No unit answers to a pair with the token 0, of which some are trained on.
    const { E, W } = deadWeights(64)
    E.data.fill(0.1, 64).fill(-10, 0, 64)
    const spec = runSpec({
      task,
      network: { hidden: 64 },
      dynamics: training({ learningRate: 1e-9, batch: { size: 1 } }),
      record: { measureEvery: 1 },
    })
    expect(stallsOf(await collectRun(spec, { initial: { parameters: { E, W } } }))).toEqual([])
  })

  it('where no unit of an isolated layer answers', async () => {
    const spec = runSpec(dying({ dynamics: { kind: 'isolated', ridge: 0.1, steps: 20 } }))
    expect(stallsOf(await collectRun(spec, { initial: { parameters: deadWeights(64) } }))).toMatchObject([
      { step: 0, value: 0 },
    ])
  })

  it('at the saddle of a toy model', async () => {
    const toy = (start: number[]) =>
      runSpec({ task: { kind: 'toy', model: 'curvedScalar', start }, dynamics: { kind: 'gradientFlow', steps: 5 } })
    expect(stallsOf(await collectRun(toy([0, 0])))).toMatchObject([{ step: 0, value: 0 }])
    expect(stallsOf(await collectRun(toy([0, 0.1])))).toEqual([])
    expect(stallsOf(await collectRun(toy([1, 1])))).toEqual([])
  })

  it('is told once, at the same step, when it was cut off and resumed', async () => {
    const spec = runSpec(dying({ dynamics: training({ optimizer: 'momentum' }) }))
    const whole = await collectRun(spec)
    const [stall] = stallsOf(whole)
    const snapshots = eventsOf(whole, 'snapshot').map(({ snapshot }) => snapshot)
    for (const resumeFrom of snapshots) {
      const rest = stallsOf(await collectRun(spec, { resumeFrom }))
      expect(rest.map(({ step }) => step)).toEqual(resumeFrom.step < stall!.step ? [stall!.step] : [])
    }
  })

  it('is no run that learns', async () => {
    for (const optimizer of ['gradientDescent', 'momentum', 'adamw'] as const) {
      const learningRate = { gradientDescent: 0.5, momentum: 0.1, adamw: 0.01 }[optimizer]
      const spec = runSpec(dying({ dynamics: training({ optimizer, learningRate, steps: 600 }) }))
      const events = await collectRun(spec)
      expect(eventsOf(events, 'measured').at(-1)!.values.trainAccuracy).toBe(1)
      expect(stallsOf(events)).toEqual([])
    }
  })
})

describe('weights that grow a thousandfold', () => {
  const detector = () => createStallDetector(runSpec(dying()).dynamics)
  const at = (norm: number, trainAccuracy: number): Measurements => ({
    trainAccuracy,
    firstLayerNormSquared: norm ** 2 / 2,
    secondLayerNormSquared: norm ** 2 / 2,
  })
  const context = { pull: 1, guessAccuracy: 0.2 }

  it('with no pair learned are a dead end; the value is how far they grew', () => {
    const stall = detector()
    expect(stall.at(0, at(2, 0.1), context)).toBeUndefined()
    expect(stall.at(10, at(1999, 0.1), context)).toBeUndefined()
    expect(stall.at(20, at(2001, 0.25), context)).toBeUndefined()
    expect(stall.at(30, at(2001, 0.2), context)).toBeCloseTo(1000.5)
  })

  it('are no growth from nothing, nor from a start that is not known', () => {
    const fromNothing = detector()
    fromNothing.at(0, at(0, 0.1), context)
    expect(fromNothing.at(10, at(1e9, 0.1), context)).toBeUndefined()
    const resumed = detector()
    resumed.restore({})
    resumed.at(500, at(2, 0.1), context)
    expect(resumed.at(510, at(1e9, 0.1), context)).toBeUndefined()
  })

  it('are judged by the start of the run after it was resumed', () => {
    const before = detector()
    before.at(0, at(2, 0.1), context)
    const after = detector()
    after.restore(before.scalars())
    expect(after.at(500, at(3000, 0.1), context)).toBeCloseTo(1500)
  })
})
