import { beforeEach, describe, expect, it, vi } from 'vitest'
import { lossGradient } from '../../../src/main/lab/dynamics/lossGradient.ts'
import { errorAdvice } from '../../../src/shared/errors.ts'
import type { ExperimentInput } from '../../../src/shared/experiment.ts'
import type { Preparation } from '../../../src/shared/preparation.ts'
import { collectRun, eventsOf, runSpec, snapshotAt } from '../../support/runs.ts'

vi.mock('../../../src/main/lab/dynamics/lossGradient.ts', { spy: true })
beforeEach(() => void vi.mocked(lossGradient).mockClear())

const common = {
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
  network: { hidden: 32 },
} satisfies Partial<ExperimentInput>

describe('a trained start', () => {
  it('is the end of a training run from the same uniform draw, to the bit', async () => {
    const training = { kind: 'training', learningRate: 0.5, weightDecay: 1e-3, steps: 50 } as const
    const run = await collectRun(runSpec({ ...common, initialization: { kind: 'uniform' }, dynamics: training }, 3))
    const start = await collectRun(
      runSpec(
        {
          ...common,
          initialization: { kind: 'trained', steps: 50, learningRate: 0.5, weightDecay: 1e-3 },
          dynamics: { ...training, steps: 1 },
        },
        3,
      ),
    )
    const [trained, begun] = [snapshotAt(run, 50).matrices, snapshotAt(start, 0).matrices]
    expect(begun['E']).toEqual(trained['E'])
    expect(begun['W']).toEqual(trained['W'])
  })

  it('that diverges is refused with its learning rate', async () => {
    const spec = runSpec({
      ...common,
      network: { hidden: 32, activation: 'quadratic' },
      initialization: { kind: 'trained', steps: 2000, learningRate: 1e4, weightDecay: 0 },
      dynamics: { kind: 'isolated', ridge: 0.1, steps: 10 },
    })
    await expect(collectRun(spec)).rejects.toThrow(/learningRate 10000 left the finite numbers within 2000 steps/)
  })

  it('is not trained again by a run that goes on, which has the same bits', async () => {
    const spec = runSpec({
      ...common,
      initialization: { kind: 'trained', steps: 20, learningRate: 0.5, weightDecay: 1e-3 },
      dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 0, steps: 20 },
      interventions: [{ kind: 'clampNorm', at: 12, norm: 'initial' }],
      record: { snapshots: [10] },
    })
    const whole = await collectRun(spec)
    // Before the start, and from it on.
    expect(lossGradient).toHaveBeenCalledTimes(2)
    vi.mocked(lossGradient).mockClear()
    const rest = await collectRun(spec, { resumeFrom: structuredClone(snapshotAt(whole, 10)) })
    expect(lossGradient).toHaveBeenCalledTimes(1)
    expect(snapshotAt(rest, 20)).toEqual(snapshotAt(whole, 20))
  })

  it('says how far it is, and is left where its run is cancelled meanwhile, which has nothing to resume from then', async () => {
    const spec = runSpec({
      task: { kind: 'modularAddition', modulus: 23, trainFraction: 0.7 },
      network: { hidden: 512 },
      initialization: { kind: 'trained', steps: 1e6, learningRate: 0.5, weightDecay: 1e-3 },
      dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 0, steps: 1 },
    })
    const controller = new AbortController()
    const told: Preparation[] = []
    const events = await collectRun(spec, {
      signal: controller.signal,
      firstSequence: 7,
      secondsBefore: 2,
      async onPreparing(preparation) {
        if (told.push(preparation) === 3) controller.abort()
        await Promise.resolve()
      },
    })
    const steps = told.map((preparation) => (preparation.doing === 'training' ? preparation.done : NaN))
    expect(told).toEqual(steps.map((done) => ({ doing: 'training', done, of: 1e6 })))
    expect(0 < steps[0]! && steps[0]! < steps[1]! && steps[1]! < steps[2]!).toBe(true)
    const place = { runId: 'test', step: 0, tau: 0, seconds: 2 }
    expect(events).toEqual([
      expect.objectContaining({ type: 'started', sequence: 7, step: 0 }),
      { ...place, sequence: 8, type: 'settled', status: 'cancelled', code: 'CANCELLED', advice: errorAdvice.CANCELLED },
    ])
  })

  it('runs under any dynamics', async () => {
    const spec = runSpec({
      ...common,
      initialization: { kind: 'trained', steps: 300, learningRate: 0.5, weightDecay: 1e-3 },
      dynamics: { kind: 'zeroLossFlow', integrator: { kind: 'euler', stepSize: 0.01 }, steps: 3 },
    })
    expect(eventsOf(await collectRun(spec), 'settled')[0]!.status).toBe('finished')
  })
})
