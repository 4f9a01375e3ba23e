import { isDotted, type LinePanel, type Series } from '../panel.ts'
import { placeAtOrBelow } from '../neighbors.ts'
import { pixelExtremes } from './pixelExtremes.ts'
import { drawnPoints, type DrawnPoints } from './drawnPoints.ts'
import { equalArea, horizontalDomain, isAscending, verticalDomain, verticalExtent } from './lineDomains.ts'
import { plotArea, type Margins, type PlotArea } from './plotArea.ts'
import { createScale, type Scale } from './scale.ts'

/** A line chart laid out for a size: scales, and each series as the points that are worth drawing, in pixels. */
export interface LineLayout {
  area: PlotArea
  x: Scale
  y: Scale
  strokes: Stroke[]
  /** Why a chart shows no series; null where it does. */
  nothing: string | null
}

export interface Stroke {
  series: Series
  /** x and y in turn, from the top left corner of the area; NaN is a gap. */
  points: Float32Array
}

export interface LineView {
  size: { width: number; height: number }
  margins: Margins
  /** The part of the x axis to show; all of it where absent. */
  window?: readonly [number, number] | null
}

/** What does not depend on the room that names take: the points worth drawing, and both domains. */
export interface PreparedLines {
  panel: LinePanel
  size: LineView['size']
  /** Of each series; null for dots and for one that turns back, which are drawn whole. */
  places: (Uint32Array | null)[]
  x: readonly [number, number]
  y: readonly [number, number]
  showsZero: boolean
}

export function layOutLines(panel: LinePanel, view: LineView): LineLayout {
  return finishLines(prepareLines(panel, view), view.margins)
}

/** Reads the data once, for the widest area that the margins leave. */
export function prepareLines(panel: LinePanel, { size, margins, window: given }: LineView): PreparedLines {
  const full = horizontalDomain(panel)
  // Of a logarithmic axis a window may hold nothing but the place for zero; then all of it is shown.
  const window = given && (panel.x.scale === 'linear' || given[1] > full.domain[0]) ? given : null
  const [from, to] = window ?? full.domain
  const showsZero = full.showsZero && (!window || from <= 0)
  const min = panel.x.scale === 'log' ? (showsZero ? full.domain[0] : Math.max(from, full.domain[0])) : from
  const { left, right } = plotArea(size, margins)
  const scale = createScale(panel.x.scale, [min, to], [left, right], showsZero)
  // A line looks the same by the extremes of each pixel; of dots every one is seen.
  const places = panel.series.map((series) => {
    const { x, y } = drawnPoints(series)
    return isAscending(x) && !isDotted(series) ? pixelExtremes(x, y, scale) : null
  })
  const y = verticalDomain(panel.y, verticalExtent(panel, [showsZero ? 0 : from, to], places))
  return { panel, size, places, x: [min, to], y, showsZero }
}

/** Scales and pixels within margins at least as wide as those prepared for. */
export function finishLines(
  { panel, size, places, showsZero, ...domains }: PreparedLines,
  margins: Margins,
): LineLayout {
  const whole = plotArea(size, margins)
  const area = panel.equalAspect ? equalArea(domains.x, domains.y, whole) : whole
  const x = createScale(panel.x.scale, domains.x, [area.left, area.right], showsZero)
  const y = createScale(
    panel.y.scale,
    domains.y,
    [area.bottom, area.top],
    panel.y.scale === 'log' && panel.y.zero === true,
  )
  const strokes = panel.series.map((series, s) => ({
    series,
    points: trace(drawnPoints(series), places[s]!, x, y, area),
  }))
  return { area, x, y, strokes, nothing: whyNothing(panel) ?? whyOutside(strokes, area) }
}

function whyNothing({ series, y, empty = 'no data yet' }: LinePanel): string | null {
  const values = series.map((each) => each.y).filter(({ length }) => length > 0)
  if (values.length === 0) return empty
  if (!values.some((list) => list.some(Number.isFinite))) return 'no finite value'
  if (y.scale === 'linear' || values.some((list) => list.some((value) => value > 0))) return null
  if (y.zero === true && values.some((list) => list.includes(0))) return null
  return values.some((list) => list.some((value) => value < 0))
    ? 'no value above 0, on a log axis'
    : 'all values 0, on a log axis'
}

/** Whether all that there is lies beyond one end of the horizontal axis; a line that crosses the window is in it. */
function whyOutside(strokes: readonly Stroke[], area: PlotArea): string | null {
  const width = area.right - area.left
  const shows = ({ points, series }: Stroke) => {
    const isLine = !isDotted(series)
    let [before, after] = [false, false]
    for (let k = 0; k < points.length; k += 2) {
      const [x, y] = [points[k]!, points[k + 1]!]
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue
      const [isBefore, isAfter] = [x <= width + 0.5, x >= -0.5]
      if (isBefore && isAfter) return true
      before ||= isLine && isBefore
      after ||= isLine && isAfter
      if (before && after) return true
    }
    return false
  }
  return strokes.some(shows) ? null : 'nothing in this range'
}

/** The point of a series nearest in x, or the interval around x; −1 where it has none. */
export function placeNear(series: Series, x: number): number {
  if (series.until) {
    const place = placeAtOrBelow(series.x, x)
    return place >= 0 && x <= series.until[place]! ? place : -1
  }
  let best = -1
  if (isAscending(series.x)) {
    let low = 0
    let high = series.x.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (series.x[middle]! < x) low = middle + 1
      else high = middle
    }
    best = low > 0 && x - series.x[low - 1]! < series.x[low]! - x ? low - 1 : low
  } else {
    for (let place = 0; place < series.x.length; place++) {
      if (best < 0 || Math.abs(series.x[place]! - x) < Math.abs(series.x[best]! - x)) best = place
    }
  }
  return series.x.length === 0 ? -1 : best
}

/** The nearest x beyond one, to the right of it (1) or to the left (−1), at which any of the series has a point; null where none has. */
export function nextX(series: readonly Pick<Series, 'x'>[], from: number, direction: 1 | -1): number | null {
  const found = series.flatMap(({ x }) => {
    if (!isAscending(x)) return Array.from(x).filter((each) => (each - from) * direction > 0)
    const below = placeAtOrBelow(x, from)
    const place = direction === 1 ? below + 1 : x[below] === from ? below - 1 : below
    return x[place] ?? []
  })
  if (found.length === 0) return null
  return found.reduce((best, each) => ((best - each) * direction > 0 ? each : best))
}

/** The last point of a series that has a value. */
export function lastPlace(series: Series): number {
  for (let place = series.y.length - 1; place >= 0; place--) if (Number.isFinite(series.y[place]!)) return place
  return -1
}

function trace(
  { x, y }: DrawnPoints,
  places: Uint32Array | null,
  scaleX: Scale,
  scaleY: Scale,
  area: PlotArea,
): Float32Array {
  const count = places?.length ?? x.length
  const points = new Float32Array(2 * count)
  // Far beyond the borders the canvas loses precision, and the direction of a line no longer shows.
  const height = area.bottom - area.top
  for (let k = 0; k < count; k++) {
    const place = places ? places[k]! : k
    points[2 * k] = scaleX.at(x[place]!) - area.left
    points[2 * k + 1] = Math.max(-4 * height, Math.min(5 * height, scaleY.at(y[place]!) - area.top))
  }
  return points
}
