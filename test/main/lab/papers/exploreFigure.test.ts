import { describe, expect, it } from 'vitest'
import { exploreFigure, slidersOf } from '../../../../src/main/lab/papers/exploreFigure.ts'
import type { PaperFigure } from '../../../../src/main/lab/papers/figure.ts'
import { figure1 } from '../../../../src/main/lab/papers/musat2025/figure1.ts'
import { figures } from '../../../../src/main/lab/papers/papers.ts'
import { doubleDescent } from '../../../../src/main/lab/papers/pezeshki2022/doubleDescent.ts'
import { ridge } from '../../../../src/main/lab/papers/pezeshki2022/ridge.ts'
import { scales } from '../../../../src/main/lab/papers/pezeshki2022/scales.ts'
import { paperRidge } from '../../../../src/main/lab/papers/pezeshki2022/ridgeTheory.ts'
import { toRunSpec } from '../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'
import type { LinePanel } from '../../../../src/shared/panel.ts'
import { atSetting, describeSetting, settingFrom } from '../../../../src/shared/papers/figureSetting.ts'
import { findField } from '../../../../src/shared/specification/fields.ts'
import { multiScaleFeaturesSchema } from '../../../../src/shared/studies/multiScaleFeatures.ts'
import { expectNamed } from '../../../support/expectNamed.ts'
import { collectRun, eventsOf, runSpec } from '../../../support/runs.ts'

const movable = figures.filter(({ explore }) => explore)
const seriesOf = ({ series }: LinePanel, name: string) => series.find((each) => each.name === name)!

describe.each(movable.map((figure) => [figure.id, figure] as const))('the sliders of %s', (_, figure) => {
  const sliders = slidersOf(figure)

  it('are fields of all its studies, which have the value where they stand', () => {
    for (const { field, value, min, max, scale } of sliders) {
      expect(findField(`study.${field}`)?.words.symbol).toBeDefined()
      for (const input of figure.experiments({})) {
        expect((parseExperiment(input) as { study: object }).study).toMatchObject({ [field]: value })
      }
      expect(value >= min || (scale === 'logOrZero' && value === 0)).toBe(true)
      expect(value).toBeLessThanOrEqual(max)
      if (scale !== 'linear') expect(min).toBeGreaterThan(0)
    }
  })

  it('move panels that the figure has, each slider some', () => {
    const known = figure.evaluate([], {}).panels.map(({ id }) => id)
    const still = exploreFigure(figure, {}, false)
    expect(known).toEqual(expect.arrayContaining(still.map(({ id }) => id)))
    for (const { field, min, max, value } of sliders) {
      const other = field === 'stepSize' ? 0.2 : value === max ? min : (value + max) / 2
      const at = { [field]: findField(`study.${field}`)!.type === 'wholeNumber' ? Math.round(other) : other }
      const moved = exploreFigure(figure, at, false)
      for (const panel of moved) {
        expectNamed(panel)
        expect(panel.caption).toBe(`${describeSetting(at)}: theory`)
        expect(panel.series.every(({ of }) => of![field] === at[field])).toBe(true)
      }
      const curves = (panels: LinePanel[]) => panels.map(({ series }) => series.map(({ x, y }) => [x, y]))
      // The step of gradient descent moves the simulation alone: the theory is that of the flow.
      if (field !== 'stepSize') expect(curves(moved)).not.toEqual(curves(still))
    }
  })
})

describe('theory at other values', () => {
  const setting = { scaleRatio: 30, samples: 90, labelNoise: 0.1, weightDecay: 0.001 }

  it('is to the bit what a run of the study at these values measures', async () => {
    const [panel] = exploreFigure(doubleDescent, setting, false)
    const theory = seriesOf(panel!, 'theory')
    const [experiment] = doubleDescent.experiments({}).map((input) => atSetting(input, setting))
    const { study } = experiment as { study: { kind: 'multiScaleFeatures' } }
    const events = await collectRun(runSpec({ study: { ...study, places: theory.x.length } }))
    const measured = eventsOf(events, 'measured')
    expect(measured.map(({ tau }) => tau)).toEqual([...theory.x])
    for (const [name, measurement] of [
      ['theory', 'theoryGeneralizationError'],
      ['fast features alone', 'fastGeneralizationError'],
      ['slow features alone', 'slowGeneralizationError'],
    ] as const) {
      expect([...seriesOf(panel!, name).y]).toEqual(measured.map(({ values }) => values[measurement]))
    }
  })

  it('is that of the formulas for a ridge', () => {
    const [panel] = exploreFigure(ridge, { samples: 200, fastDirections: 30 }, false)
    const { x, y } = seriesOf(panel!, 'the paper’s formulas')
    const of = { kind: 'multiScaleFeatures', samples: 200, fastDirections: 30, scaleRatio: 50 }
    expect([...y]).toEqual(
      Array.from(x, (inverse) => paperRidge(multiScaleFeaturesSchema.parse(of), 1 / inverse).error),
    )
  })
})

