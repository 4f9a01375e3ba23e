import type { LinePanel, Series } from '../../../../shared/panel.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'
import { formatFixed, formatGiven } from '../../../../shared/formatting/formatNumber.ts'
import { linearToySolution } from '../../toys/linearToySolution.ts'
import { finished, type PaperFigure, type Statement } from '../figure.ts'
import {
  curveOf,
  planePanel,
  ridgeOf,
  startOf,
  stepAtTime,
  timesAlong,
  timesOf,
  toyExperiment,
  valueAtTime,
  weightsOf,
} from './toyFigure.ts'

const source = 'Musat, Fig. 1; closed form'
const start = [-1, 1]
const ridges = [0.01, 0.1, 0.2]
/** When the weights have come to the line w₁ + w₂ = 2: e^(−4t) of the way is left. */
const reached = 2

/**
 * Figure 1: ŷ = w₁x₁ + w₂x₂ on the one sample (1, 1) → 2 from (−1, 1) with λ ∈ {0.01, 0.1, 0.2}: a fast fall to
 * w₁ + w₂ ≈ 2, then a slide along it to 1/(1 + λ/2), seen as a delayed fall of the error on 100 Gaussian test inputs.
 */
export const figure1: PaperFigure<'musat2025/fig1'> = {
  id: 'musat2025/fig1',
  number: 'Fig. 1',
  title: 'Two weights, one sample',
  summary: 'The loss falls fast to w₁ + w₂ ≈ 2, then decay slides the weights to (1, 1).',
  source: 'Musat, Sec. 3, Fig. 1',
  needs: { measurements: ['weight1', 'weight2', 'trainLoss', 'testMse'], snapshots: 'none' },
  experiments: () =>
    ridges.map((ridge) =>
      toyExperiment({
        name: `Paper, figure 1, λ = ${ridge}`,
        model: 'twoWeightLinear',
        start,
        ridge,
        time: 300,
        every: 0.1,
      }),
    ),
  evaluate: (runs) => ({ statements: statements(finished(runs)), panels: panels(runs) }),
}

function statements(runs: readonly RecordedRun[]): Statement[] {
  const closedForm = runs.map(distanceFromClosedForm)
  const atLine = runs.flatMap((run) => {
    const limit = 2 / (1 + ridgeOf(run) / 2)
    const [first, second] = [valueAtTime(run, 'weight1', reached), valueAtTime(run, 'weight2', reached)]
    return first.map((weight, i) => Math.abs(weight + second[i]! - limit))
  })
  const delays = runs.map((run) => fallTime(run, 'testMse') / fallTime(run, 'trainLoss'))
  const testAtEnd = runs.map((run) => curveOf(run, 'testMse').at(-1)! / testAtStart(run))
  const strong = runs.filter((run) => ridgeOf(run) > 0.05)
  const limits = strong.flatMap((run) => weightsOf(run).map((weight) => weight.at(-1)! * (1 + ridgeOf(run) / 2)))
  const paper = { source, basis: 'paper' } as const
  return [
    {
      ...paper,
      id: 'line',
      text: `Distance of w₁ + w₂ from its limit at t = ${reached}`,
      values: atLine,
      range: { max: 0.01 },
      needs: { step: (spec) => stepAtTime(spec, reached) },
    },
    {
      ...paper,
      id: 'limit',
      text: 'End, over 1/(1 + λ/2), λ ≥ 0.1',
      values: limits,
      range: { min: 0.9999, max: 1.0001 },
      format: (value) => formatFixed(value, 5),
      needs: { of: (spec) => ridgeOf({ spec }) > 0.05 },
    },
    {
      source,
      basis: 'laboratory',
      id: 'closedForm',
      text: 'Largest distance from the closed form',
      values: closedForm,
      range: { max: 1e-6 },
    },
    {
      ...paper,
      id: 'delay',
      text: 'How many times later the test loss falls to 1 %',
      values: delays,
      range: { min: 5 },
    },
    { ...paper, id: 'generalized', text: 'Test error left at the end', values: testAtEnd, range: { max: 0.01 } },
  ]
}

function panels(runs: readonly RecordedRun[]): LinePanel[] {
  const label = (run: RecordedRun) => `λ = ${formatGiven(ridgeOf(run))}`
  const plane = planePanel('twoWeightLinear', runs, 'Trajectories', 2.5, label)
  const overlays = runs.map((run): Series => {
    const solution = closedFormOf(run)
    const { of, with: times } = timesAlong(run)
    const closed = { ...of, curve: 'closed form' }
    return {
      name: `${label(run)}, closed form`,
      family: 'closed form',
      role: 'theory',
      of: closed,
      with: times,
      x: solution[0]!,
      y: solution[1]!,
    }
  })
  const losses = (name: 'trainLoss' | 'testMse', id: string, title: string): LinePanel => ({
    kind: 'lines',
    id,
    title,
    caption: `from (${start.join(', ')})`,
    x: { label: 'time', column: 'time', symbol: 't', scale: 'log' },
    y: {
      label: name === 'trainLoss' ? 'squared error' : 'mean squared error, 100 test inputs',
      column: name,
      scale: 'log',
    },
    series: runs.map((run, i): Series => {
      const { of, with: times } = timesAlong(run)
      return { name: label(run), role: 'single', color: i % 6, of, with: times, x: times.time, y: curveOf(run, name) }
    }),
  })
  return [
    { ...plane, series: [...plane.series, ...overlays] },
    losses('trainLoss', 'train-loss', 'Training loss'),
    losses('testMse', 'test-loss', 'Test loss'),
  ]
}

/** The weights of the closed form at the times of a run: one list per weight. */
function closedFormOf(run: RecordedRun): Float64Array[] {
  const points = Array.from(timesOf(run), (time) => linearToySolution(startOf(run), ridgeOf(run), time))
  return startOf(run).map((_, j) => Float64Array.from(points, (point) => point[j]!))
}

function distanceFromClosedForm(run: RecordedRun): number {
  const solution = closedFormOf(run)
  const gaps = weightsOf(run).flatMap((weights, j) => Array.from(weights, (w, i) => Math.abs(w - solution[j]![i]!)))
  return Math.max(...gaps)
}

/** When a loss has fallen to a hundredth of its start. */
function fallTime(run: RecordedRun, name: 'trainLoss' | 'testMse'): number {
  const curve = curveOf(run, name)
  return timesOf(run)[curve.findIndex((value) => value <= curve[0]! / 100)] ?? NaN
}

function testAtStart(run: RecordedRun): number {
  return curveOf(run, 'testMse')[0]!
}
