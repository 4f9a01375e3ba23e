import type { Series } from '../panel.ts'

/** Where the points of a series are drawn, in the units of its axes. */
export interface DrawnPoints {
  x: Float64Array
  y: Float64Array
}

/** Points as they are, those beside others moved aside, intervals as the corners of a stepped line. */
export function drawnPoints(series: Series): DrawnPoints {
  if (!series.until && !series.beside) return series
  const known = drawn.get(series) ?? derive(series)
  drawn.set(series, known)
  return known
}

/** Where the point at a place is drawn: that of an interval in its middle. */
export function drawnX({ x, until, beside = 0 }: Series, place: number): number {
  return until ? (x[place]! + until[place]!) / 2 : x[place]! + beside
}

/** Asked for at every change of a chart's size. */
const drawn = new WeakMap<Series, DrawnPoints>()

function derive({ x, y, until, beside = 0 }: Series): DrawnPoints {
  if (!until) return { x: x.map((value) => value + beside), y }
  const corners = Float64Array.from({ length: 2 * x.length }, (_, k) => (k % 2 === 0 ? x[k >> 1]! : until[k >> 1]!))
  return { x: corners, y: Float64Array.from(corners, (_, k) => y[k >> 1]!) }
}
