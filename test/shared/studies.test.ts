import { describe, expect, it } from 'vitest'
import { estimateCost } from '../../src/shared/estimate.ts'
import { requireComposed, stepsOf, toRunSpec } from '../../src/shared/experiment.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import { facetsOf } from '../../src/shared/specification/facets.ts'
import { templates } from '../../src/shared/specification/templates.ts'
import { clockOf, clocksOf, countOf, decayClock } from '../../src/shared/runClock.ts'
import { studyKinds, studies } from '../../src/shared/studies/studies.ts'
import { measurements, type MeasurementName } from '../../src/shared/measurements.ts'

const study = { kind: 'multiScaleFeatures' as const }

describe('a specification of a study', () => {
  it('says a study alone, and all else is filled in', () => {
    const spec = parseExperiment({ study })
    expect(spec).toMatchObject({ name: 'untitled', seeds: [0], record: { arrays: 'all' }, study: { scaleRatio: 100 } })
    expect(stepsOf(spec)).toBe(120)
    expect(() => requireComposed(spec)).toThrow('study: "multiScaleFeatures"')
  })

  it.each([
    ['task', templates.isolated.task],
    ['network', templates.isolated.network],
    ['dynamics', templates.isolated.dynamics],
    ['interventions', []],
    ['precision', 'float64'],
  ])('has no %s', (field, value) => {
    expect(() => parseExperiment({ study, [field]: value })).toThrow(`${field}: unknown field`)
  })

  it.each([
    [{ kind: 'none' }, 'study.kind: "none" has no known kind; one of "multiScaleFeatures"'],
    [{ ...study, dimension: 1 }, 'study.dimension: 1 is too small; allowed: at least 2'],
    [{ ...study, samples: 0 }, 'study.samples: 0 is too small; allowed: at least 1'],
    [{ ...study, samples: 12.5 }, 'study.samples: 12.5 is not allowed; expected a whole number'],
    [{ ...study, fastDirections: 0 }, 'study.fastDirections: 0 is too small; allowed: at least 1'],
    [{ ...study, fastDirections: 100 }, 'study.fastDirections: 100 is not allowed: of 100 directions some are slow'],
    [{ ...study, scaleRatio: 0.5 }, 'study.scaleRatio: 0.5 is too small; allowed: at least 1'],
    [{ ...study, scaleRatio: 1e7 }, 'study.scaleRatio: 10000000 is too large; allowed: at most 1000000'],
    [{ ...study, labelNoise: -1 }, 'study.labelNoise: -1 is too small; allowed: at least 0'],
    [{ ...study, weightDecay: -1 }, 'study.weightDecay: -1 is too small; allowed: at least 0'],
    [{ ...study, samples: 100 }, 'study.samples: 100 is not allowed: with as many samples as dimensions'],
    [{ ...study, firstTime: 0 }, 'study.firstTime: 0 is too small'],
    [
      { ...study, firstTime: 10, lastTime: 10 },
      'study.lastTime: 10 is not allowed: must come after study.firstTime (10)',
    ],
    [{ ...study, stepSize: -1 }, 'study.stepSize: -1 is too small; allowed: at least 0'],
    [
      { ...study, stepSize: 1e3, lastTime: 1e4 },
      'study.stepSize: 1000 is not allowed: between study.firstTime and study.lastTime there are fewer steps than study.places (121); allowed: at most 82.6',
    ],
    [
      { ...study, stepSize: 1e-12 },
      'study.stepSize: 1e-12 is not allowed: takes more steps to study.lastTime (1000000) than can be counted',
    ],
  ])('refuses %j', (given, message) => {
    expect(() => parseExperiment({ study: given })).toThrow(message)
  })

  it.each([
    { stepSize: 1e-20, lastTime: 1.7e6 },
    { stepSize: 1e-20, lastTime: 3.3e9 },
    { stepSize: 1e3, lastTime: 7e3, firstTime: 0.3, places: 31 },
    { stepSize: 1e3, lastTime: 1e4, places: 97 },
  ])('takes the bound that it names for a step size: %j', (refused) => {
    const parse = (of: object) => parseExperiment({ study: { ...study, ...refused, ...of } })
    expect(() => parse({})).toThrow(/(at most|at least) [\d.e-]+/)
    try {
      parse({})
    } catch (error) {
      const stepSize = Number(/(?:at most|at least) ([\d.e-]+)/.exec(String(error))![1])
      expect(parse({ stepSize })).toMatchObject({ study: { stepSize } })
    }
  })

  it('takes as many samples as dimensions under a weight decay', () => {
    expect(parseExperiment({ study: { ...study, samples: 100, weightDecay: 0.01 } }).study.samples).toBe(100)
  })

  it('has its fields as scalars, and an estimate that grows with them', () => {
    const facets = facetsOf(toRunSpec(parseExperiment({ study }), 0))
    expect(facets).toMatchObject({
      'study.kind': 'multiScaleFeatures',
      'study.scaleRatio': 100,
      'record.arrays': 'all',
    })
    const cost = (changes: object) => estimateCost(parseExperiment({ study: { ...study, ...changes } }), 1e9)
    const usual = cost({})
    expect(usual).toMatchObject({ steps: 120, snapshots: 121 })
    for (const larger of [{ dimension: 200 }, { samples: 400 }, { places: 500 }]) {
      expect(cost(larger).seconds!).toBeGreaterThan(usual.seconds!)
    }
  })
})

describe('every study', () => {
  it('measures in each panel what is measured there alone, in one unit', () => {
    for (const kind of studyKinds) {
      const names = studies[kind].panels.flatMap(({ curves }) => curves.map(({ measurement }) => measurement))
      expect(new Set(names).size).toBe(names.length)
      for (const { curves } of studies[kind].panels) {
        expect(new Set(curves.map(({ measurement }) => measurements[measurement as MeasurementName].unit)).size).toBe(1)
      }
    }
  })

  it('has a clock of its own; runs of different clocks share none', () => {
    const flow = { 'study.kind': 'multiScaleFeatures' }
    expect(clockOf({})).toEqual(decayClock)
    expect(clockOf(flow, flow)).toMatchObject({ label: 'flow time', scale: 'log' })
    expect(clockOf(flow, {}).label).toBe('each run’s own clock')
    expect(clocksOf(flow, {}, flow).map(({ label }) => label)).toEqual(['flow time', 'decay time'])
    expect([countOf(flow, flow), countOf(flow, {}), countOf()]).toEqual(['place', 'step', 'step'])
  })
})
