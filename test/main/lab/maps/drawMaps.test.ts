import { describe, expect, it } from 'vitest'
import { drawLines } from '../../../../src/main/lab/maps/drawLines.ts'
import { drawMaps } from '../../../../src/main/lab/maps/drawMaps.ts'
import { refineMap } from '../../../../src/main/lab/maps/refineMap.ts'
import type { RunSummary } from '../../../../src/shared/run.ts'
import type { Facets } from '../../../../src/shared/specification/facets.ts'
import { valueWords } from '../../../../src/shared/charts/mapColors.ts'
import { panelData } from '../../../../src/shared/panelData.ts'
import { planeOf } from '../../../../src/shared/sweep/sweepSchema.ts'
import { parseSweep } from '../../../../src/shared/sweep/planSweep.ts'
import { runSummary } from '../../../support/runSummary.ts'

const [wd, fraction, modulus] = ['dynamics.weightDecay', 'task.trainFraction', 'task.modulus']
const decays = [0.1, 1, 10, 100]
const fractions = [0.5, 0.6, 0.7, 0.8, 0.9]
const horizon = 20_000

const spec = parseSweep({
  base: {
    task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
    network: { hidden: 8 },
    dynamics: { kind: 'training', learningRate: 0.003, weightDecay: 1, steps: horizon },
  },
  axes: [
    { field: modulus, values: [11, 13] },
    { field: fraction, values: fractions },
    { field: wd, values: decays },
  ],
  seeds: 3,
  map: { x: wd, y: fraction, color: 'generalizedStep' },
})

const moment = (step: number) => ({ step, tau: step, value: 1 })

/** Generalizes at 1000/wd where the training share is above 0.65, by the law; memorizes everywhere at step 100. */
function runAt(p: number, share: number, decay: number, seed: number): RunSummary {
  const step = share > 0.65 && decay < 50 ? (1000 * p) / 11 / decay : undefined
  return runSummary({
    id: `${p} ${share} ${decay} ${seed}`,
    seed,
    facets: { [modulus]: p, [fraction]: share, [wd]: decay } as Facets,
    step: horizon,
    steps: horizon,
    tau: 60,
    events: {
      memorized: { step: 100, tau: 0.3, value: 1 },
      ...(step === undefined ? {} : { generalized: { step, tau: step, value: 1 } }),
    },
  })
}

const runs = [11, 13].flatMap((p) =>
  fractions.flatMap((share) => decays.flatMap((decay) => [0, 1, 2].map((seed) => runAt(p, share, decay, seed)))),
)
const eleven = { at: [{ field: modulus, value: '11' }] }

