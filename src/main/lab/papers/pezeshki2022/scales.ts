import { formatGiven } from '../../../../shared/formatting/formatNumber.ts'
import type { LinePanel, Series } from '../../../../shared/panel.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'
import type { MultiScaleFeaturesSpec } from '../../../../shared/studies/multiScaleFeatures.ts'
import { limitsOf } from '../../studies/multiScaleFeatures.ts'
import { finished, threeDecimals, type PaperFigure, type Statement } from '../figure.ts'
import { flowExperiment, seedsTo, settingOf, slidersFor } from './setting.ts'
import { spreadOf } from './spread.ts'
import { extremesOf, largestRise } from './extremes.ts'
import { errorsOf, halfDescent, logSpaced, theoryCurve } from './theoryCurve.ts'

const source = 'Pezeshki et al., Fig. 4; numbers of an independent program'
const ratios = [1, 7, 12, 30, 100, 1000]
const settings = [
  { samples: 110, fastDirections: 70, critical: 5.2 },
  { samples: 130, fastDirections: 70, critical: 6.36 },
  { samples: 150, fastDirections: 60, critical: 7.3 },
]
const doubled = [50, 100, 200, 400, 800]
const wiggle = 1e-6

/** What the ratio of the scales does: trajectories in the plane of R and Q, where double descent begins, and how late the second one is. */
export const scales: PaperFigure<'pezeshki2022/scales'> = {
  id: 'pezeshki2022/scales',
  number: 'Fig. 4',
  title: 'The ratio of the scales',
  summary: 'Below a critical κ the error only falls; above, the second descent comes at times near κ².',
  source: 'Pezeshki et al., Sec. 3, Fig. 4; critical κ and times from the theory derived here',
  needs: { measurements: ['teacherOverlap', 'studentNormSquared'], snapshots: 'none' },
  experiments: () =>
    ratios.map((scaleRatio) =>
      flowExperiment(
        `Pezeshki et al., figure 4, κ = ${scaleRatio}`,
        { samples: 110, scaleRatio, lastTime: 1e8, places: 41 },
        seedsTo(5),
      ),
    ),
  evaluate: (runs) => ({ statements: statements(finished(runs)), panels: panels(runs) }),
  explore: {
    sliders: slidersFor('samples', 'fastDirections', 'weightDecay', 'labelNoise'),
    panels: (runs, { isMoving }) => [plane(runs, isMoving ? 33 : 121)],
  },
}

function statements(runs: readonly RecordedRun[]): Statement[] {
  const one = { source, basis: 'laboratory' } as const
  const [run] = runs
  const of = run && settingOf(run)
  const slopes = of ? localSlopes({ ...of, samples: 130 }) : []
  return [
    ...settings.map(({ critical, samples, fastDirections }): Statement => ({
      ...one,
      id: `critical-${samples}-${fastDirections}`,
      text: `Least κ of a double descent, $n$ = ${samples}, $p$ = ${fastDirections}`,
      values: of ? [criticalRatio({ ...of, samples, fastDirections })] : [],
      range: { min: critical - 0.05, max: critical + 0.05 },
    })),
    {
      ...one,
      id: 'slope',
      text: 'Exponent of the time of the second descent over κ, from 400 to 800',
      values: slopes.slice(-1),
      range: { min: 1.99, max: 2.01 },
      format: threeDecimals,
    },
  ]
}

/** The least κ at which the error rises on its way, by halving in ln κ. */
function criticalRatio(of: MultiScaleFeaturesSpec): number {
  let [falls, rises] = [2, 20]
  for (let halving = 0; halving < 12; halving++) {
    const middle = Math.sqrt(falls * rises)
    const curve = theoryCurve(limitsOf({ ...of, scaleRatio: middle }).both, [0.3, 1e3], 106)
    if (extremesOf(errorsOf(curve), 1e-8).length > 0) rises = middle
    else falls = middle
  }
  return rises
}

/** The flow time at which the error has fallen to half its peak, for each κ; and its exponent from each κ to the next. */
function halfTimes(of: MultiScaleFeaturesSpec): number[] {
  return doubled.map((scaleRatio) =>
    halfDescent(theoryCurve(limitsOf({ ...of, scaleRatio }).both, [10, 30 * scaleRatio ** 2], 90)),
  )
}

function localSlopes(of: MultiScaleFeaturesSpec): number[] {
  const times = halfTimes(of)
  return times.slice(1).map((time, k) => Math.log(time / times[k]!) / Math.log(doubled[k + 1]! / doubled[k]!))
}

function panels(runs: readonly RecordedRun[]): LinePanel[] {
  const of = runs[0] && settingOf(runs[0])
  return [plane(runs, 121), onset(of), lateness(of)]
}

