import type { LinePanel } from '../../../../shared/panel.ts'
import type { RunSpec } from '../../../../shared/experiment.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'
import type { ToyModelName } from '../../../../shared/tasks/toy.ts'
import { finished, threeDecimals, type PaperFigure, type Statement } from '../figure.ts'
import {
  curveOf,
  isModel,
  planePanel,
  ridgeOf,
  startLabel,
  startOf,
  timesOf,
  toyExperiment,
  weightsOf,
} from './toyFigure.ts'

const source = 'Musat, Fig. 3; λ and the starts are chosen here'
const ridge = 0.005
/** By then a start has come to the set. */
const settled = 20

const starts: { model: ToyModelName; title: string; starts: number[][] }[] = [
  {
    model: 'curvedScalar',
    title: 'Curved set',
    starts: [
      [2.8, 0.8],
      [0.2, 2.6],
      [-2.6, -0.1],
      [-0.9, -2.8],
    ],
  },
  {
    model: 'singularScalar',
    title: 'Singular set',
    starts: [
      [2.4, 1.2],
      [-1, 2.2],
      [-2.2, -1.4],
      [1.3, -2.5],
    ],
  },
  {
    model: 'leakyRelu',
    title: 'Leaky relu',
    starts: [
      [3.6, 1.2],
      [0.4, 3.2],
      [-4.6, -1.6],
      [-2, -4.4],
    ],
  },
]

/**
 * Figure 3: two scalar layers with a curved zero-loss set w₁w₂ = 1, with one singular at the origin w₁w₂ = 0, and with a
 * leaky relu of slope 1/10: trajectories hug the set and end at its points of least norm, here 1 − λ, 0, and on the
 * leaky branch 10(1 − 10λ), as squares of either weight.
 */
export const figure3: PaperFigure<'musat2025/fig3'> = {
  id: 'musat2025/fig3',
  number: 'Fig. 3',
  title: 'Curved and singular sets',
  summary: 'Trajectories hug the zero-loss set, also where it bends and at the singular origin.',
  source: 'Musat, Sec. 3, Fig. 3',
  needs: { measurements: ['weight1', 'weight2', 'distanceToZeroLoss'], snapshots: 'none' },
  experiments: () =>
    starts.flatMap(({ model, title, starts }) =>
      starts.map((start) =>
        toyExperiment({
          name: `Paper, figure 3, ${title.toLowerCase()}, from (${start.join(', ')})`,
          model,
          start,
          ridge,
          time: 800,
          every: 0.4,
        }),
      ),
    ),
  evaluate: (runs) => ({ statements: statements(finished(runs)), panels: panels(runs) }),
}

function statements(runs: readonly RecordedRun[]): Statement[] {
  const paper = { source, basis: 'paper' } as const
  const one = { range: { min: 0.99, max: 1.01 }, format: threeDecimals }
  const of = (model: ToyModelName, sign?: number) => (spec: RunSpec) =>
    isModel({ spec }, model) && (sign === undefined || Math.sign(startOf({ spec })[0]!) === sign)
  const curved = of('curvedScalar')
  const singular = of('singularScalar')
  const [active, leaky] = [of('leakyRelu', 1), of('leakyRelu', -1)]
  const only = (matches: (spec: RunSpec) => boolean) => runs.filter(({ spec }) => matches(spec))
  return [
    {
      ...paper,
      id: 'hug',
      text: `Largest distance to the set over the norm after t = ${settled}`,
      values: runs.map(largestShare),
      range: { max: 0.05 },
    },
    {
      ...paper,
      ...one,
      id: 'curved',
      text: 'Curved: weights² at the end, over 1 − λ',
      values: ends(only(curved), (λ) => 1 - λ),
      needs: { of: curved },
    },
    {
      ...paper,
      id: 'singular',
      text: 'Singular: norm at the end',
      values: only(singular).map(endNorm),
      range: { max: 0.01 },
      needs: { of: singular },
    },
    {
      ...paper,
      ...one,
      id: 'active',
      text: 'Leaky relu, w₁ > 0: weights², over 1 − λ',
      values: ends(only(active), (λ) => 1 - λ),
      needs: { of: active },
    },
    {
      ...paper,
      ...one,
      id: 'leaky',
      text: 'w₁ < 0: weights², over 10(1 − 10λ)',
      values: ends(only(leaky), (λ) => 10 * (1 - 10 * λ)),
      needs: { of: leaky },
    },
  ]
}

function panels(runs: readonly RecordedRun[]): LinePanel[] {
  return starts.map(({ model, title }) =>
    planePanel(
      model,
      runs.filter((run) => isModel(run, model)),
      title,
      model === 'leakyRelu' ? 5 : 3,
      startLabel,
    ),
  )
}

/** Largest distance to the set as a share of ‖θ‖, once settled. */
function largestShare(run: RecordedRun): number {
  const times = timesOf(run)
  const [first, second] = weightsOf(run)
  return curveOf(run, 'distanceToZeroLoss').reduce((max, distance, t) => {
    return times[t]! < settled ? max : Math.max(max, distance / Math.hypot(first![t]!, second![t]!))
  }, 0)
}

/** Squares of both weights at the end as shares of what they should be. */
function ends(runs: readonly RecordedRun[], expected: (ridge: number) => number): number[] {
  return runs.flatMap((run) => weightsOf(run).map((weight) => weight.at(-1)! ** 2 / expected(ridgeOf(run))))
}

function endNorm(run: RecordedRun): number {
  return Math.hypot(...weightsOf(run).map((weight) => weight.at(-1)!))
}
