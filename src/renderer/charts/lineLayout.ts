import type { LinePanel, Series } from '../../shared/panel.ts'
import { decimate } from './decimate.ts'
import { plotArea, type Margins, type PlotArea } from './plotArea.ts'
import { createScale, type Scale } from './scale.ts'
import { niceDomain } from './ticks.ts'

/** A line chart laid out for a size: scales, and each series as the points that are worth drawing, in pixels. */
export interface LineLayout {
  area: PlotArea
  x: Scale
  y: Scale
  strokes: Stroke[]
  /** Why a chart with series shows none; null where it does. */
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

export function layOutLines(panel: LinePanel, view: LineView): LineLayout {
  const { area, x, y } = lineScales(panel, view)
  const strokes = panel.series.map((series) => ({ series, points: trace(series, x, y, area) }))
  return { area, x, y, strokes, nothing: whyNothing(panel) }
}

/** The area and the scales alone, before anything is drawn. */
export function lineScales(
  panel: LinePanel,
  { size, margins, window }: LineView,
): Pick<LineLayout, 'area' | 'x' | 'y'> {
  const area = plotArea(size, margins)
  const full = horizontalDomain(panel)
  const domainX = window ?? full.domain
  const domainY = verticalDomain(panel, full.showsZero && !window ? [0, domainX[1]] : domainX)
  const equal = panel.equalAspect ? equalise(domainX, domainY, area) : null
  const showsZero = full.showsZero && (!window || window[0] <= 0)
  const positive = showsZero ? full.domain[0] : Math.max(domainX[0], full.domain[0])
  const low = panel.x.scale === 'log' ? positive : domainX[0]
  const x = createScale(panel.x.scale, equal?.x ?? [low, domainX[1]], [area.left, area.right], showsZero)
  const y = createScale(panel.y.scale, equal?.y ?? domainY, [area.bottom, area.top])
  return { area, x, y }
}

function whyNothing({ series, y }: LinePanel): string | null {
  const values = series.map((each) => each.y).filter(({ length }) => length > 0)
  if (values.length === 0) return null
  if (!values.some((list) => list.some(Number.isFinite))) return 'no finite value'
  if (y.scale === 'log' && !values.some((list) => list.some((value) => value > 0))) return 'zero throughout'
  return null
}

/** The point of a series nearest in x, or −1 where it has none. */
export function placeNear(series: Series, x: number): number {
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

/** The last point of a series that has a value. */
export function lastPlace(series: Series): number {
  for (let place = series.y.length - 1; place >= 0; place--) if (Number.isFinite(series.y[place]!)) return place
  return -1
}

function horizontalDomain(panel: LinePanel): { domain: [number, number]; showsZero: boolean } {
  const { x: axis, series } = panel
  const log = axis.scale === 'log'
  let low = Infinity
  let high = -Infinity
  let showsZero = log && axis.least === 0
  for (const { x } of series) {
    for (const value of isAscending(x) ? endsOf(x, log) : x) {
      if (log && value === 0) showsZero = true
      if (!Number.isFinite(value) || (log && value <= 0)) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  if (low > high) [low, high] = log ? [1, 10] : [0, 1]
  const least = log && axis.least === 0 ? undefined : axis.least
  const whole = log ? widenPoint(low, high, true) : paddedForPoints(panel, widenPoint(low, high, false))
  return { domain: [least ?? whole[0], Math.max(axis.most ?? whole[1], least ?? whole[0])], showsZero }
}

/** Points at the very border would be cut; where there are only points, half a unit is left free. */
function paddedForPoints({ series, equalAspect }: LinePanel, [low, high]: [number, number]): [number, number] {
  const pointsOnly = series.length > 0 && series.every(({ role }) => role === 'points' || role === 'start')
  const room = pointsOnly || equalAspect ? Math.min(0.6, (high - low) * 0.04) : 0
  return [low - room, high + room]
}

function widenPoint(low: number, high: number, log: boolean): [number, number] {
  if (high > low) return [low, high]
  return log ? [low / 2, high * 2] : [low - 0.5, high + 0.5]
}

/** Of an ascending list the first and last, and with `positive` the first above zero too. */
function endsOf(x: Float64Array, positive: boolean): number[] {
  if (x.length === 0) return []
  const firstPositive = positive ? x.find((value) => value > 0) : undefined
  return [x[0]!, ...(firstPositive === undefined ? [] : [firstPositive]), x[x.length - 1]!]
}

function verticalDomain(panel: LinePanel, [from, to]: readonly [number, number]): [number, number] {
  const { y: axis, series, expectations = [] } = panel
  const log = axis.scale === 'log'
  let low = Infinity
  let high = -Infinity
  const include = (value: number | undefined) => {
    if (value === undefined || !Number.isFinite(value) || (log && value <= 0)) return
    if (value < low) low = value
    if (value > high) high = value
  }
  for (const { x, y } of series) {
    for (let place = 0; place < y.length; place++) if (x[place]! >= from && x[place]! <= to) include(y[place])
  }
  for (const { least, most, fromX } of expectations) {
    if (fromX !== undefined && (fromX < from || fromX > to)) continue
    include(least)
    include(most)
  }
  if (low > high) [low, high] = log ? [0.1, 1] : [0, 1]
  const nice = niceDomain(axis.scale, [low, high])
  return [axis.least ?? nice[0], axis.most ?? nice[1]]
}

function equalise(x: readonly [number, number], y: readonly [number, number], area: PlotArea) {
  const width = area.right - area.left
  const height = area.bottom - area.top
  const perPixel = Math.max((x[1] - x[0]) / width, (y[1] - y[0]) / height)
  const around = ([low, high]: readonly [number, number], pixels: number): [number, number] => {
    const room = (perPixel * pixels - (high - low)) / 2
    return [low - room, high + room]
  }
  return { x: around(x, width), y: around(y, height) }
}

function trace({ x, y }: Series, scaleX: Scale, scaleY: Scale, area: PlotArea): Float32Array {
  const places = isAscending(x) ? decimate(x, y, scaleX) : null
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

const ascending = new WeakMap<Float64Array, boolean>()

/** Whether x never falls; asked often for the same arrays, so the answer is kept. */
function isAscending(x: Float64Array): boolean {
  const known = ascending.get(x)
  if (known !== undefined) return known
  let holds = true
  for (let place = 1; holds && place < x.length; place++) holds = x[place]! >= x[place - 1]!
  ascending.set(x, holds)
  return holds
}