describe('the maps of a sweep', () => {
  it('are one for each value of the axes that are not drawn, in the same colors', () => {
    const panels = drawMaps(planeOf(spec), runs)
    expect(panels.map(({ title }) => title)).toEqual(['$p$ = 11', '$p$ = 13'])
    expect(panels[0]!.range).toEqual(panels[1]!.range)
    expect(panels[0]!.cells.x).toHaveLength(20)
    expect(drawMaps(planeOf(spec), runs, eleven)).toHaveLength(1)
    expect(drawMaps(planeOf(spec), runs, { x: modulus, y: wd })).toHaveLength(fractions.length)
  })

  it('show phases by thresholds that may be changed', () => {
    const [usual] = drawMaps(planeOf(spec), runs, { ...eleven, color: 'phase' })
    const phaseAt = (panel: typeof usual, decay: number, share: number) => {
      const { x, y, value } = panel!.cells
      return panel!.kinds![value[x.findIndex((each, cell) => each === decay && y[cell] === share)]!]
    }
    expect(phaseAt(usual, 1, 0.7)).toBe('comprehension')
    expect(phaseAt(usual, 0.1, 0.7)).toBe('grokking')
    expect(phaseAt(usual, 1, 0.5)).toBe('memorization')
    const [strict] = drawMaps(planeOf(spec), runs, {
      ...eleven,
      color: 'phase',
      thresholds: { delay: 500, within: 90 },
    })
    expect(phaseAt(strict, 1, 0.7)).toBe('confusion')
    const [late] = drawMaps(planeOf(spec), runs, { ...eleven, color: 'phase', thresholds: { delay: 500 } })
    expect(phaseAt(late, 1, 0.7)).toBe('grokking')
  })

  it('have no phase where most seeds diverged, nor of runs that failed by no fault of theirs', () => {
    const ends = {
      diverged: { status: 'failed', code: 'DIVERGED', events: {} },
      outOfMemory: { status: 'failed', code: 'OUT_OF_MEMORY', events: {} },
      generalized: { status: 'failed', code: 'DIVERGED' },
      memorized: {},
    } as const
    const cell = (decay: number, names: readonly (keyof typeof ends)[]) =>
      names.map((name, seed) => ({ ...runAt(11, name === 'generalized' ? 0.7 : 0.6, decay, seed), ...ends[name] }))
    const cells = [
      cell(0.1, ['diverged', 'diverged', 'memorized']),
      cell(1, ['outOfMemory', 'outOfMemory', 'memorized']),
      cell(10, ['generalized', 'generalized', 'diverged']),
      cell(100, ['outOfMemory', 'outOfMemory', 'outOfMemory']),
    ].map((own) => own.map((run) => ({ ...run, facets: { ...run.facets, [fraction]: 0.6 } as Facets })))
    const [panel] = drawMaps(planeOf(spec), cells.flat(), { color: 'phase' })
    expect(panel!.cells.state).toEqual(['failed', 'value', 'value', 'failed'])
    expect([...panel!.cells.value].map((value) => panel!.kinds![value])).toEqual([
      undefined,
      'memorization',
      'comprehension',
      undefined,
    ])
    expect([...(panel!.with!['agreement'] as Float64Array)]).toEqual([2 / 3, 1, 2 / 3, NaN])
    expect(refineMap(spec, cells.flat()).flatMap(({ changes }) => changes)).toEqual([
      { path: wd, value: 0.316227766017 },
      { path: wd, value: 3.16227766017 },
    ])
  })

  it('have no phase of most seeds where none has more than half of those that ended', () => {
    const ends = {
      memorization: {},
      comprehension: { events: { memorized: moment(100), generalized: moment(200) } },
      grokking: { events: { memorized: moment(100), generalized: moment(5000) } },
      diverged: { status: 'failed', code: 'DIVERGED', events: {} },
    } as const
    const cell = (decay: number, names: readonly (keyof typeof ends)[]) =>
      names.map((name, seed) => ({ ...runAt(11, 0.6, decay, seed), ...ends[name] }))
    const [panel] = drawMaps(
      planeOf(spec),
      [
        ...cell(0.1, ['memorization', 'grokking', 'comprehension']),
        ...cell(1, ['memorization', 'memorization', 'grokking', 'grokking']),
        ...cell(10, ['diverged', 'grokking']),
        ...cell(100, ['memorization', 'memorization', 'grokking']),
      ],
      { color: 'phase' },
    )
    expect(panel!.cells.state).toEqual(['undecided', 'undecided', 'undecided', 'value'])
    expect([0, 1, 2, 3].map((place) => valueWords(panel!, place))).toEqual([
      ...Array(3).fill('no majority'),
      'memorization',
    ])
    expect(panelData(panel!)).toMatchObject({
      phase: ['', '', '', 'memorization'],
      agreement: Float64Array.of(1 / 3, 0.5, 0.5, 2 / 3),
    })
  })

  it('have a boundary where half of the seeds generalize, along either axis', () => {
    const [up] = drawMaps(planeOf(spec), runs, { ...eleven, boundary: 'y' })
    expect([...up!.boundary!.at]).toEqual(decays)
    expect(up!.boundary!.middle[0]).toBeCloseTo(0.65, 3)
    expect(up!.boundary!.middle[3]).toBeNaN()
    const [across] = drawMaps(planeOf(spec), runs, { ...eleven, color: 'testAccuracy', boundary: 'x' })
    expect(across!.boundary!.middle[0]).toBeNaN()
    expect(Math.log10(across!.boundary!.middle[4]!)).toBeCloseTo(1.5, 1)
  })

  it('show the local exponents of the medians, and what is censored as such', () => {
    const [panel] = drawMaps(planeOf(spec), runs, { ...eleven, statistic: 'exponent' })
    const { state, value } = panel!.cells
    expect(state.filter((each) => each === 'value')).toHaveLength(9)
    expect(state.filter((each) => each === 'censored')).toHaveLength(11)
    value.forEach((exponent, cell) => state[cell] === 'value' && expect(exponent).toBeCloseTo(-1, 10))
  })

  it('are refused where they would be too many', () => {
    const many = Array.from({ length: 30 }, (_, k) => runAt(k + 1, 0.7, 1, 0))
    expect(() => drawMaps(planeOf(spec), many)).toThrow(
      /there would be 30 maps, at most 24; take values of task.modulus with --at/,
    )
  })
})

