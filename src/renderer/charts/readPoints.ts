import type { LinePanel, Series } from '../../shared/panel.ts'
import { drawnX } from '../../shared/charts/drawnPoints.ts'
import { isAscending } from '../../shared/charts/lineDomains.ts'
import { placeNear, type LineLayout } from '../../shared/charts/lineLayout.ts'

/** Pixels within which points cannot be told apart. */
const onePlace = 1

/** A point of a curve, and where it is drawn. */
export interface ReadPoint {
  series: Series
  place: number
  point: { x: number; y: number }
}

/**
 * What is read under the pointer: of each curve that reaches there its point at that x, and beyond the ends of all what ends nearest;
 * of a scatter the nearest point within reach, and those that lie on it.
 */
export function readPoints(
  panel: LinePanel,
  layout: LineLayout,
  at: { x: number; y: number },
  reach: number,
): ReadPoint[] {
  if (!panel.pointwise) {
    const x = layout.x.invert(at.x)
    const beside = ({ point }: ReadPoint) => Math.abs(point.x - at.x)
    const all = panel.series.flatMap((series) => drawnPoint(series, placeNear(series, x), layout) ?? [])
    const read = all.filter((row) => beside(row) <= reach || spans(row.series, x))
    const nearest = Math.min(...all.map(beside))
    return read.length > 0 ? read : all.filter((row) => beside(row) < nearest + onePlace)
  }
  const distance = ({ point }: ReadPoint) => Math.hypot(point.x - at.x, point.y - at.y)
  const near = allPoints(panel, layout).filter((each) => distance(each) <= reach)
  const [nearest] = near.toSorted((a, b) => distance(a) - distance(b))
  return near.filter(({ point }) => Math.hypot(point.x - nearest!.point.x, point.y - nearest!.point.y) < onePlace)
}

/**
 * The next point of a scatter from a place on it, nothing where there is none: to the right or left the next of all in the order of x and
 * at one x of y, so that it comes by every one; up or down the nearest that way, straight on before aslant.
 */
export function nextPoint(
  panel: LinePanel,
  layout: LineLayout,
  from: { x: number; y: number },
  right: number,
  down: number,
): ReadPoint | undefined {
  const all = allPoints(panel, layout)
  if (right !== 0) {
    const beyond = all.filter(({ point }) => inOrder(point, from) * right > 0)
    return beyond.toSorted((a, b) => inOrder(a.point, b.point) * right)[0]
  }
  const beyond = all.filter(({ point }) => (point.y - from.y) * down > 0)
  const distance = ({ point }: ReadPoint) => Math.abs(point.y - from.y) + 3 * Math.abs(point.x - from.x)
  return beyond.toSorted((a, b) => distance(a) - distance(b))[0]
}

/** The first (−1) or last (1) point of a scatter in that order. */
export function outermostPoint(panel: LinePanel, layout: LineLayout, direction: 1 | -1): ReadPoint | undefined {
  return allPoints(panel, layout).toSorted((a, b) => -direction * inOrder(a.point, b.point))[0]
}

/** What is read, as lines of columns, one for each x that curves are read at. */
export function asTable(panel: LinePanel, rows: readonly Omit<ReadPoint, 'point'>[]): string {
  const head = [panel.x.column ?? panel.x.label, ...rows.map((row) => row.series.name)]
  const xs = new Set(rows.map(({ series, place }) => series.x[place]!))
  const lines = [...xs]
    .sort((a, b) => a - b)
    .map((x) => [x, ...rows.map((row) => (row.series.x[row.place] === x ? row.series.y[row.place]! : ''))])
  return [head, ...lines].map((line) => line.join('\t')).join('\n')
}

/** Whether an x lies between the first and the last of a series; where intervals end, `placeNear` has asked. */
function spans({ x, until }: Series, at: number): boolean {
  if (until) return true
  if (isAscending(x)) return at >= x[0]! && at <= x.at(-1)!
  return x.some((each) => each <= at) && x.some((each) => each >= at)
}

/** From left to right, at one x upwards. */
function inOrder(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return a.x - b.x || b.y - a.y
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
