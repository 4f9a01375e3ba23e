import type { LinePanel, Series } from '../../shared/panel.ts'
import { drawnX } from '../../shared/charts/drawnPoints.ts'
import { placeNear, type LineLayout } from '../../shared/charts/lineLayout.ts'

/** A point of a curve, and where it is drawn. */
export interface ReadPoint {
  series: Series
  place: number
  point: { x: number; y: number }
}

/** What is read under the pointer: of each curve its point at that x, or the one point of a scatter that lies within reach. */
export function readPoints(
  panel: LinePanel,
  layout: LineLayout,
  at: { x: number; y: number },
  reach: number,
): ReadPoint[] {
  if (!panel.pointwise) {
    const x = layout.x.invert(at.x)
    return panel.series.flatMap((series) => drawnPoint(series, placeNear(series, x), layout) ?? [])
  }
  const distance = ({ point }: ReadPoint) => Math.hypot(point.x - at.x, point.y - at.y)
  const near = allPoints(panel, layout).filter((each) => distance(each) <= reach)
  return near.length === 0 ? [] : [near.reduce((best, each) => (distance(each) < distance(best) ? each : best))]
}

/** The nearest point of a scatter that way from another, straight on before aslant; nothing where there is none. */
export function nextPoint(
  panel: LinePanel,
  layout: LineLayout,
  from: { x: number; y: number },
  right: number,
  down: number,
): ReadPoint | undefined {
  let best: ReadPoint | undefined
  let least = Infinity
  for (const each of allPoints(panel, layout)) {
    const [dx, dy] = [each.point.x - from.x, each.point.y - from.y]
    const ahead = dx * right + dy * down
    if (ahead <= 0) continue
    const distance = ahead + 3 * Math.abs(dx * down + dy * right)
    if (distance < least) [best, least] = [each, distance]
  }
  return best
}

/** The point of a scatter farthest to the left (−1) or to the right (1). */
export function outermostPoint(panel: LinePanel, layout: LineLayout, direction: 1 | -1): ReadPoint | undefined {
  return allPoints(panel, layout).reduce<ReadPoint | undefined>(
    (best, each) => (best && (best.point.x - each.point.x) * direction >= 0 ? best : each),
    undefined,
  )
}

/** What is read, as lines of columns. */
export function asTable(panel: LinePanel, rows: readonly Omit<ReadPoint, 'point'>[]): string {
  const { series, place } = rows[0]!
  const head = [panel.x.column ?? panel.x.label, ...rows.map((row) => row.series.name)]
  return [head, [series.x[place]!, ...rows.map((row) => row.series.y[row.place]!)]]
    .map((line) => line.join('\t'))
    .join('\n')
}

function allPoints(panel: LinePanel, layout: LineLayout): ReadPoint[] {
  return panel.series.flatMap((series) =>
    Array.from(series.x, (_, place) => drawnPoint(series, place, layout)).flatMap((each) => each ?? []),
  )
}

function drawnPoint(series: Series, place: number, { x, y }: LineLayout): ReadPoint | undefined {
  if (place < 0 || !Number.isFinite(series.y[place]!)) return undefined
  return { series, place, point: { x: x.at(drawnX(series, place)), y: y.at(series.y[place]!) } }
}
