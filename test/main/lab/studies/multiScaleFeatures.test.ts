import { describe, expect, it } from 'vitest'
import { multiScaleFeatures } from '../../../../src/main/lab/studies/multiScaleFeatures.ts'
import { flowLimit, type Block } from '../../../../src/main/lab/studies/multiScaleTheory.ts'
import { orderParameters, twoScaleStudent } from '../../../../src/main/lab/studies/twoScaleStudent.ts'
import {
  multiScaleFeatures as description,
  multiScaleFeaturesSchema,
} from '../../../../src/shared/studies/multiScaleFeatures.ts'
import { readReference } from '../../../support/runs.ts'

interface Reference {
  tiny: { taus: number[]; rows: number[][]; rowsWithDecay: number[][] }
  descent: { stepSize: number; steps: number[]; decay: number; rows: number[][] }[]
  flow: { taus: number[]; rows: number[][]; rowsWithNoiseAndDecay: number[][] }
}
const reference = readReference('multiScaleFeatures') as Reference
const valuesOf = ({ overlap, normSquared, error }: ReturnType<typeof flowLimit>) => [overlap, normSquared, error]

function expectNear(found: readonly number[], expected: readonly number[], bound = 1e-9): void {
  expect(found.length).toBe(expected.length)
  found.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(bound))
}

const blocks = (fast: number, kappa: number): Block[] => [
  { share: fast, strength: 1 },
  { share: 1 - fast, strength: kappa ** -2 },
]
const figure1 = { samplesPerDimension: 1.3, blocks: blocks(0.7, 100), noiseVariance: 0, weightDecay: 0 }

describe('the limit of many dimensions', () => {
  it.each([
    ['without noise and decay', figure1, reference.flow.rows],
    ['with both', { ...figure1, noiseVariance: 0.04, weightDecay: 0.01 }, reference.flow.rowsWithNoiseAndDecay],
  ])('is that of NumPy %s', (_, limit, rows) => {
    reference.flow.taus.forEach((tau, i) => expectNear(valuesOf(flowLimit(limit, tau)), rows[i]!))
  })

  it('does not depend on where the blocks are cut where both have one scale', () => {
    for (const tau of [0.3, 7, 1e3]) {
      const cut = [0.2, 0.5, 0.9].map((fast) => valuesOf(flowLimit({ ...figure1, blocks: blocks(fast, 1) }, tau)))
      for (const other of cut) expectNear(other, cut[0]!, 1e-11)
    }
  })

  it('comes to ½φ₂/(1 − p/n) where the fast directions alone are learned, and the same of the slow ones', () => {
    const untrained = (place: number) =>
      figure1.blocks.map((block, i) => (i === place ? { ...block, strength: 0 } : block))
    const limit = (place: number) => flowLimit({ ...figure1, blocks: untrained(place) }, 1e9).error
    expect(Math.abs(limit(1) - (0.5 * 0.3) / (1 - 70 / 130))).toBeLessThan(1e-9)
    expect(Math.abs(limit(0) - (0.5 * 0.7) / (1 - 30 / 130))).toBeLessThan(1e-9)
  })

  it('comes to ½(1 − α + σ²α/(1 − α)) with fewer samples than dimensions of one scale, and stays there', () => {
    for (const alpha of [0.5, 0.8, 0.95]) {
      const limit = { ...figure1, samplesPerDimension: alpha, blocks: blocks(0.7, 1), noiseVariance: 0.09 }
      const end = (1 - alpha + (0.09 * alpha) / (1 - alpha)) / 2
      for (const tau of [1e6, 1e8, 1e10]) expect(Math.abs(flowLimit(limit, tau).error - end)).toBeLessThan(1e-10)
    }
  })
})

