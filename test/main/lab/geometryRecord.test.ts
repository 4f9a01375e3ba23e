import { describe, expect, it } from 'vitest'
import type { ExperimentInput } from '../../../src/shared/experiment.ts'
import { collectRun, eventsOf, runSpec, snapshotAt } from '../../support/runs.ts'

type Network = Extract<ExperimentInput, { network: object }>

function specification(record: Network['record'], dynamics?: Partial<Network['dynamics']>) {
  return runSpec({
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
    network: { hidden: 32 },
    dynamics: { kind: 'training', learningRate: 0.5, weightDecay: 1e-3, steps: 60, ...dynamics } as Network['dynamics'],
    record,
  })
}

const geometry = { every: 20, lag: 7 }

describe('geometry recorded during a run', () => {
  it('is measured on its own schedule, beside that of the run', async () => {
    const events = await collectRun(specification({ measureEvery: 60, snapshots: 'events', geometry }))
    const measured = eventsOf(events, 'measured').filter(({ values }) => 'distanceToZeroLoss' in values)
    expect(measured.map(({ step }) => step)).toEqual([0, 20, 40, 60])
    expect(measured[0]!.values.normMinimizingCosine).toBeUndefined()
    for (const { values } of measured.slice(1)) {
      expect(Math.abs(values.normMinimizingCosine!)).toBeLessThan(1)
      expect(Math.abs(values.normMinimizingCosinePaper!)).toBeLessThan(1)
    }
  })

  it.each([20, 10, 1])('looks back over a lag of %i, as long as the whole interval or not', async (lag) => {
    const cosines = async (every: number) => {
      const events = await collectRun(specification({ measureEvery: 60, geometry: { every, lag } }))
      const { values } = eventsOf(events, 'measured').find(({ step }) => step === 40)!
      return [values.normMinimizingCosine!, values.normMinimizingCosinePaper!]
    }
    const found = await cosines(lag)
    expect(found.every((value) => Math.abs(value) < 1)).toBe(true)
    expect(found).toEqual(await cosines(40))
  })

  it('leaves the run as it is', async () => {
    const [plain, observed] = [
      await collectRun(specification({ measureEvery: 10 })),
      await collectRun(specification({ measureEvery: 10, geometry })),
    ]
    const E = (events: typeof plain) => snapshotAt(events, 60).matrices['E']
    expect(E(observed)).toEqual(E(plain))
  })

  it.each([15, 13, 20])('resumes with the same bits from a snapshot at step %i', async (step) => {
    const spec = specification({ measureEvery: 10, snapshots: [step], geometry })
    const whole = await collectRun(spec)
    const resumed = await collectRun(spec, { resumeFrom: snapshotAt(whole, step) })
    const after = (events: typeof whole) =>
      eventsOf(events, 'measured').flatMap((event) => (event.step > step ? [[event.step, event.values]] : []))
    expect(after(resumed)).toEqual(after(whole))
    expect(after(whole).length).toBeGreaterThan(3)
  })

  it('is under batches and a summed loss what it is under their mean at the rate that takes the same steps', async () => {
    const record = { measureEvery: 60, snapshots: 'events' as const, geometry }
    const batch = { size: 5, sampling: 'withReplacement' as const }
    const geometryOf = async (dynamics: object) =>
      eventsOf(await collectRun(specification(record, { batch, ...dynamics })), 'measured').map(
        ({ values }) => values.normMinimizingCosinePaper!,
      )
    const mean = await geometryOf({})
    const entries = 5 * 5
    const sum = await geometryOf({ reduction: 'sum', learningRate: 0.5 / entries, weightDecay: 1e-3 * entries })
    expect(mean.length).toBe(4)
    for (const [i, value] of mean.slice(1).entries()) expect(sum[i + 1]).toBeCloseTo(value, 9)
  })

  it('is refused where there is no zero-loss set, and with a lag beyond its interval', () => {
    expect(() => specification({ geometry }, { loss: 'crossEntropy' })).toThrow(/meanSquaredError.*crossEntropy/)
    expect(() => specification({ geometry: { every: 5, lag: 6 } })).toThrow(/record\.geometry\.lag: 6 .*every \(5\)/)
  })
})
