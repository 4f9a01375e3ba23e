import { describe, expect, it } from 'vitest'
import { evaluateFigure } from '../../../../../src/main/lab/papers/evaluateFigure.ts'
import type { PaperFigure } from '../../../../../src/main/lab/papers/figure.ts'
import { doubleDescent } from '../../../../../src/main/lab/papers/pezeshki2022/doubleDescent.ts'
import { extremesOf, largestRise } from '../../../../../src/main/lab/papers/pezeshki2022/extremes.ts'
import { halfDescent } from '../../../../../src/main/lab/papers/pezeshki2022/theoryCurve.ts'
import { ridge } from '../../../../../src/main/lab/papers/pezeshki2022/ridge.ts'
import { scales } from '../../../../../src/main/lab/papers/pezeshki2022/scales.ts'
import { weightDecay } from '../../../../../src/main/lab/papers/pezeshki2022/weightDecay.ts'
import { limitsOf } from '../../../../../src/main/lab/studies/multiScaleFeatures.ts'
import { flowLimit } from '../../../../../src/main/lab/studies/multiScaleTheory.ts'
import { studyOf } from '../../../../../src/main/lab/studies/studies.ts'
import type { MeasurementName } from '../../../../../src/shared/measurements.ts'
import { clockAt } from '../../../../../src/shared/runClock.ts'
import { toRunSpec, type StudiedRunSpec } from '../../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../../src/shared/parseExperiment.ts'
import { isAsDeclared, type Claim, type RecordedRun } from '../../../../../src/shared/papers/figure.ts'
import { panelCsv } from '../../../../../src/shared/panelCsv.ts'
import type { MultiScaleFeaturesSpec } from '../../../../../src/shared/studies/multiScaleFeatures.ts'
import { expectNamed } from '../../../../support/expectNamed.ts'
import { readCsv } from '../../../../support/readCsv.ts'

type Change = Partial<Omit<MultiScaleFeaturesSpec, 'kind'>> & {
  shiftSeeds?: number
  /** Nothing is simulated, where the claims are of theory alone. */
  isTheory?: boolean
}

/** The runs that a figure asks for, computed at once; with fields, or the seeds that draw them, changed behind its back. */
function runsOf(figure: PaperFigure, { shiftSeeds = 0, isTheory = false, ...change }: Change = {}): RecordedRun[] {
  return figure.experiments({}).flatMap((input) => {
    const experiment = parseExperiment(input)
    return experiment.seeds.map((seed) => {
      const requested = toRunSpec(experiment, seed) as StudiedRunSpec
      const spec: StudiedRunSpec = { ...requested, study: { ...requested.study, ...change } }
      const step = Float64Array.from({ length: spec.study.places }, (_, place) => place)
      const values = isTheory ? [] : [...studyOf(spec.study)(spec.study, seed + shiftSeeds, 0)]
      const column = (name: MeasurementName) => step.map((place) => values[place]?.values[name] ?? NaN)
      return {
        runId: `${spec.name} ${seed}`,
        spec,
        status: 'finished',
        code: null,
        curves: {
          step,
          tau: step.map((place) => clockAt(spec, place)),
          ...Object.fromEntries(figure.needs.measurements.map((name) => [name, column(name)])),
        },
        events: {},
        snapshots: [],
        train: new Int32Array(),
      }
    })
  })
}

const claimsOf = (figure: PaperFigure, runs: RecordedRun[]) =>
  Object.fromEntries(evaluateFigure(figure, runs).claims.map((claim) => [claim.id, claim])) as Record<string, Claim>