describe('a line through a sweep', () => {
  it('has the power law of its seeds, without those that it did not come in, which are counted', () => {
    const { panel, laws } = drawLines(spec, runs, { at: [...eleven.at, { field: fraction, value: '0.9' }] })
    expect(laws).toEqual(['t_grok: t_grok ∝ wd^(−1.000 ± 0.000), R² = 1.000, 9 runs; left out: 3 not in time'])
    expect(panel.series.map(({ role }) => role)).toEqual(['points', 'theory'])
    expect(panel.series[0]!.x).toHaveLength(9)
    expect(panel.caption).toContain('3 runs')
  })

  it('counts what it leaves out by why, also where there is no law', () => {
    const ends = [
      {},
      { status: 'failed', code: 'DIVERGED', events: {} },
      { status: 'interrupted', events: {} },
      { events: {} },
    ] as const
    const some = ends.flatMap((end) => decays.slice(0, 3).map((decay) => ({ ...runAt(11, 0.9, decay, 0), ...end })))
    const along = { at: [...eleven.at, { field: fraction, value: '0.9' }] }
    const leftOut = 'left out: 3 failed, 3 not ended, 3 not in time'
    expect(drawLines(spec, some, along).laws).toEqual([
      `t_grok: t_grok ∝ wd^(−1.000 ± 0.000), R² = 1.000, 3 runs; ${leftOut}`,
    ])
    expect(drawLines(spec, some.slice(2), along).laws).toEqual([
      `t_grok: no law: too few runs, or values that are not above 0; ${leftOut}`,
    ])
  })

  it('is one for each value of the others, with a law of all', () => {
    const { laws } = drawLines(spec, runs, { at: [{ field: fraction, value: '0.9' }] })
    expect(laws.map((law) => law.split(':')[0])).toEqual(['p = 11', 'p = 13', 'all'])
    expect(laws[2]).toContain('t_grok ∝ p^(1.000 ± 0.000) wd^(−1.000 ± 0.000)')
    expect(() => drawLines(spec, runs)).toThrow(/there would be 10 lines, at most 6/)
  })
})

describe('the law of all along an axis of several fields', () => {
  const [eta, steps] = ['dynamics.learningRate', 'dynamics.steps']
  /** t_grok = 10/(η·wd), of runs with the steps that their rate is given. */
  const runsAt = (pairs: readonly [number, number][]) =>
    pairs.flatMap(([rate, length]) =>
      [0.1, 1].flatMap((decay) => {
        const generalized = moment(10 / rate / decay)
        const facets = { [eta]: rate, [steps]: length, [wd]: decay } as Facets
        return [0, 1].map((seed) =>
          runSummary({ id: `${rate} ${length} ${decay} ${seed}`, seed, facets, events: { generalized } }),
        )
      }),
    )
  const lawOf = (pairs: [number, number][], x?: string) => {
    const axes = [
      { fields: [eta, steps], values: pairs },
      { field: wd, values: [0.1, 1] },
    ]
    const { laws } = drawLines(parseSweep({ ...spec, axes, map: undefined }), runsAt(pairs), {
      color: 't_grok',
      ...(x && { x }),
    })
    return laws.find((law) => law.startsWith('all'))
  }

  it('is of one of those that follow from each other, though rounded', () => {
    for (const pairs of [
      [
        [0.01, 4000],
        [0.02, 2000],
        [0.04, 1000],
      ],
      [
        [0.03, 333],
        [0.04, 250],
        [0.07, 143],
      ],
    ] as [number, number][][]) {
      expect(lawOf(pairs)).toContain('t_grok ∝ η^(−1.000 ± 0.000) wd^(−1.000 ± 0.000), R² = 1.000, 12 runs')
      expect(lawOf(pairs, steps)).toMatch(/t_grok ∝ steps\^\(\S+ ± \S+\) wd/)
    }
  })

  it('is of all that vary apart', () => {
    const apart: [number, number][] = [
      [0.01, 1000],
      [0.01, 2000],
      [0.02, 1000],
      [0.04, 2000],
    ]
    expect(lawOf(apart)).toContain('t_grok ∝ η^(−1.000 ± 0.000) steps^(0.000 ± 0.000) wd^(−1.000 ± 0.000)')
  })
})

