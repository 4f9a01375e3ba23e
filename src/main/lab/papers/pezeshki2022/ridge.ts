import type { LinePanel, Series } from '../../../../shared/panel.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'
import { multiScaleFeaturesSchema, type MultiScaleFeaturesSpec } from '../../../../shared/studies/multiScaleFeatures.ts'
import { limitsOf } from '../../studies/multiScaleFeatures.ts'
import { flowLimit } from '../../studies/multiScaleTheory.ts'
import { finished, type PaperFigure, type Statement } from '../figure.ts'
import { paperRidge, ridgeLimit } from './ridgeTheory.ts'
import { flowExperiment, seedsTo, settingOf, slidersFor } from './setting.ts'
import { spreadOf } from './spread.ts'
import { logSpaced } from './theoryCurve.ts'

const source = 'Pezeshki et al., Eqs. 14–16, Fig. 3; numbers of an independent program'
const setting = { samples: 150, fastDirections: 60, scaleRatio: 50 }
const ridges = [1e-4, 1e-3, 1e-2, 1e-1, 1]
/** After which flow under the weight decay s has come to ridge regression with s. */
const settled = 1e8
/** At κ = 1 the two blocks are one, and where they are parted cannot matter. */
const parted = [20, 50, 90]
/** c, of the ridges c/τ that stopping at τ is held against: the paper takes 1. */
const dictionary = [0.5, 1, 2]
const taken = 1

/** Ridge regression, which the paper's formulas are for: exact, after the paper, after its program, and simulated. */
export const ridge: PaperFigure<'pezeshki2022/ridge'> = {
  id: 'pezeshki2022/ridge',
  number: 'Fig. 3',
  title: 'The formulas for a ridge',
  summary: 'The paper’s scalar formulas decouple the two scales, and are not exact: the simulation shows by how much.',
  source: 'Pezeshki et al., Sec. 3, Eqs. 14–16, Fig. 3; the exact formula is standard',
  needs: { measurements: ['generalizationError'], snapshots: 'none' },
  experiments: () =>
    ridges.map((s) =>
      flowExperiment(
        `Pezeshki et al., figure 3, ridge ${s}`,
        { ...setting, weightDecay: s, firstTime: settled, lastTime: 2 * settled, places: 2 },
        seedsTo(30),
      ),
    ),
  evaluate: (runs) => ({ statements: statements(finished(runs)), panels: [...formulas(runs), dictionaryPanel(runs)] }),
  explore: { sliders: slidersFor('scaleRatio', 'samples', 'fastDirections', 'labelNoise'), panels: formulas },
}

function statements(runs: readonly RecordedRun[]): Statement[] {
  const one = { source, basis: 'laboratory' } as const
  const groups = groupsOf(runs)
  const inErrors = (formula: (of: MultiScaleFeaturesSpec) => number) =>
    groups.map((group) => Math.abs(group.mean - formula(group.setting)) / group.error)
  const [first] = groups
  const alike = first && parted.map((fastDirections) => ({ ...first.setting, scaleRatio: 1, fastDirections }))
  const flow = first && flowGaps()
  return [
    {
      ...one,
      id: 'exact',
      text: 'Exact formula off the simulated mean, in standard errors',
      values: inErrors((of) => ridgeLimit(limitsOf(of).both, of.weightDecay).error),
      range: { max: 3 },
    },
    {
      ...one,
      id: 'paper',
      basis: 'paper',
      text: 'The paper’s formulas off the simulated mean, in standard errors',
      values: inErrors((of) => paperRidge(of, of.weightDecay).error),
      range: { max: 3 },
      declared: {
        verdict: 'not held',
        reason:
          'The two blocks are solved each for itself: once the fast one is fitted, n − p samples are left for the slow one, not n.',
      },
    },
    {
      ...one,
      id: 'parted-exact',
      text: 'κ = 1, exact: how much it matters where equal blocks are parted',
      values: alike ? [spread(alike, (of, s) => ridgeLimit(limitsOf(of).both, s).error)] : [],
      range: { max: 1e-12 },
    },
    {
      ...one,
      id: 'parted-paper',
      basis: 'paper',
      text: 'κ = 1, the paper’s formulas: the same',
      values: alike ? [spread(alike, (of, s) => paperRidge(of, s).error)] : [],
      range: { max: 1e-12 },
      declared: {
        verdict: 'not held',
        reason: 'With equal scales there is nothing to part, yet the formulas depend on p.',
      },
    },
    {
      ...one,
      id: 'dictionary',
      text: 'Flow at τ against the ridge 1/τ, largest distance (setting of Fig. 1)',
      values: flow ? [flow.get(taken)!] : [],
      range: { min: 0.03, max: 0.04 },
    },
    {
      ...one,
      id: 'best-dictionary',
      text: 'That distance over those for the ridges ½/τ and 2/τ',
      values: flow
        ? dictionary.filter((factor) => factor !== taken).map((factor) => flow.get(taken)! / flow.get(factor)!)
        : [],
      range: { max: 1 },
    },
  ]
}

