import type { Axis, LinePanel, Series } from '../../../../shared/panel.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'
import { finished, type PaperFigure, type Statement } from '../figure.ts'
import { ridgeOf, startLabel, stepAtTime, timesOf, toyExperiment, weightsAlong, weightsOf } from './toyFigure.ts'

const source = 'Musat, Fig. 2; λ and the starts are chosen here'
const ridge = 0.05
const starts = [
  [3, -1, -1],
  [-1, 2.5, 0],
  [0, -1, 1.5],
  [2, 2, -0.5],
]
const reached = 1

/**
 * Figure 2: three weights on the one sample (1, 1, 1) → 3 from four starts: each reaches the plane w₁ + w₂ + w₃ = 3, then
 * goes straight to its point of least norm, (1, 1, 1) up to 1/(1 + λ/3).
 */
export const figure2: PaperFigure<'musat2025/fig2'> = {
  id: 'musat2025/fig2',
  number: 'Fig. 2',
  title: 'Three weights, four starts',
  summary: 'Every start reaches the zero-loss plane, then goes straight to (1, 1, 1).',
  source: 'Musat, Sec. 3, Fig. 2',
  needs: { measurements: ['weight1', 'weight2', 'weight3'], snapshots: 'none' },
  experiments: () =>
    starts.map((start) =>
      toyExperiment({
        name: `Paper, figure 2, from (${start.join(', ')})`,
        model: 'threeWeightLinear',
        start,
        ridge,
        time: 80,
        every: 0.1,
      }),
    ),
  evaluate: (runs) => ({ statements: statements(finished(runs)), panels: panels(runs) }),
}

function statements(runs: readonly RecordedRun[]): Statement[] {
  const atPlane = runs.flatMap((run) => {
    const at = timesOf(run).findIndex((time) => time >= reached - 1e-9)
    const height = heights(run)
    return [Math.abs(height[at]! - height.at(-1)!) / Math.abs(height[0]! - height.at(-1)!)]
  })
  const misses = runs.map((run) => {
    const limit = 1 / (1 + ridgeOf(run) / 3)
    return Math.hypot(...weightsOf(run).map((weight) => weight.at(-1)! - limit))
  })
  const paper = { source, basis: 'paper' } as const
  return [
    {
      ...paper,
      id: 'plane',
      text: `Share of the way to the plane left at t = ${reached}`,
      values: atPlane,
      range: { max: 0.01 },
      needs: { step: (spec) => stepAtTime(spec, reached) },
    },
    {
      ...paper,
      id: 'straight',
      text: 'Largest bend of the way on the plane, radians',
      values: runs.map(bend),
      range: { max: 1e-3 },
    },
    { ...paper, id: 'end', text: 'Miss of 1/(1 + λ/3) at the end', values: misses, range: { max: 0.01 } },
  ]
}

function panels(runs: readonly RecordedRun[]): LinePanel[] {
  const axis = (name: string, column: string): Axis => ({
    label: name,
    column,
    scale: 'linear',
    min: -3.5,
    max: 3.5,
  })
  const alongPlane = runs.map((run, i): Series => {
    const [x, y] = inPlane(run)
    return { name: startLabel(run), role: 'single', color: i % 6, ...weightsAlong(run), x, y }
  })
  const approach = runs.map((run, i): Series => {
    const [x, y] = inPlane(run)
    const distance = x.map((value, t) => Math.hypot(value, y[t]!))
    return { name: startLabel(run), role: 'single', color: i % 6, ...weightsAlong(run), x: distance, y: heights(run) }
  })
  const target: Series = {
    name: '(1, 1, 1)',
    role: 'points',
    of: { start: 'least norm' },
    x: Float64Array.of(0),
    y: Float64Array.of(0),
  }
  return [
    {
      kind: 'lines',
      id: 'in-plane',
      title: 'Within the plane',
      caption: 'seen along (1, 1, 1), which is the origin',
      x: axis('(w₁ − w₂)/√2', 'firstInPlane'),
      y: axis('(2w₃ − w₁ − w₂)/√6', 'secondInPlane'),
      series: [...alongPlane, target],
      equalAspect: true,
    },
    {
      kind: 'lines',
      id: 'approach',
      title: 'To the plane, then along it',
      caption: 'λ = ' + ridge,
      x: { label: 'distance from the line through (1, 1, 1)', column: 'distance', scale: 'linear', min: 0 },
      y: { label: 'mean weight, 1 on the plane', column: 'meanWeight', scale: 'linear' },
      series: approach,
      levels: [{ at: 1, label: 'zero loss' }],
    },
  ]
}

/** Mean weight at each measurement: 1 on the zero-loss plane. */
function heights(run: RecordedRun): Float64Array {
  const [first, second, third] = weightsOf(run)
  return first!.map((weight, t) => (weight + second![t]! + third![t]!) / 3)
}

/** Orthonormal coordinates of the part orthogonal to (1, 1, 1). */
function inPlane(run: RecordedRun): [Float64Array, Float64Array] {
  const [first, second, third] = weightsOf(run)
  return [
    first!.map((weight, t) => (weight - second![t]!) / Math.SQRT2),
    third!.map((weight, t) => (2 * weight - first![t]! - second![t]!) / Math.sqrt(6)),
  ]
}

/** Largest angle between where a run is and where it came from, both seen from (1, 1, 1) within the plane. */
function bend(run: RecordedRun): number {
  const [x, y] = inPlane(run)
  const angles = Array.from(x, (value, t) =>
    Math.abs(Math.atan2(x[0]! * y[t]! - y[0]! * value, x[0]! * value + y[0]! * y[t]!)),
  )
  return Math.max(...angles)
}
