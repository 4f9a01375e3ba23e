import { isDotted, type Axis, type LinePanel } from '../panel.ts'
import { drawnPoints } from './drawnPoints.ts'
import type { PlotArea } from './plotArea.ts'
import { niceDomain } from './ticks.ts'

/** What the x axis shows, and whether it is a logarithmic one that shows zero too. */
export function horizontalDomain(panel: LinePanel): { domain: [number, number]; showsZero: boolean } {
  const { x: axis, series } = panel
  const log = axis.scale === 'log'
  let low = Infinity
  let high = -Infinity
  let showsZero = log && axis.min === 0 && axis.zero !== false
  for (const { x } of series.map(drawnPoints)) {
    for (const value of isAscending(x) ? endsOf(x, log) : x) {
      if (log && value === 0 && axis.zero !== false) showsZero = true
      if (!Number.isFinite(value) || (log && value <= 0)) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  if (low > high) [low, high] = log ? [1, 10] : [0, 1]
  const min = log && axis.min === 0 ? undefined : axis.min
  const whole = log ? widenPoint(low, high, true) : paddedForPoints(panel, widenPoint(low, high, false))
  return { domain: withLimits(whole, min, axis.max, log), showsZero: showsZero || (log && axis.zero === true) }
}

/** A domain with the limits that are given; of two that would leave nothing between them the given one stays. */
function withLimits(
  [low, high]: readonly [number, number],
  min: number | undefined,
  max: number | undefined,
  log: boolean,
): [number, number] {
  const from = min ?? low
  const to = max ?? high
  if (to > from) return [from, to]
  if (min === undefined) return [log ? to / 10 : to - 1, to]
  return [from, log ? 10 * from : from + 1]
}

/** Points at the very border would be cut; where there are only points, half a unit is left free. */
function paddedForPoints({ series, equalAspect }: LinePanel, [low, high]: [number, number]): [number, number] {
  const pointsOnly = series.length > 0 && series.every(isDotted)
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

/** What the y axis shows of what is seen; of an empty chart a stand-in. */
export function verticalDomain(axis: Axis, extent: readonly [number, number] | null): [number, number] {
  const log = axis.scale === 'log'
  const nice = niceDomain(axis.scale, extent ?? (log ? [0.1, 1] : [0, 1]))
  return withLimits(nice, axis.min, axis.max, log)
}

/**
 * How low and high what is seen between two ends of the x axis goes, null where nothing is: the values at the given places of each series
 * (all where none are given), those of lines where they cross the ends, and what is expected.
 */
export function verticalExtent(
  { x: across, y: axis, series, expectations = [] }: LinePanel,
  [from, to]: readonly [number, number],
  places: readonly (ArrayLike<number> | null)[] = [],
): [number, number] | null {
  const log = axis.scale === 'log'
  let low = Infinity
  let high = -Infinity
  const include = (value: number | undefined) => {
    if (value === undefined || !Number.isFinite(value) || (log && value <= 0)) return
    if (value < low) low = value
    if (value > high) high = value
  }
  const borders = [from, to]
  series.forEach((each, s) => {
    const { x, y } = drawnPoints(each)
    const isLine = !isDotted(each) && isAscending(x)
    const shown = places[s]
    const count = shown?.length ?? y.length
    let before = -1
    for (let k = 0; k < count; k++) {
      const place = shown ? shown[k]! : k
      if (x[place]! >= from && x[place]! <= to) include(y[place])
      if (isLine && before >= 0) {
        for (const border of borders) {
          if (!(x[before]! < border && border < x[place]!)) continue
          include(heightAt(border, [x[before]!, y[before]!], [x[place]!, y[place]!], across.scale, axis.scale))
        }
      }
      before = place
    }
  })
  for (const { min, max, fromX } of expectations) {
    if (fromX !== undefined && (fromX < from || fromX > to)) continue
    include(min)
    include(max)
  }
  return low > high ? null : [low, high]
}

/** Where a stretch that is straight on these axes passes an x between its ends. */
function heightAt(
  x: number,
  [fromX, fromY]: readonly [number, number],
  [toX, toY]: readonly [number, number],
  across: Axis['scale'],
  upwards: Axis['scale'],
): number {
  const onX = across === 'log' ? Math.log : Number
  const onY = upwards === 'log' ? Math.log : Number
  const share = (onX(x) - onX(fromX)) / (onX(toX) - onX(fromX))
  const height = onY(fromY) + share * (onY(toY) - onY(fromY))
  return upwards === 'log' ? Math.exp(height) : height
}

/** The part of an area, in the middle of its top, in which a unit takes the same length on each axis. */
export function equalArea(x: readonly [number, number], y: readonly [number, number], area: PlotArea): PlotArea {
  const [width, height] = [x[1] - x[0], y[1] - y[0]]
  const pixels = Math.min((area.right - area.left) / width, (area.bottom - area.top) / height)
  const left = (area.left + area.right - pixels * width) / 2
  return { left, right: left + pixels * width, top: area.top, bottom: area.top + pixels * height }
}

const ascending = new WeakMap<Float64Array, boolean>()

/** Whether x never falls; asked often for the same arrays, so the answer is kept. */
export function isAscending(x: Float64Array): boolean {
  const known = ascending.get(x)
  if (known !== undefined) return known
  let holds = true
  for (let place = 1; holds && place < x.length; place++) holds = x[place]! >= x[place - 1]!
  ascending.set(x, holds)
  return holds
}
