import { describe, expect, it } from 'vitest'
import { planExperiments, planTags, withoutStart } from '../../../../src/renderer/views/new/planExperiments.ts'
import { valueAt } from '../../../../src/shared/specification/paths.ts'
import { addUpEstimates as addUp, spreadOut } from '../../../../src/renderer/views/new/addUpEstimates.ts'
import { estimateCost } from '../../../../src/shared/estimate.ts'
import { requireComposed } from '../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'

const draft = {
  name: 'sweep of η',
  task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
  network: { hidden: 128 },
  dynamics: { kind: 'isolated', integrator: { kind: 'euler', stepSize: 1e-3 }, steps: 100 },
  seeds: [0, 1, 2],
}
const path = 'dynamics.integrator.stepSize'

const symbolOf = (field: string) => (field === path ? 'η' : field === 'initialization.scale' ? 'α' : field)

describe('a plan', () => {
  it('is the draft itself without a sweep', () => {
    expect(planExperiments(draft, null, symbolOf)).toEqual([{ spec: draft, cell: null }])
    expect(planTags(['a', 'a'], draft, false)).toEqual(['a'])
  })

  it('is one experiment for each cell, alike in all but that and the name', () => {
    const values = [0.1, 0.2]
    const cells = values.map((value) => [{ path, value }])
    const plan = planExperiments(draft, cells, symbolOf)
    expect(plan.map(({ spec }) => valueAt(spec, path))).toEqual(values)
    expect(plan.map(({ spec }) => spec.name)).toEqual(['sweep of η, η = 0.1', 'sweep of η, η = 0.2'])
    for (const { spec } of plan) {
      expect({ ...spec, name: draft.name, dynamics: draft.dynamics }).toEqual(draft)
    }
  })

  it('is valid where what is varied lies in a part that the draft leaves to its default', () => {
    const cells = [0.5, 2].map((value) => [{ path: 'initialization.scale', value }])
    const specs = planExperiments(draft, cells, symbolOf).map(({ spec }) => requireComposed(parseExperiment(spec)))
    expect(specs.map(({ initialization }) => initialization)).toMatchObject([
      { kind: 'normal', scale: 0.5 },
      { kind: 'normal', scale: 2 },
    ])
  })

  it('keeps what several axes set in one part that the draft leaves out', () => {
    const cell = [
      { path: 'initialization.scale', value: 2 },
      { path: 'initialization.standardDeviation', value: 0.5 },
    ]
    expect(planExperiments(draft, [cell], symbolOf)[0]!.spec).toMatchObject({
      initialization: { kind: 'normal', scale: 2, standardDeviation: 0.5 },
    })
  })

  it('has a tag of its own, which no comma of the name parts in two', () => {
    expect(planTags(['a'], { ...draft, name: 'X, from 500' }, true)).toEqual(['a', 'sweep: X from 500'])
  })

  it('keeps names and tags within what the host takes', () => {
    const long = { ...draft, name: 'x'.repeat(300) }
    const cells = [[{ path, value: 0.1 }], [{ path: 'task.start', value: Array(200).fill(1) }]]
    for (const { spec } of planExperiments(long, cells, symbolOf)) expect((spec.name as string).length).toBe(200)
    for (const tag of planTags(['a'], long, true)) expect(tag.length).toBeLessThanOrEqual(60)
  })
})

describe('the estimate of a plan', () => {
  const spec = parseExperiment(draft)
  const one = { problems: [], spec, estimate: estimateCost(spec, 1e9), wallSeconds: 1 }
  const seconds = one.estimate.seconds!

  it('adds runs, time and disk up, and memory not', () => {
    const single = addUp([one], 1, 1)!
    const double = addUp([one, one], 2, 1)!
    expect(single.runs).toBe(3)
    expect(single.wallSeconds).toBeCloseTo(3 * seconds)
    expect(double.wallSeconds).toBeCloseTo(6 * seconds)
    expect(double.diskBytes).toBe(2 * single.diskBytes)
    expect(double.memoryBytes).toBe(single.memoryBytes)
  })

  it('takes as many rounds as the runs need slots, and scales a sample up', () => {
    expect(addUp([one], 1, 2)!.wallSeconds).toBeCloseTo(2 * seconds)
    const [scaled, summed] = [addUp([one], 10, 1)!, addUp(new Array(10).fill(one), 10, 1)!]
    expect(scaled).toEqual({ ...summed, wallSeconds: scaled.wallSeconds, from: { experiments: 1, of: 10 } })
    expect(summed.from).toEqual({ experiments: 10, of: 10 })
    expect(scaled.wallSeconds).toBeCloseTo(summed.wallSeconds!, 9)
  })

  it('of a long sweep is that of cells from the first to the last, whatever its axes begin with', () => {
    // An outer axis of rising steps, an inner one of five values that cost the same.
    const cells = [100, 1000, 10_000, 100_000].flatMap((steps) => new Array<number>(25).fill(steps))
    const asked = spreadOut(cells)
    expect([asked.length, asked[0], asked.at(-1)]).toEqual([24, 100, 100_000])
    const costOf = (steps: number) => ({ ...one, estimate: { ...one.estimate, seconds: steps } })
    const sampled = addUp(asked.map(costOf), cells.length, 1)!
    const whole = addUp(cells.map(costOf), cells.length, 1)!
    expect(sampled.wallSeconds! / whole.wallSeconds!).toBeCloseTo(1, 1)
    expect(spreadOut(cells.slice(0, 24))).toEqual(cells.slice(0, 24))
    const places = spreadOut(Array.from({ length: 25 }, (_, place) => place))
    expect(new Set(places).size).toBe(24)
  })

  it('promises no time where the speed of the machine is not known', () => {
    const unknown = { ...one, estimate: estimateCost(spec, null), wallSeconds: null }
    expect(addUp([one, unknown], 2, 1)).toMatchObject({ runs: 6, wallSeconds: null })
    expect(addUp([unknown], 1, 1)).toMatchObject({ wallSeconds: null, stepsPerSecond: null })
    expect(addUp([unknown], 1, 1)!.diskBytes).toBe(addUp([one], 1, 1)!.diskBytes)
  })

  it('has a start that is trained in it, but not of a branch, which begins with weights that are there', () => {
    const initialization = { kind: 'trained', steps: 1e6, learningRate: 1, weightDecay: 0 }
    const plan = planExperiments({ ...draft, initialization }, null, symbolOf)
    const costOf = ([only]: typeof plan) => estimateCost(parseExperiment(only!.spec), 1e9).seconds!
    expect(costOf(plan)).toBeGreaterThan(100 * seconds)
    expect(costOf(withoutStart(plan))).toBe(seconds)
    // The start has no part in the time of a step.
    const rateOf = ([only]: typeof plan) => {
      const spec = parseExperiment(only!.spec)
      return addUp([{ problems: [], spec, estimate: estimateCost(spec, 1e9), wallSeconds: 1 }], 1, 1)!.stepsPerSecond!
    }
    expect(rateOf(plan)).toBeCloseTo(rateOf(withoutStart(plan)), 9)
  })

  it('is not given where an experiment is wrong', () => {
    expect(addUp([one, { problems: [], spec: null, estimate: null, wallSeconds: null }], 1, 1)).toBeNull()
    expect(addUp([], 1, 1)).toBeNull()
  })
})
