import type { Expectation, LinePanel, Moment, Series } from '../panel.ts'
import { setRange } from '../formatting/setRange.ts'
import { freeSpot, overlap, takenBy, type Spot, type Taken } from './freeSpot.ts'
import type { LineLayout } from './lineLayout.ts'
import type { TypeFace } from './textWidth.ts'

/** An expectation at one x as a bracket; one over a range of x as a band. */
export type ExpectationMark =
  | { kind: 'bracket'; path: string; text: Spot; label: string }
  | { kind: 'band'; x: number; y: number; width: number; height: number; text: Spot; label: string }

export interface LevelMark {
  y: number
  label: string
  spot: Spot
}

/** Where something was done: a vertical line, named where there is room for it. */
export interface MomentMark {
  x: number
  label: string
  spot: Spot
  tone: Moment['tone']
  /** Those of the series that it is of, absent where these are several. */
  color?: number
  ink?: string
}

const half = 5
/** Pixels on each side of a dotted line that words keep clear of. */
const besideLevel = 2
/** In a narrower area brackets stand without their words, which would cover the curves. */
const wordsFrom = 240

/** Marks of the expectations that lie in view, their words clear of what is taken, to which they are added. */
export function markExpectations(
  expectations: readonly Expectation[],
  layout: LineLayout,
  face: TypeFace,
  taken: Taken[] = [],
): ExpectationMark[] {
  const { area, x, y } = layout
  const inside = (value: number) => value >= area.left - 0.5 && value <= area.right + 0.5
  return expectations.flatMap((expected): ExpectationMark[] => {
    const { fromX, toX, min, max } = expected
    const label = setRange(expected.label)
    const top = Math.max(area.top, max === undefined ? area.top : y.at(max))
    const bottom = Math.min(area.bottom, min === undefined ? area.bottom : y.at(min))
    if (!(bottom >= top)) return []
    if (fromX === undefined || (toX !== undefined && toX !== fromX)) {
      const left = Math.max(area.left, fromX === undefined ? area.left : x.at(fromX))
      const right = Math.min(area.right, toX === undefined ? area.right : x.at(toX))
      if (!(right > left)) return []
      const heights = [top - 5, bottom + 14].filter((height) => height > area.top + 8 && height < area.bottom)
      const spots = heights.flatMap((height): Spot[] => [
        { x: left + 6, y: height, anchor: 'start' },
        { x: right - 6, y: height, anchor: 'end' },
      ])
      const text = place(
        spots.length > 0 ? spots : [{ x: left + 6, y: top - 5, anchor: 'start' }],
        label,
        layout,
        face,
        taken,
      )
      return [{ kind: 'band', x: left, y: top, width: right - left, height: bottom - top, text, label }]
    }
    const at = x.at(fromX)
    if (!inside(at)) return []
    const words = area.right - area.left < wordsFrom ? '' : label
    return [{ kind: 'bracket', ...bracket(at, [top, bottom], expected, words, layout, face, taken) }]
  })
}

/** Horizontal lines with a name, each where curves and what is taken leave room for it; the names are added to that. */
export function markLevels(
  levels: NonNullable<LinePanel['levels']>,
  layout: LineLayout,
  { widthOf }: TypeFace,
  taken: Taken[] = [],
): LevelMark[] {
  const { area, y } = layout
  const lines = levels.map(({ at }) => ({
    ...area,
    top: y.at(at) - besideLevel,
    bottom: y.at(at) + besideLevel,
  }))
  return levels.flatMap(({ at, label }) => {
    const height = y.at(at)
    if (!(height >= area.top && height <= area.bottom)) return []
    const spots: Spot[] = [-5, 14].flatMap((shift) => [
      { x: area.right - 6, y: height + shift, anchor: 'end' },
      { x: area.left + 8, y: height + shift, anchor: 'start' },
      { x: (area.left + area.right) / 2, y: height + shift, anchor: 'middle' },
    ])
    const inside = spots.filter((spot) => spot.y > area.top + 8 && spot.y < area.bottom - 2)
    const others = lines.filter((line) => Math.abs(line.top + besideLevel - height) > 1)
    const offered = inside.length > 0 ? inside : spots
    const spot = freeSpot(offered, widthOf(label), layout.strokes, area, [...taken, ...others])
    const own = takenBy(spot, widthOf(label))
    // Words over words cannot be read; the line stays.
    if (taken.some((other) => overlap(own, other))) return [{ y: height, label: '', spot }]
    if (label !== '') taken.push(own)
    return [{ y: height, label, spot }]
  })
}