/** What the seeds of each ridge come to. */
function groupsOf(runs: readonly RecordedRun[]) {
  const groups = Map.groupBy(runs, (run) => settingOf(run).weightDecay)
  return [...groups.values()].flatMap((members) => {
    const { count, mean, error, deviation } = spreadOf(members, 'generalizationError')
    const last = mean.length - 1
    if (count < 2 || last < 0) return []
    return [
      {
        setting: settingOf(members[0]!),
        seeds: count,
        mean: mean[last]!,
        error: error[last]!,
        deviation: deviation[last]!,
      },
    ]
  })
}

/** The largest difference among settings of what a formula gives for one ridge. */
function spread(
  settings: readonly MultiScaleFeaturesSpec[],
  formula: (of: MultiScaleFeaturesSpec, s: number) => number,
): number {
  return Math.max(
    ...Array.from(logSpaced(1e-4, 10, 51), (s) => {
      const values = settings.map((of) => formula(of, s))
      return Math.max(...values) - Math.min(...values)
    }),
  )
}

/** Its setting is what a study is where nothing is said. */
const ofFigure1 = limitsOf(multiScaleFeaturesSchema.parse({ kind: 'multiScaleFeatures' })).both

/** For each factor c the largest distance of the flow at τ from the ridge c/τ. */
function flowGaps(): ReadonlyMap<number, number> {
  const times = Array.from(logSpaced(1e-2, 1e6, 33))
  const distance = (factor: number, tau: number) =>
    Math.abs(flowLimit(ofFigure1, tau).error - ridgeLimit(ofFigure1, factor / tau).error)
  return new Map(dictionary.map((factor) => [factor, Math.max(...times.map((tau) => distance(factor, tau)))]))
}

const y = { label: 'L_G, half mean square', column: 'error', scale: 'linear', min: 0 } as const

function formulas(runs: readonly RecordedRun[]): LinePanel[] {
  const groups = groupsOf(finished(runs)).toSorted((a, b) => b.setting.weightDecay - a.setting.weightDecay)
  const [run] = runs
  const of = run && settingOf(run)
  const inverse = logSpaced(0.1, 1e6, 141)
  const formula = (name: string, look: Pick<Series, 'role' | 'color'>, error: (s: number) => number): Series => ({
    ...look,
    name,
    of: { curve: name },
    with: { ridge: inverse.map((each) => 1 / each) },
    x: inverse,
    y: inverse.map((each) => error(1 / each)),
  })
  const points = (name: string, role: Series['role'], sign: number): Series => ({
    name,
    role,
    color: 0,
    of: { curve: name },
    with: {
      seeds: Int32Array.from(groups, ({ seeds }) => seeds),
      ridge: Float64Array.from(groups, ({ setting }) => setting.weightDecay),
    },
    x: Float64Array.from(groups, ({ setting }) => 1 / setting.weightDecay),
    y: Float64Array.from(groups, ({ mean, deviation }) => mean + sign * deviation),
  })
  return [
    {
      kind: 'lines',
      id: 'ridge',
      title: 'Ridge regression',
      caption: 'mean of the seeds, and one standard deviation to either side',
      x: { label: 'inverse ridge 1/s', column: 'inverseRidge', scale: 'log' },
      y,
      series: of
        ? [
            formula('the paper’s formulas', { role: 'theory', color: 1 }, (s) => paperRidge(of, s).error),
            formula('its released program', { role: 'theory', color: 2 }, (s) => paperRidge(of, s, 2).error),
            formula('exact', { role: 'mean' }, (s) => ridgeLimit(limitsOf(of).both, s).error),
            points('simulation − deviation', 'start', -1),
            points('simulation + deviation', 'start', 1),
            points('simulation', 'points', 0),
          ]
        : [],
    },
    {
      kind: 'lines',
      id: 'one-scale',
      title: 'Equal scales, parted',
      caption: 'κ = 1: the paper’s formulas depend on where equal blocks are parted',
      x: { label: 'inverse ridge 1/s', column: 'inverseRidge', scale: 'log' },
      y,
      series: of
        ? [
            ...parted.map((fastDirections, place) =>
              formula(
                `paper, p = ${fastDirections}`,
                { role: 'theory', color: place + 1 },
                (s) => paperRidge({ ...of, scaleRatio: 1, fastDirections }, s).error,
              ),
            ),
            formula('exact', { role: 'mean' }, (s) => ridgeLimit(limitsOf({ ...of, scaleRatio: 1 }).both, s).error),
          ]
        : [],
    },
  ]
}

function dictionaryPanel(runs: readonly RecordedRun[]): LinePanel {
  const times = logSpaced(1e-2, 1e6, 81)
  return {
    kind: 'lines',
    id: 'dictionary',
    title: 'Stopping early as a ridge',
    caption: 'the flow at τ beside ridge regression with c/τ; setting of Fig. 1',
    x: { label: 'flow time', column: 'tau', symbol: 'τ', scale: 'log' },
    y,
    series:
      runs.length > 0
        ? [
            ...dictionary.map((factor, place): Series => ({
              name: `ridge ${factor}/τ`,
              role: 'theory',
              color: place,
              of: { curve: `ridge ${factor}/τ` },
              x: times,
              y: times.map((tau) => ridgeLimit(ofFigure1, factor / tau).error),
            })),
            {
              name: 'flow',
              role: 'mean',
              of: { curve: 'flow' },
              x: times,
              y: times.map((tau) => flowLimit(ofFigure1, tau).error),
            },
          ]
        : [],
  }
}