it('a setting has the values that are numbers and not the paper’s', () => {
  const given: Record<string, unknown> = { samples: 150, fastDirections: 60, scaleRatio: 'abc', dimension: 400 }
  expect(settingFrom(slidersOf(ridge), (field) => given[field])).toEqual({})
  given['samples'] = 160
  expect(settingFrom(slidersOf(ridge), (field) => given[field])).toEqual({ samples: 160 })
  const [network] = figure1.experiments({})
  expect(atSetting(network!, {})).toBe(network)
  expect(() => atSetting(network!, { samples: 160 })).toThrow(RangeError)
})

it('leaves the axes of the paper only where a curve goes beyond', () => {
  const maxAt = (samples: number) => exploreFigure(doubleDescent, { samples }, false)[0]!.y.max
  expect(maxAt(140)).toBe(0.5)
  expect(maxAt(80)).toBeUndefined()
})

it('simulated runs are those of the figure at these values, counted as they are done', async () => {
  const seeds = [0, 1, 2]
  const few: PaperFigure = {
    ...doubleDescent,
    experiments: (options) => doubleDescent.experiments(options).map((input) => ({ ...input, seeds })),
  }
  const setting = { samples: 60, stepSize: 0.2 }
  const told: number[][] = []
  const [panel] = exploreFigure(few, setting, true, (done, of) => told.push([done, of]))
  expect(told).toEqual([1, 2, 3].map((done) => [done, 3]))
  expect(panel!.caption).toBe('$n$ = 60, $η$ = 0.2: mean ± standard deviation of 3 seeds; lines are theory')
  const { x, y } = seriesOf(panel!, 'simulation')
  const [input] = few.experiments({}).map((each) => atSetting(each, setting))
  const runs = await Promise.all(
    seeds.map(async (seed) => eventsOf(await collectRun(runSpec(input!, seed)), 'measured')),
  )
  expect([...x]).toEqual(runs[0]!.map(({ tau }) => tau))
  runs[0]!.forEach((_, place) => {
    const errors = runs.map((measured) => measured[place]!.values.generalizationError!)
    expect(y[place]).toBeCloseTo(errors.reduce((sum, error) => sum + error) / 3, 12)
  })
})

describe('values that cannot be', () => {
  it.each([
    [figure1, { scaleRatio: 2 }, 'figure: no slider in "musat2025/fig1"; it has none'],
    [
      ridge,
      { weightDecay: 1 },
      'setting.weightDecay: is no slider of "pezeshki2022/ridge"; allowed: scaleRatio, samples',
    ],
    [ridge, { samples: 100.5 }, 'study.samples: 100.5 is not allowed; expected a whole number'],
    [ridge, { scaleRatio: 0.5 }, 'study.scaleRatio: 0.5 is too small; allowed: at least 1'],
    [doubleDescent, { samples: 100 }, 'study.samples: 100 is not allowed: with as many samples as dimensions'],
  ] as const)('are refused by name: %#', (figure, setting, message) => {
    expect(() => exploreFigure(figure, setting, false)).toThrow(message)
  })

  it('are refused where the data tells', () => {
    expect(() => exploreFigure(doubleDescent, { stepSize: 0.6 }, true)).toThrow(
      /^study\.stepSize: 0\.6 is too large: .*Λ_max.* allowed: less than 0\.5\d+$/,
    )
  })
})

it.each<Record<string, number>>([{}, { samples: 200 }, { samples: 90 }, { labelNoise: 0.3 }, { weightDecay: 0.1 }])(
  'the plane of overlap and norm says where its paths end: %j',
  (setting) => {
    const runs = scales.experiments({}).map((input) => ({
      runId: '',
      spec: toRunSpec(parseExperiment(atSetting(input, setting)), 0),
      status: 'finished' as const,
      code: null,
      curves: { step: new Float64Array(), tau: new Float64Array() },
      events: {},
      snapshots: [],
      train: new Int32Array(),
    }))
    const [plane] = scales.explore!.panels(runs, { isMoving: true })
    const ends = plane!.series.filter(({ role }) => role === 'single').map(({ x, y }) => [x.at(-1)!, y.at(-1)!])
    // The slowest is on its last bit of way.
    const areAtTeacher = ends.every(([overlap, norm]) => Math.abs(overlap! - 1) < 0.01 && Math.abs(norm! - 1) < 0.01)
    expect(plane!.caption.includes('to (1, 1)')).toBe(areAtTeacher)
  },
)
