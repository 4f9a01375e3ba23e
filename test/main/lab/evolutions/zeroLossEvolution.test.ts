import { describe, expect, it } from 'vitest'
import type { ComposedInput } from '../../../../src/shared/experiment.ts'
import { collectRun, eventsOf, largestDifference, runSpec, snapshotAt } from '../../../support/runs.ts'

type Flow = Extract<ComposedInput['dynamics'], { kind: 'zeroLossFlow' }>
type Network = Extract<ComposedInput, { network: object }>

function specification(integrator: Flow['integrator'], steps: number, more: Partial<Network> = {}) {
  return runSpec({
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
    network: { hidden: 32, activation: 'tanh' },
    dynamics: { kind: 'zeroLossFlow', integrator, steps },
    record: { measureEvery: 1, snapshots: [10] },
    ...more,
  })
}

const adaptive = { kind: 'dormandPrince', stepSize: 0.01, tolerance: 1e-8 } as const

describe('the flow on the zero-loss set', () => {
  it.each(['relu', 'tanh', 'quadratic'] as const)(
    'keeps the loss below 1e-24 and never raises the norm (%s)',
    async (activation) => {
      const spec = specification({ kind: 'heun', stepSize: 0.01 }, 30, { network: { hidden: 32, activation } })
      const measured = eventsOf(await collectRun(spec), 'measured').map(({ values }) => values)
      const norms = measured.map((values) => values.firstLayerNormSquared! + values.secondLayerNormSquared!)
      expect(norms).toHaveLength(31)
      for (const values of measured) expect(values.trainLoss).toBeLessThan(1e-24)
      norms.slice(1).forEach((norm, i) => expect(norm).toBeLessThan(norms[i]!))
    },
  )

  it('loses the norm at the rate of its own speed: d‖θ‖²/dt = −2‖P_T θ‖²', async () => {
    const spec = specification(adaptive, 20, { record: { measureEvery: 1, snapshots: [9, 10, 11] } })
    const events = await collectRun(spec)
    const theta = [9, 10, 11].map((step) => {
      const { E, W } = snapshotAt(events, step).matrices
      return [...E!.data, ...W!.data]
    })
    const square = (v: number[]) => v.reduce((sum, value) => sum + value * value, 0)
    const speed = square(theta[2]!.map((value, i) => (value - theta[0]![i]!) / 0.02))
    const rate = (square(theta[2]!) - square(theta[0]!)) / 0.02
    expect(rate / (-2 * speed)).toBeCloseTo(1, 3)
  })

  it.each([
    { name: 'Euler', integrator: { kind: 'euler', stepSize: 0.01 } as const },
    { name: 'Dormand–Prince', integrator: adaptive },
    { name: 'Euler, dense', integrator: { kind: 'euler', stepSize: 0.01, tolerance: 1e-3, output: 'dense' } as const },
    { name: 'Heun, dense', integrator: { kind: 'heun', stepSize: 0.01, tolerance: 1e-3, output: 'dense' } as const },
    { name: 'Dormand–Prince, dense', integrator: { ...adaptive, output: 'dense' } as const },
  ])('resumes from a snapshot with the same bits ($name)', async ({ integrator }) => {
    const spec = specification(integrator, 20)
    const whole = await collectRun(spec)
    const resumed = await collectRun(spec, { resumeFrom: snapshotAt(whole, 10) })
    expect(snapshotAt(resumed, 20)).toEqual(snapshotAt(whole, 20))
    expect(eventsOf(resumed, 'settled')[0]!.report).toEqual(eventsOf(whole, 'settled')[0]!.report)
  })

  it.each(['euler', 'heun', 'dormandPrince'] as const)('keeps its path, whatever is recorded (%s)', async (kind) => {
    const dense = { kind, stepSize: 0.01, tolerance: 1e-4, output: 'dense' } as const
    const [often, seldom] = await Promise.all(
      [1, 30].map((measureEvery) =>
        collectRun(specification(dense, 30, { record: { measureEvery, snapshots: 'events' } })),
      ),
    )
    expect(snapshotAt(often!, 30).matrices).toEqual(snapshotAt(seldom!, 30).matrices)
  })

  it('is interpolated on Z, to the tolerance', async () => {
    const dense = { kind: 'heun', stepSize: 0.01, tolerance: 1e-4, output: 'dense' } as const
    const events = await collectRun(specification(dense, 40))
    for (const { values } of eventsOf(events, 'measured')) expect(values.trainLoss).toBeLessThan(1e-24)
    // Steps that are cut would be one for each recorded at least.
    expect(eventsOf(events, 'settled')[0]!.report!.accepted).toBeLessThan(40)
    const exact = snapshotAt(await collectRun(specification({ ...adaptive, tolerance: 1e-11 }, 40)), 10).matrices
    const found = snapshotAt(events, 10).matrices
    for (const name of ['E', 'W']) expect(largestDifference(found[name]!.data, exact[name]!.data)).toBeLessThan(1e-3)
  })

  it('converges in the order of its integrator, retraction included', async () => {
    const exact = await endOf({ ...adaptive, tolerance: 1e-11 }, 4)
    const error = async (steps: number) =>
      largestDifference(await endOf({ kind: 'heun', stepSize: 0.04 / steps }, steps), exact)
    const [coarse, fine] = [await error(4), await error(16)]
    expect(Math.log(coarse / fine) / Math.log(4)).toBeGreaterThan(1.7)
  })

  async function endOf(integrator: Flow['integrator'], steps: number): Promise<Float64Array> {
    const { E, W } = snapshotAt(await collectRun(specification(integrator, steps)), steps).matrices
    return Float64Array.of(...E!.data, ...W!.data)
  }

  it('ends as failed, with the numbers, where the start has lost rank', async () => {
    const dead = { rows: 5, columns: 32, data: new Float64Array(160).fill(-1) }
    const spec = specification(adaptive, 10, { network: { hidden: 32, activation: 'relu' } })
    const end = eventsOf(await collectRun(spec, { initial: { parameters: { E: dead } } }), 'settled')[0]!
    expect(end).toMatchObject({ status: 'failed', code: 'ZERO_LOSS_UNREACHABLE' })
    expect(end.message).toMatch(/11 × 5 = 55/)
  })

  it('is refused in float32 and where the weights are fewer than the equations', () => {
    expect(() => specification(adaptive, 10, { precision: 'float32' })).toThrow(/precision: "float32" .*"float64"/)
    expect(() => specification(adaptive, 10, { network: { hidden: 5 } })).toThrow(
      /network\.hidden: 5 .*50 weights cannot fit the 55 training outputs exactly: set network\.hidden to at least 6/,
    )
  })
})