describe('a refined map', () => {
  it('has cells midway between neighbors in different phases, on the axis’ own scale', () => {
    const found = refineMap(spec, runs, eleven)
    expect(found).toContainEqual({ like: '11 0.6 1 0', changes: [{ path: fraction, value: 0.65 }] })
    expect(found).toContainEqual({ like: '11 0.7 0.1 0', changes: [{ path: wd, value: 0.316227766017 }] })
    expect(found.some(({ like }) => like.startsWith('11 0.5'))).toBe(false)
    expect(refineMap(spec, runs)).toHaveLength(2 * found.length)
  })

  it('has cells on all sides of one whose seeds disagree, and none where all agree', () => {
    const same = [0.5, 0.6].flatMap((share) =>
      decays.flatMap((decay) => [0, 1, 2].map((seed) => runAt(11, share, decay, seed))),
    )
    expect(refineMap(spec, same)).toEqual([])
    const split = same.map((run) => (run.id === '11 0.5 1 1' ? { ...runAt(11, 0.9, 1, 1), facets: run.facets } : run))
    expect(refineMap(spec, split).flatMap(({ changes }) => changes)).toEqual([
      { path: wd, value: 0.316227766017 },
      { path: wd, value: 3.16227766017 },
      { path: fraction, value: 0.55 },
    ])
  })

  it('moves what changes together with an axis, each midway on its own scale', () => {
    const hidden = 'network.hidden'
    const steps = [
      [0.1, 100],
      [1, 10],
      [10, 1],
    ] as const
    const paired = parseSweep({
      ...spec,
      axes: [
        { field: fraction, values: [0.6, 0.7] },
        { fields: [wd, hidden], values: steps },
      ],
      map: undefined,
    })
    const along = (share: number) =>
      steps.map(([decay, width]) => {
        const run = runAt(11, decay < 5 ? share : 0.5, decay, 0)
        return { ...run, facets: { ...run.facets, [fraction]: share, [hidden]: width } as Facets }
      })
    const found = refineMap(paired, [...along(0.6), ...along(0.7)], { x: wd, y: fraction })
    expect(found).toContainEqual({
      like: '11 0.7 1 0',
      changes: [
        { path: wd, value: 3.16227766017 },
        { path: hidden, value: 3 },
      ],
    })
    expect(found.filter(({ changes }) => changes.length === 1)).toEqual([
      { like: '11 0.6 0.1 0', changes: [{ path: fraction, value: 0.65 }] },
      { like: '11 0.6 1 0', changes: [{ path: fraction, value: 0.65 }] },
    ])
  })

  it('is refused where what changes together has names, and where no cell has a neighbor', () => {
    const kind = 'dynamics.optimizer'
    const named = parseSweep({
      ...spec,
      axes: [{ fields: [wd, kind], values: [[0.1, 'adamw'], [1, 'momentum']] }, { field: kind.replace('optimizer', 'loss'), values: ['meanSquaredError'] }], // prettier-ignore
      map: undefined,
    })
    const runsOf = (points: readonly (readonly [number, number | string])[], other: string) =>
      points.map(([decay, value]) => {
        const run = runAt(11, 0.7, decay, 0)
        return { ...run, facets: { ...run.facets, [other]: value, 'dynamics.loss': 'meanSquaredError' } as Facets }
      })
    const two = runsOf([[0.1, 'adamw'], [100, 'momentum']], kind) // prettier-ignore
    expect(() => refineMap(named, two, { x: wd, y: 'dynamics.loss' })).toThrow(
      /^dynamics.optimizer and dynamics.loss have names as values, between which nothing lies; choose another axis$/,
    )
    const sampled = parseSweep({
      ...spec,
      axes: [{ sample: 'sobol', count: 3, over: [{ field: wd, from: 0.1, to: 100 }, { field: fraction, from: 0.5, to: 1 }] }], // prettier-ignore
      map: undefined,
    })
    const scattered = runsOf([[0.1, 0.5], [50, 0.75], [100, 1]], fraction) // prettier-ignore
    expect(() => refineMap(sampled, scattered)).toThrow(
      /^no two cells are neighbors along task.trainFraction or dynamics.weightDecay, between which others could be added/,
    )
  })
})