describe('double descent over time', () => {
  const claims = claimsOf(doubleDescent, runsOf(doubleDescent))

  it('is as declared, claim by claim', () => {
    const unlike = Object.values(claims).filter((claim) => !isAsDeclared(claim))
    expect(unlike.map(({ id, measured, verdict }) => `${id} ${verdict}: ${measured}`)).toEqual([])
    expect(
      Object.values(claims)
        .filter(({ verdict }) => verdict === 'outside')
        .map(({ id }) => id),
    ).toEqual(['averages'])
  })

  it('has other simulations and the same theory where other seeds draw the data', () => {
    const others = claimsOf(doubleDescent, runsOf(doubleDescent, { shiftSeeds: 1000 }))
    for (const id of ['minimum', 'maximum', 'fast-minimum', 'slow-limit']) {
      expect(others[id]!.values).toEqual(claims[id]!.values)
    }
    for (const id of ['simulated-extremes', 'simulation', 'averages']) {
      expect(others[id]!.values).not.toEqual(claims[id]!.values)
    }
    expect(others['simulation']!.verdict).toBe('holds')
  })

  it('has another theory with other samples, which the simulation follows', () => {
    const others = claimsOf(doubleDescent, runsOf(doubleDescent, { samples: 200 }))
    expect(others['minimum']!.verdict).toBe('outside')
    expect(others['maximum']!.verdict).toBe('outside')
    expect(others['simulation']!.verdict).toBe('holds')
  })

  it('is gone below the critical ratio of the scales', () => {
    const others = claimsOf(doubleDescent, runsOf(doubleDescent, { scaleRatio: 3 }))
    expect(others['maximum']!.values).toEqual([])
    expect(others['seeds']!.verdict).toBe('outside')
    expect(others['simulation']!.verdict).toBe('holds')
  })
})

it('weight decay removes the bump, as declared; with another ratio of the scales the bumps are others', () => {
  expect(Object.values(claimsOf(weightDecay, runsOf(weightDecay, { isTheory: true }))).every(isAsDeclared)).toBe(true)
  const others = claimsOf(weightDecay, runsOf(weightDecay, { isTheory: true, scaleRatio: 10 }))
  expect(others['rise-0']!.verdict).toBe('outside')
})

describe.each([doubleDescent, ridge, scales, weightDecay])('the data of $id', (figure) => {
  const runs = runsOf(figure, { isTheory: true })
  // A value of its own for each measurement, run and place.
  runs.forEach(({ curves }, run) => {
    figure.needs.measurements.forEach((name, k) => {
      curves[name] = curves.step.map((place) => 0.1 + 0.01 * ((7 * run + 3 * k + place) % 11))
    })
  })
  const { panels } = figure.evaluate(runs, {})

  it.each(panels.map((panel) => [panel.id, panel] as const))('%s: have a name for every series', (_, panel) => {
    expectNamed(panel)
    expect(readCsv(panelCsv(panel)).length).toBeGreaterThan(0)
  })
})

it('draws the mean of the seeds as measured, and the theory at its own times', () => {
  const runs = runsOf(doubleDescent, { isTheory: true })
  runs.forEach(({ curves }, run) => (curves.generalizationError = curves.step.map((place) => run + place)))
  const [panel] = doubleDescent.evaluate(runs, {}).panels
  const rows = readCsv(panelCsv(panel!))
  const means = rows.filter((row) => row['curve'] === 'simulation' && row['statistic'] === 'mean')
  expect(means.map((row) => row['error'])).toEqual(Array.from({ length: 33 }, (_, place) => 14.5 + place))
  const { both } = limitsOf((runs[0]!.spec as StudiedRunSpec).study)
  const theory = rows.filter((row) => row['curve'] === 'theory')
  expect(theory.length).toBeGreaterThan(100)
  for (const { tau, error } of theory.filter((_, k) => k % 40 === 0)) {
    expect(error).toBeCloseTo(flowLimit(both, Number(tau)).error, 12)
  }
})

describe('what is read off a curve', () => {
  it('are its turns, but for wiggles', () => {
    expect(extremesOf([5, 3, 4, 1], 0.1)).toEqual([
      { kind: 'minimum', place: 1 },
      { kind: 'maximum', place: 2 },
    ])
    expect(extremesOf([5, 3, 3 + 1e-9, 1], 1e-6)).toEqual([])
    expect(extremesOf([5, 3, 2, 1], 1e-6)).toEqual([])
    expect(extremesOf([], 1e-6)).toEqual([])
  })

  it('is its largest rise above what was least before', () => {
    expect(largestRise([5, 3, 4, 1, 1.5])).toBe(1)
    expect(largestRise([5, 3, 1])).toBe(0)
  })

  it('is when it has fallen to half its peak, between its places', () => {
    const points = [1, 4, 1].map((error) => ({ overlap: 0, normSquared: 0, error }))
    expect(halfDescent({ tau: Float64Array.of(1, 10, 1000), points })).toBeCloseTo(10 * 100 ** (2 / 3), 9)
    expect(halfDescent({ tau: Float64Array.of(1, 10), points: points.slice(0, 2) })).toBeNaN()
  })
})