describe('a student of given data', () => {
  const teacher = Float64Array.of(1, -1, 0.5, 2)
  const problem = {
    Z: Float64Array.from({ length: 24 }, (_, at) => {
      const [i, j] = [Math.floor(at / 4), at % 4]
      return Math.sin(1 + 3 * i + 2 * j + i * j) / 2
    }),
    teacher,
    labelNoise: Float64Array.from({ length: 6 }, (_, i) => 0.1 * Math.cos(i)),
    singularValues: Float64Array.of(1, 1, 1 / 3, 1 / 3),
    noiseDeviation: 0.1,
    weightDecay: 0,
    stepSize: 0,
  }

  it.each([
    [0, reference.tiny.rows],
    [0.05, reference.tiny.rowsWithDecay],
  ])('is that of NumPy, and so are the averages of Eqs. 9–10, λ = %f', (weightDecay, rows) => {
    const { studentAt, averageAt } = twoScaleStudent({ ...problem, weightDecay })
    reference.tiny.taus.forEach((tau, i) => {
      const { overlap, normSquared } = averageAt(tau)
      expectNear([...valuesOf(orderParameters(teacher, studentAt(tau))), overlap, normSquared], rows[i]!)
    })
  })

  it.each(reference.descent.map((row) => [row.stepSize, row.decay, row] as const))(
    'is what NumPy comes to step by step, η = %f, λ = %f',
    (stepSize, weightDecay, { steps, rows }) => {
      const { studentAt } = twoScaleStudent({ ...problem, weightDecay, stepSize })
      steps.forEach((count, i) => expectNear(valuesOf(orderParameters(teacher, studentAt(stepSize * count))), rows[i]!))
    },
  )

  it('tends to gradient flow as steps become small, by half as half as large', () => {
    const errorsAt = (stepSize: number) => {
      const { studentAt, averageAt } = twoScaleStudent({ ...problem, weightDecay: 0.05, stepSize })
      return [...studentAt(8), averageAt(8).error]
    }
    const flow = errorsAt(0)
    const distance = (stepSize: number) => Math.max(...errorsAt(stepSize).map((value, i) => Math.abs(value - flow[i]!)))
    expect(distance(1e-2)).toBeGreaterThan(1e-6)
    for (const stepSize of [1e-2, 1e-3]) {
      expect(Math.abs(distance(stepSize) / distance(stepSize / 2) - 2)).toBeLessThan(10 * stepSize)
    }
  })

  it('diverges from η(Λ_max + λ) = 2 on: refused with value and bound', () => {
    const allowed = (of: Partial<typeof problem>) => {
      try {
        twoScaleStudent({ ...problem, ...of, stepSize: 100 })
      } catch (error) {
        expect(error).toMatchObject({ code: 'INVALID_SPECIFICATION' })
        const [, bound] = /^study\.stepSize: 100 is too large: .* allowed: less than ([\d.]+)$/.exec(
          String(error).slice(10),
        )!
        return Number(bound)
      }
      throw new Error('was not refused')
    }
    const bound = allowed({})
    // The bound is printed to four digits, never above what it is.
    expect(() => twoScaleStudent({ ...problem, stepSize: bound * (1 - 1e-15) })).not.toThrow()
    expect(() => twoScaleStudent({ ...problem, stepSize: bound * 1.001 })).toThrow('study.stepSize')
    expect(Math.abs(2 / allowed({ weightDecay: 0.5 }) - 2 / bound - 0.5)).toBeLessThan(1e-3)
  })

  it('follows gradient descent in small steps, also with fewer samples than dimensions', () => {
    const [n, d, stepSize, steps] = [3, 4, 1e-4, 20_000]
    const few = {
      ...problem,
      Z: problem.Z.slice(0, n * d),
      labelNoise: problem.labelNoise.slice(0, n),
      weightDecay: 0.2,
    }
    const X = few.Z.map((value, at) => value * few.singularValues[at % d]!)
    const y = Array.from(
      few.labelNoise,
      (noise, i) => noise + teacher.reduce((sum, w, j) => sum + w * few.Z[i * d + j]!, 0),
    )
    const weights = new Float64Array(d)
    for (let step = 0; step < steps; step++) {
      const residuals = y.map((label, i) => weights.reduce((rest, w, j) => rest - w * X[i * d + j]!, label))
      for (let j = 0; j < d; j++) {
        const slope = residuals.reduce((sum, residual, i) => sum + residual * X[i * d + j]!, 0)
        weights[j]! += stepSize * (slope - few.weightDecay * weights[j]!)
      }
    }
    const student = twoScaleStudent(few).studentAt(steps * stepSize)
    expectNear([...student], [...weights.map((w, j) => w * few.singularValues[j]!)], 1e-4)
  })
})

