import { formatShort } from '../../../../shared/formatting/formatNumber.ts'
import type { LinePanel, Series } from '../../../../shared/panel.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'
import { threeDecimals, type PaperFigure, type Statement } from '../figure.ts'
import { logLogSlope } from '../logLogSlope.ts'
import { curveOf, planePanel, startOf, timesOf, toyExperiment } from './toyFigure.ts'

const source = 'Musat, Thm 4.14, Fig. 4; the points are chosen here'
const foot = 0.8
const heights = [0.1, 0.03, 0.01]

/**
 * Figure 4: the gradient of L(x, y) = (y − x²)² at three points closing in on the parabola: its angle to the normal of
 * the set vanishes in proportion to the distance. Each point is the start of a descent without decay, along which the
 * angle is measured too.
 */
export const figure4: PaperFigure<'musat2025/fig4'> = {
  id: 'musat2025/fig4',
  number: 'Fig. 4',
  title: 'Gradient against the normal',
  summary: 'Closing in on the set, the angle to the normal vanishes in proportion to the distance.',
  source: 'Musat, Sec. 4, Fig. 4',
  needs: { measurements: ['weight1', 'weight2', 'distanceToZeroLoss', 'tangentialFraction'], snapshots: 'none' },
  experiments: () =>
    heights.map((height) =>
      toyExperiment({
        name: `Paper, figure 4, ${height} above the parabola`,
        model: 'parabola',
        start: [foot, foot ** 2 + height],
        ridge: 0,
        time: 0.8,
        every: 0.02,
      }),
    ),
  evaluate: (runs) => ({ statements: statements(runs), panels: panels(runs) }),
}

function statements(runs: readonly RecordedRun[]): Statement[] {
  const points = runs.flatMap((run) => {
    const [distance, angle] = [curveOf(run, 'distanceToZeroLoss')[0], angles(run)[0]]
    return distance !== undefined && angle !== undefined ? [[distance, angle] as const] : []
  })
  const descents = runs.flatMap((run) => {
    const distance = curveOf(run, 'distanceToZeroLoss')
    return distance.length > 1 ? [logLogSlope(Array.from(angles(run), (a, i) => [distance[i]!, a] as const))] : []
  })
  const one = { source, basis: 'paper', range: { min: 0.95, max: 1.05 }, format: threeDecimals } as const
  return [
    {
      ...one,
      id: 'exponent',
      text: 'Exponent of angle against distance, three points',
      values: points.length > 1 ? [logLogSlope(points)] : [],
      needs: { step: () => 0 },
    },
    { ...one, id: 'descent', text: 'The same along each descent', values: descents },
  ]
}

function panels(runs: readonly RecordedRun[]): LinePanel[] {
  const label = (run: RecordedRun) => `${formatShort(startOf(run)[1]! - foot ** 2, 2)} above`
  const distances = runs.map((run) => curveOf(run, 'distanceToZeroLoss'))
  const series = runs.map((run, i): Series => {
    const of = { curve: 'run', height: startOf(run)[1]! - foot ** 2 }
    const columns = { step: run.curves.step, time: timesOf(run) }
    return { name: label(run), role: 'single', color: i % 6, of, with: columns, x: distances[i]!, y: angles(run) }
  })
  const starts: Series = {
    name: 'the three points',
    role: 'points',
    of: { curve: 'start', step: 0, time: 0 },
    with: { height: Float64Array.from(runs, (run) => startOf(run)[1]! - foot ** 2) },
    x: Float64Array.from(distances, (distance) => distance[0]!),
    y: Float64Array.from(runs, (run) => angles(run)[0]!),
  }
  return [
    {
      kind: 'lines',
      id: 'angle',
      title: 'Angle to the normal',
      caption: 'L = (y − x²)²',
      x: { label: 'distance to the set', column: 'distance', scale: 'log' },
      y: { label: 'angle of ∇L to the normal, degrees', column: 'degrees', scale: 'log' },
      series: runs.length > 0 ? [...series, starts] : [],
    },
    planePanel('parabola', runs, 'The three descents', 1.5, label),
  ]
}

/** In degrees. */
function angles(run: RecordedRun): Float64Array {
  return curveOf(run, 'tangentialFraction').map((sine) => (Math.asin(sine) * 180) / Math.PI)
}