/**
 * Vertical lines at moments, those at one place as one. Names stand near the top or the bottom, clear of what is taken and
 * of curves as far as may be; one that finds no room is shortened or left out, its line stays. What lies beyond an end of the
 * axis is counted there.
 */
export function markMoments(
  { moments = [], series }: Pick<LinePanel, 'moments' | 'series'>,
  { area, x, strokes }: Pick<LineLayout, 'area' | 'x' | 'strokes'>,
  face: TypeFace,
  taken: Taken[] = [],
): { marks: MomentMark[]; beyond: { label: string; spot: Spot }[] } {
  const pixelOf = ({ at }: Moment) => x.at(at)
  const inside = moments.filter((moment) => pixelOf(moment) >= area.left - 0.5 && pixelOf(moment) <= area.right + 0.5)
  const outside = moments.filter((moment) => !inside.includes(moment))
  const earlier = outside.filter(({ at }) => at < x.domain[1]).length
  const later = outside.length - earlier
  const edge = [
    ...(earlier > 0 ? [{ label: `‹ ${earlier} earlier`, anchor: 'start' as const, at: area.left + 4 }] : []),
    ...(later > 0 ? [{ label: `${later} later ›`, anchor: 'end' as const, at: area.right - 4 }] : []),
  ]
  const beyond = edge.flatMap(({ label, anchor, at }) => {
    const spots = firstLines.map((line): Spot => ({ x: at, y: area.top + line, anchor }))
    const spot = freeOf(spots, label, { area, strokes }, face, taken)
    return spot ? [{ label, spot }] : []
  })
  const places = Map.groupBy(inside, (moment) => Math.round(pixelOf(moment)))
  const lines = momentLines(moments, { area, x })
  const marks = [...places].map(([place, together]): MomentMark => {
    const [first] = together as [Moment, ...Moment[]]
    const at = pixelOf(first)
    const others = lines.filter((line) => line.left !== place - 1)
    const spots = [...firstLines, ...lastLines.map((line) => area.bottom - area.top - line)].flatMap((line): Spot[] => [
      { x: at + 4, y: area.top + line, anchor: 'start' },
      { x: at - 4, y: area.top + line, anchor: 'end' },
    ])
    const counted = together.length > 1 ? [`${together.length} changes`] : []
    const labels = [joinedLabel(together), joinedLabel(together.map(shortened)), ...counted]
    for (const obstacles of [others, []]) {
      for (const label of labels) {
        const spot = freeOf(spots, label, { area, strokes }, face, taken, obstacles)
        if (spot) return { ...lookOf(together, series), x: at, label, spot }
      }
    }
    return { ...lookOf(together, series), x: at, label: '', spot: spots[0]! }
  })
  return { marks, beyond }
}

/** The vertical lines of moments as what they take of a chart. */
export function momentLines(moments: readonly Moment[], { area, x }: Pick<LineLayout, 'area' | 'x'>): Taken[] {
  const places = new Set(moments.map(({ at }) => Math.round(x.at(at))))
  return [...places].map((at): Taken => ({ ...area, left: at - 1, right: at + 1 }))
}

/** Baselines below the top of the area, and above its bottom, on which moments are named. */
const firstLines = [11, 25, 39, 53]
const lastLines = [6, 20]

const shortened = (moment: Moment): Moment => ({ ...moment, label: moment.short ?? moment.label })

function lookOf(together: readonly Moment[], series: readonly Series[]): Pick<MomentMark, 'tone' | 'color' | 'ink'> {
  const [{ tone }] = together as [Moment]
  const [look, ...others] = together.map((moment) => seriesLook(moment, series))
  const isOne = others.every(({ color, ink }) => color === look!.color && ink === look!.ink)
  return { tone, ...(isOne ? look : {}) }
}

/** How the series is drawn that a moment is of: of a group its center. */
function seriesLook({ series: of }: Moment, series: readonly Series[]): Pick<MomentMark, 'color' | 'ink'> {
  if (!of) return {}
  const own = series.filter((each) => Object.entries(of).every(([name, value]) => each.of?.[name] === value))
  const { color, ink } = own.find(({ role }) => role === 'mean') ?? own[0] ?? {}
  return { ...(color === undefined ? {} : { color }), ...(ink === undefined ? {} : { ink }) }
}