function plane(runs: readonly RecordedRun[], times: number): LinePanel {
  const groups = [...Map.groupBy(runs, (run) => settingOf(run).scaleRatio).values()]
  const levels = groups.length > 0 ? [0.1, 0.2, 0.3, 0.4, 0.5] : []
  const contours = levels.map((error): Series => {
    const x = Float64Array.of(0, 1.05)
    const of = { curve: 'equal error', error }
    return {
      name: `error ${error}`,
      family: 'equal error',
      role: 'context',
      of,
      x,
      y: x.map((overlap) => 2 * error - 1 + 2 * overlap),
    }
  })
  const paths = groups.flatMap((members, place): Series[] => {
    const setting = settingOf(members[0]!)
    const name = `κ = ${formatGiven(setting.scaleRatio)}`
    const curve = theoryCurve(limitsOf(setting).both, [setting.firstTime, setting.lastTime], times)
    const turns = extremesOf(errorsOf(curve), wiggle).map(({ place: at }) => at)
    const [overlap, norm] = [spreadOf(members, 'teacherOverlap'), spreadOf(members, 'studentNormSquared')]
    const color = place % 6
    const along = (points: readonly number[]) => ({
      with: { tau: Float64Array.from(points, (at) => curve.tau[at]!) },
      x: Float64Array.from(points, (at) => curve.points[at]!.overlap),
      y: Float64Array.from(points, (at) => curve.points[at]!.normSquared),
    })
    return [
      {
        name,
        role: 'single',
        color,
        of: { curve: 'theory', scaleRatio: setting.scaleRatio },
        ...along([...curve.points.keys()]),
      },
      {
        name: `${name}, mean of ${overlap.count}`,
        family: 'means of seeds',
        role: 'start',
        of: { curve: 'simulation', scaleRatio: setting.scaleRatio },
        with: { tau: overlap.tau },
        x: overlap.mean,
        y: norm.mean,
      },
      ...(turns.length > 0
        ? [
            {
              name: `${name}, turns`,
              family: 'minimum and maximum',
              role: 'points',
              of: { curve: 'turn', scaleRatio: setting.scaleRatio },
              ...along(turns),
            } as Series,
          ]
        : []),
    ]
  })
  return {
    kind: 'lines',
    id: 'plane',
    title: 'Overlap and norm',
    caption: `each path goes from (0, 0)${runs.map(settingOf).every(findsTeacher) ? ' to (1, 1)' : ''}; points are means of seeds`,
    x: { label: 'overlap', column: 'overlap', symbol: 'R', scale: 'linear', min: 0, max: 1.05 },
    y: { label: 'squared norm Q', column: 'normSquared', scale: 'linear', min: 0, max: 1.3 },
    series: [...contours, ...paths],
  }
}

/** Whether the flow ends at the teacher: nothing holds it back, and the samples say all of it and nothing else. */
function findsTeacher({ samples, dimension, labelNoise, weightDecay }: MultiScaleFeaturesSpec): boolean {
  return samples > dimension && labelNoise === 0 && weightDecay === 0
}

function onset(of: MultiScaleFeaturesSpec | undefined): LinePanel {
  const ratios = logSpaced(1, 100, 25)
  return {
    kind: 'lines',
    id: 'onset',
    title: 'Where double descent begins',
    caption: 'the largest rise of the error on its way down, theory',
    x: { label: 'scale ratio', column: 'scaleRatio', symbol: 'κ', scale: 'log' },
    y: { label: 'rise of the error', column: 'rise', scale: 'linear', min: 0 },
    series: of
      ? settings.map(({ samples, fastDirections }, place): Series => ({
          name: `n = ${samples}, p = ${fastDirections}`,
          role: 'single',
          color: place,
          of: { samples, fastDirections },
          x: ratios,
          y: ratios.map((scaleRatio) =>
            largestRise(
              errorsOf(theoryCurve(limitsOf({ ...of, samples, fastDirections, scaleRatio }).both, [0.3, 1e4], 41)),
            ),
          ),
        }))
      : [],
  }
}

function lateness(of: MultiScaleFeaturesSpec | undefined): LinePanel {
  const x = Float64Array.from(doubled)
  const times = of ? Float64Array.from(halfTimes({ ...of, samples: 130 })) : new Float64Array()
  return {
    kind: 'lines',
    id: 'lateness',
    title: 'When the second descent comes',
    caption: 'the flow time at which the error has fallen to half its peak, theory; $n$ = 130, $p$ = 70',
    x: { label: 'scale ratio', column: 'scaleRatio', symbol: 'κ', scale: 'log' },
    y: { label: 'flow time', column: 'tau', symbol: 'τ', scale: 'log' },
    series: of
      ? [
          {
            name: 'κ², through the last',
            role: 'theory',
            of: { curve: 'square' },
            x,
            y: x.map((ratio) => times.at(-1)! * (ratio / x.at(-1)!) ** 2),
          },
          { name: 'half descent', role: 'points', color: 0, of: { curve: 'theory' }, x, y: times },
        ]
      : [],
  }
}
