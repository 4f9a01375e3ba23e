import { formatLabel } from '../formatting/formatNumber.ts'
import type { ParallelAxis, ParallelPanel } from '../panel.ts'
import { plotArea, type Margins, type PlotArea } from './plotArea.ts'
import { createScale, type Scale } from './scale.ts'
import { fitNames, fitText, wrapWords, type TypeFace } from './textWidth.ts'
import { makeTicks, niceDomain, thinTicks, type AxisTicks } from './ticks.ts'

/** An axis in its place: numbers stand to the left of it, of the last one to the right. */
export interface PlacedAxis {
  x: number
  scale: Scale
  ticks: AxisTicks
  side: 'left' | 'right'
  /** Lines of what it is called, the last of them just above it, and where these begin, end or have their middle. */
  title: readonly string[]
  titleX: number
  anchor: 'start' | 'middle' | 'end'
}

export interface ParallelLayout {
  area: PlotArea
  axes: readonly PlacedAxis[]
  /** Where each line meets each axis, line by line, as pixels from the top; NaN where it does not. */
  heights: Float64Array
}

/** In heights of the text: between lines of words, between the labels of an axis at least, beside what stands on either side. */
const [lineDistance, labelDistance, besideTitle] = [1.25, 1.35, 0.8]
/** Pixels between an axis and its labels, and above it. */
export const [besideTick, aboveAxis] = [7, 9]
const mostTitleLines = 3
/** The share of the distance to the next axis that a label may take, and of the whole width to the left of the first. */
const [mostOfDistance, mostOfWidth] = [0.8, 0.2]
/** So many different values are named each, where they were chosen. */
const mostNamed = 12

/** What is left free around the axes and their words, in pixels. */
export type Around = Pick<Margins, 'top' | 'left' | 'right'>

/** Upright axes at equal distances, and where lines meet them. */
export function layOutParallel(
  panel: ParallelPanel,
  size: { width: number; height: number },
  face: TypeFace,
  around: Around,
): ParallelLayout {
  const count = panel.axes.length
  const last = count - 1
  const labelsOf = (area: PlotArea) =>
    panel.axes.map((each, k) => {
      const distance = (area.right - area.left) / Math.max(1, last)
      const most = k === 0 || k === last ? mostOfWidth * size.width : mostOfDistance * distance
      const scale = scaleOf(each, [area.bottom, area.top])
      return { scale, ticks: ticksOf(each, scale, face, most) }
    })
  const bottom = Math.ceil(face.size)
  const topBelow = (lines: number) => around.top + Math.ceil(lines * lineDistance * face.size) + aboveAxis
  const tried = labelsOf(plotArea(size, { ...around, top: topBelow(mostTitleLines), bottom }))
  const roomOf = (k: number) => {
    const labels = tried[k]?.ticks.major ?? []
    return Math.ceil(Math.max(0, ...labels.map(({ label }) => face.widthOf(label)))) + besideTick
  }
  const sides = { left: around.left + roomOf(0), right: around.right + (count > 1 ? roomOf(last) : 0) }
  const wide = plotArea(size, { ...sides, top: topBelow(mostTitleLines), bottom })
  const places = panel.axes.map((_, k) => wide.left + (k * (wide.right - wide.left)) / Math.max(1, last))
  const ends = [around.left, size.width - around.right] as const
  const titles = panel.axes.map((each, k) => placeTitle(each, places, k, ends, face))
  const lines = Math.max(1, ...titles.map(({ title }) => title.length))
  const area = { ...wide, top: Math.min(wide.bottom - 1, topBelow(lines)) }
  const axes = labelsOf(area).map((each, k): PlacedAxis => ({
    ...each,
    ...titles[k]!,
    x: places[k]!,
    side: k === last && count > 1 ? 'right' : 'left',
  }))
  const heights = new Float64Array(panel.groupOf.length * count)
  panel.axes.forEach(({ values }, k) => {
    const { scale } = axes[k]!
    for (let line = 0; line < values.length; line++) heights[line * count + k] = scale.at(values[line]!)
  })
  return { area, axes, heights }
}

/** Pixels from one line of a title to the next. */
export function titleDistance({ size }: TypeFace): number {
  return lineDistance * size
}

function scaleOf(each: ParallelAxis, range: readonly [number, number]): Scale {
  const { axis } = each
  return createScale(axis.scale, domainOf(each), range, axis.scale === 'log' && axis.zero === true)
}

/** From the lowest to the highest value where each is named, else to round numbers around them. */
function domainOf(each: ParallelAxis): readonly [number, number] {
  const { axis, values } = each
  if (axis.ticks) return axis.ticks.length > 1 ? [0, axis.ticks.length - 1] : [-0.5, 0.5]
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (!Number.isFinite(value) || (axis.scale === 'log' && value <= 0)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low > high) return axis.scale === 'log' ? [1, 10] : [0, 1]
  return namedValues(each).length > 1 ? [low, high] : niceDomain(axis.scale, [low, high])
}

/** The values that are its ticks, in ascending order; none where there are too many. */
function namedValues({ values, isChosen, axis }: ParallelAxis): number[] {
  if (!isChosen || axis.ticks) return []
  const different = new Set(values)
  return different.size <= mostNamed ? [...different].sort((a, b) => a - b) : []
}

function ticksOf(each: ParallelAxis, scale: Scale, face: TypeFace, most: number): AxisTicks {
  const named = each.axis.ticks ?? namedValues(each).map((at) => ({ at, label: formatLabel(at) }))
  const height = Math.abs(scale.range[1] - scale.range[0])
  const { major, minor } =
    named.length > 0
      ? thinTicks(named, scale, labelDistance * face.size)
      : makeTicks(scale, height < 140 ? 30 : 42, each.axis.isCounted)
  // A number of which digits are left out would be another.
  if (!each.axis.ticks) return { major, minor }
  const names = fitNames(
    major.map(({ label }) => label),
    face,
    most,
  )
  return { major: major.map(({ at }, place) => ({ at, label: names[place]! })), minor }
}

/** In the middle above its axis where it finds room, else from the border of the chart. */
function placeTitle(
  each: ParallelAxis,
  places: readonly number[],
  k: number,
  [left, right]: readonly [number, number],
  face: TypeFace,
): Pick<PlacedAxis, 'title' | 'titleX' | 'anchor'> {
  const x = places[k]!
  const distance = places.length > 1 ? places[1]! - places[0]! : 2 * (right - x)
  const half = (distance - besideTitle * face.size) / 2
  const [before, after] = [Math.min(half, x - left), Math.min(half, right - x)]
  const title = titleWithin(each, before + after, face)
  const needed = Math.max(...title.map((line) => face.widthOf(line))) / 2
  if (needed <= Math.min(before, after)) return { title, titleX: x, anchor: 'middle' }
  return before < after ? { title, titleX: x - before, anchor: 'start' } : { title, titleX: x + after, anchor: 'end' }
}

/** In words where these find room in a few lines, else in short. */
function titleWithin({ axis, short }: ParallelAxis, room: number, face: TypeFace): string[] {
  const words = axis.symbol ? `${axis.label} $${axis.symbol}$` : axis.label
  const lines = wrapWords(words, face, room)
  const fits = lines.length <= mostTitleLines && lines.every((line) => face.widthOf(line) <= room)
  if (fits) return lines
  return wrapWords(short, face, room)
    .slice(0, mostTitleLines)
    .map((line) => fitText(line, face, room))
}