/** What was done, each once; to whom, once for all that was done to the same. */
function joinedLabel(together: readonly Moment[]): string {
  return [...Map.groupBy(together, ({ whose = '' }) => whose)]
    .map(([whose, alike]) => {
      const labels = [...new Set(alike.map(({ label }) => label))].join('; ')
      return whose === '' ? labels : `${labels} (${whose})`
    })
    .join('; ')
}

/** Of the spots at which words lie within the area and clear of others, the first or the least crossed; it is then taken. */
function freeOf(
  spots: readonly Spot[],
  label: string,
  { area, strokes }: Pick<LineLayout, 'area' | 'strokes'>,
  { widthOf }: TypeFace,
  taken: Taken[],
  lines: readonly Taken[] = [],
): Spot | undefined {
  const width = widthOf(label)
  const free = spots.filter((each) => {
    const box = takenBy(each, width)
    const isWithin = box.left >= area.left && box.right <= area.right && box.bottom <= area.bottom
    return isWithin && ![...taken, ...lines].some((other) => overlap(box, other))
  })
  if (free.length === 0) return undefined
  const spot = freeSpot(free, width, strokes, area)
  taken.push(takenBy(spot, width))
  return spot
}

/** Lines of words at the right of an area, one below the other, where they are clear of what is taken; none where they are not. */
export function placeLines(
  lines: readonly string[],
  { area }: Pick<LineLayout, 'area'>,
  { widthOf }: TypeFace,
  taken: Taken[],
): Spot[] {
  for (const share of [0.7, 0.5, 0.35, 0.2, 0.85]) {
    const top = area.top + share * (area.bottom - area.top)
    const spots = lines.map((_, place): Spot => ({ x: area.right - 6, y: top + 15 * place, anchor: 'end' }))
    const boxes = spots.map((spot, place) => takenBy(spot, widthOf(lines[place]!)))
    const isFree = boxes.every((box) => box.bottom <= area.bottom && !taken.some((other) => overlap(box, other)))
    if (!isFree) continue
    taken.push(...boxes)
    return spots
  }
  return []
}

/** Of the spots, of those within the area where there are any, the best for some words, which are then taken. */
function place(
  spots: readonly Spot[],
  label: string,
  { strokes, area }: LineLayout,
  { widthOf }: TypeFace,
  taken: Taken[],
): Spot {
  const width = widthOf(label)
  const inside = spots.filter((each) => {
    const { left, right } = takenBy(each, width)
    return left >= area.left && right <= area.right
  })
  const spot = freeSpot(inside.length > 0 ? inside : spots, width, strokes, area, taken)
  if (width > 0) taken.push(takenBy(spot, width))
  return spot
}

function bracket(
  at: number,
  [top, bottom]: readonly [number, number],
  { min, max }: Expectation,
  label: string,
  layout: LineLayout,
  face: TypeFace,
  taken: Taken[],
) {
  const { area } = layout
  const cap = (height: number) => `M${at - half} ${height}h${2 * half}`
  const stem = Math.max(bottom - top, 10)
  const path = [
    max !== undefined && cap(top),
    min !== undefined && bottom - top > 0 && cap(bottom),
    `M${at} ${top}v${stem}`,
  ]
  const width = face.widthOf(label)
  const middle = (top + bottom) / 2
  const low = middle > area.bottom - 60
  // Low marks are named above, high ones below, long ones at that side where the curves leave room.
  const center = clampCenter(at, width, area)
  const spots =
    bottom - top > 60
      ? besideBracket(at, [middle + 4, bottom + 4, top + 14], width, area)
      : [
          ...(low ? [-8, -24, -40].map((up) => top + up) : [14, 30, 46, 62].map((down) => top + stem + down)).map(
            (y): Spot => ({
              x: center,
              y,
              anchor: 'middle',
            }),
          ),
          ...besideBracket(at, [middle + 4], width, area),
        ]
  taken.push({ left: at - half, right: at + half, top, bottom: top + stem })
  const text = place(spots, label, layout, face, taken)
  return { path: path.filter(Boolean).join(''), text, label }
}

function besideBracket(at: number, heights: readonly number[], width: number, area: LineLayout['area']): Spot[] {
  const sides: Pick<Spot, 'x' | 'anchor'>[] = []
  if (at - width - 10 > area.left) sides.push({ x: at - 10, anchor: 'end' })
  if (at + width + 10 < area.right || sides.length === 0) sides.push({ x: at + 10, anchor: 'start' })
  return heights.flatMap((y) => sides.map((side) => ({ ...side, y })))
}

function clampCenter(at: number, width: number, area: LineLayout['area']): number {
  return Math.max(area.left + width / 2, Math.min(area.right - width / 2, at))
}