describe('the study', () => {
  const spec = multiScaleFeaturesSchema.parse({
    kind: 'multiScaleFeatures',
    dimension: 40,
    samples: 60,
    fastDirections: 25,
    places: 9,
  })

  it('averages over teachers to what one teacher is near, and lies near the limit', () => {
    const places = [0, 1, 2, 3].map((seed) => [...multiScaleFeatures(spec, seed, 0)])
    for (let place = 0; place < spec.places; place++) {
      const values = places.map((all) => all[place]!.values)
      const mean = (name: 'generalizationError' | 'averageGeneralizationError') =>
        values.reduce((sum, each) => sum + each[name]!, 0) / values.length
      expect(Math.abs(mean('averageGeneralizationError') - values[0]!.theoryGeneralizationError!)).toBeLessThan(0.03)
      expect(Math.abs(mean('generalizationError') - values[0]!.theoryGeneralizationError!)).toBeLessThan(0.15)
    }
  })

  it('keeps ‖W‖² = d, begins near L_G = ½, and says R, Q, L_G of its arrays', () => {
    const [first] = multiScaleFeatures({ ...spec, firstTime: 1e-6 }, 3, 0)
    const { W, u } = first!.arrays as { W: Float64Array; u: Float64Array }
    expect(Math.abs(W.reduce((sum, w) => sum + w * w, 0) - 40)).toBeLessThan(1e-12)
    expect(first!.values.generalizationError).toBeCloseTo(0.5, 5)
    const { overlap, normSquared, error } = orderParameters(W, u)
    expect(first!.values).toMatchObject({
      teacherOverlap: overlap,
      studentNormSquared: normSquared,
      generalizationError: error,
    })
  })

  it('is measured after whole steps of gradient descent, each once, near the flow times that were asked for', () => {
    const stepSize = 0.25
    const descending = { ...spec, stepSize, firstTime: 0.01, lastTime: 1e4, places: 41 }
    const steps = Array.from({ length: 41 }, (_, place) => description.clockAt(descending, place) / stepSize)
    expect(steps.every(Number.isInteger)).toBe(true)
    expect(steps[0]).toBe(1)
    expect(steps.every((count, place) => place === 0 || count > steps[place - 1]!)).toBe(true)
    expect(steps.at(-1)).toBe(1e4 / stepSize)
    const late = steps.findIndex((count) => count > 100)
    for (let place = late; place < 41; place++) {
      const requested = description.clockAt({ ...descending, stepSize: 0 }, place)
      expect(Math.abs(steps[place]! * stepSize - requested)).toBeLessThanOrEqual(stepSize / 2)
    }
  })

  it('falls, rises and falls again where the scales lie far apart, and only falls where they do not', () => {
    const errorsAt = (kappa: number) =>
      Array.from(
        { length: 121 },
        (_, i) => flowLimit({ ...figure1, blocks: blocks(0.7, kappa) }, 10 ** (-2 + i / 15)).error,
      )
    const far = errorsAt(100)
    const [lowest, peak] = [Math.min(...far.slice(0, 50)), Math.max(...far.slice(40))]
    expect([lowest, peak].map((error) => Math.round(1e3 * error))).toEqual([249, 323])
    expect(far.at(-1)).toBeLessThan(1e-6)
    const near = errorsAt(3)
    expect(near.filter((error, i) => error > (near[i - 1] ?? Infinity) + 1e-9)).toEqual([])
  })
})
