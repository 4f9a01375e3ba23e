import { describe, expect, it } from 'vitest'
import { linearToySolution } from '../../../../src/main/lab/toys/linearToySolution.ts'
import { measureToy } from '../../../../src/main/lab/toys/measureToy.ts'
import { toyModelFunctions } from '../../../../src/main/lab/toys/toyModel.ts'
import { zeroLossCurves } from '../../../../src/main/lab/toys/zeroLossCurves.ts'
import { toyModelNames, toyModels, type ToyModelName } from '../../../../src/shared/tasks/toy.ts'
import { collectRun, eventsOf, runSpec, snapshotAt } from '../../../support/runs.ts'

const points = [
  [0.7, -1.3, 0.4],
  [-0.6, 0.9, 1.7],
]

function specification(model: ToyModelName, start: number[], ridge: number, steps = 1000) {
  return runSpec({
    task: { kind: 'toy', model, start },
    dynamics: { kind: 'gradientFlow', ridge, steps },
    record: { measureEvery: 100, snapshots: [500] },
  })
}

describe.each(toyModelNames)('the toy model %s', (name) => {
  const model = toyModelFunctions[name]
  const size = toyModels[name].parameters.length

  it('has the gradient of its residual (central differences)', () => {
    for (const theta of points.map((point) => point.slice(0, size))) {
      model.gradient(theta).forEach((slope, j) => {
        const shifted = (h: number) => model.residual(theta.map((value, i) => (i === j ? value + h : value)))
        expect((shifted(1e-6) - shifted(-1e-6)) / 2e-6).toBeCloseTo(slope, 8)
      })
    }
  })

  it('never raises its regularized loss, and resumes with the same bits', async () => {
    const start = points[1]!.slice(0, size)
    const spec = specification(name, start, 0.05)
    const events = await collectRun(spec)
    const objective = eventsOf(events, 'measured').map(({ values: { trainLoss, weight1, weight2, weight3 = 0 } }) => {
      return trainLoss! + 0.05 * (weight1! ** 2 + weight2! ** 2 + weight3 ** 2)
    })
    expect(objective.length).toBeGreaterThan(10)
    objective.slice(1).forEach((value, i) => expect(value).toBeLessThanOrEqual(objective[i]! + 1e-9))
    const resumed = await collectRun(spec, { resumeFrom: snapshotAt(events, 500) })
    expect(snapshotAt(resumed, 1000).matrices).toEqual(snapshotAt(events, 1000).matrices)
  })
})

describe('the zero-loss curves', () => {
  it.each(toyModelNames.filter((name) => toyModels[name].parameters.length === 2))('have no residual (%s)', (name) => {
    for (const { x, y } of zeroLossCurves(name, 4)) {
      x.forEach((value, i) => expect(toyModelFunctions[name].residual([value, y[i]!])).toBeCloseTo(0, 12))
    }
  })
})

describe('the closed form of the linear models (Fig. 1)', () => {
  it.each([
    [[-1, 1], 0.01],
    [[-1, 1], 0.2],
    [[2, -1, 0.5], 0.1],
  ])('agrees with the run from %j with λ = %d', async (start, ridge) => {
    const model = start.length === 2 ? 'twoWeightLinear' : 'threeWeightLinear'
    const events = await collectRun(specification(model, start, ridge))
    for (const { step, tau, values } of eventsOf(events, 'measured')) {
      const time = step * 0.01
      expect(tau).toBeCloseTo(2 * ridge * time, 12)
      const expected = linearToySolution(start, ridge, time)
      expect(values.weight1).toBeCloseTo(expected[0]!, 6)
      expect(values.weight2).toBeCloseTo(expected[1]!, 6)
    }
  })

  it('ends at w = 1/(1 + λ/2)', () => {
    for (const weight of linearToySolution([-1, 1], 0.2, 1e4)) expect(weight).toBeCloseTo(1 / 1.1, 12)
  })
})

describe('the angle of the gradient to the normal (Fig. 4)', () => {
  it('falls in proportion to the distance', () => {
    const [far, near] = [1e-1, 1e-3].map((height) => measureToy(toyModelFunctions.parabola, [0.8, 0.64 + height], []))
    const slope =
      Math.log(far!.tangentialFraction! / near!.tangentialFraction!) /
      Math.log(far!.distanceToZeroLoss! / near!.distanceToZeroLoss!)
    expect(slope).toBeGreaterThan(0.9)
    expect(slope).toBeLessThan(1.1)
  })
})

describe('a toy specification', () => {
  it('is refused, with the field, where it does not fit', () => {
    expect(() => specification('threeWeightLinear', [1, 2], 0)).toThrow(/task\.start: .*3 parameters w₁, w₂, w₃/)
    const training = { kind: 'training', learningRate: 1, weightDecay: 0, steps: 1 } as const
    const toy = { kind: 'toy', model: 'parabola', start: [1, 1] } as const
    expect(() => runSpec({ task: { ...toy, start: [1, 1] }, dynamics: training })).toThrow(/dynamics\.kind/)
    expect(() =>
      runSpec({
        task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.5 },
        network: { hidden: 8 },
        dynamics: { kind: 'gradientFlow', steps: 1 },
      }),
    ).toThrow(/dynamics\.kind: "gradientFlow"/)
    expect(() =>
      runSpec({ dynamics: training, task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.5 } } as never),
    ).toThrow(/network: missing/)
  })
})
