import { isDotted, type LinePanel, type Series } from '../../shared/panel.ts'
import { freeSpot, isClear, takenBy, type Spot, type Taken } from '../../shared/charts/freeSpot.ts'
import { isAscending } from '../../shared/charts/lineDomains.ts'
import { lastPlace, type LineLayout } from '../../shared/charts/lineLayout.ts'
import { lineEntries, type LegendEntry } from '../../shared/charts/legend.ts'
import { heightPerRow, planLegend } from './planLegend.ts'
import { placeLabels } from './placeLabels.ts'
import { chartText, screenWidth } from './screenText.ts'

export interface LineLabel {
  series: Series
  text: string
  reading: string
  /** The end of the line, and where its label stands. */
  from: { x: number; y: number }
  to: { x: number; y: number }
  anchor: Spot['anchor']
  /** Whether a leader goes from the one to the other. */
  isLed: boolean
}

/**
 * What is named at the ends of lines: every line, means and theory only, or none; the legend names the others. In a chart of one
 * group alone its title does.
 */
export type LabelStyle = 'ends' | 'strong' | 'legend' | 'alone'

/** How names are set: beside the ends with a leader, in less room without readings, or one name under its line. */
export interface LabelPlan {
  named: Series[]
  kind: 'roomy' | 'tight' | 'inside'
  /** The rows of a legend of what is not named at its end. */
  legend: LegendEntry[][]
}

const distance = 15
const gaps = { roomy: 24, tight: 12, inside: 0 } as const
const roomyFrom = 480
/** The share of a chart's width that names may take from its lines. */
const mostRoom = 1 / 3

/** How every series is named: lines at their ends, where the names find room beside them, the others in a legend. */
export function planLabels(
  { series, bands, equalAspect }: LinePanel,
  style: LabelStyle,
  size: { width: number; height: number },
  read: (value: number) => string,
): LabelPlan {
  if (style === 'alone') return { named: [], kind: 'tight', legend: [] }
  // A line that comes back from the right ends where others lie; in a plane any may.
  const lines = series
    .filter((each) => !isDotted(each) && each.role !== 'context')
    .filter(({ x }) => !equalAspect && isAscending(x))
  const strong = lines.filter(({ role }) => role === 'mean' || role === 'theory')
  const fits = (list: Series[]) => list.length * distance <= size.height - 60
  const needed = style === 'legend' ? [] : style === 'ends' ? lines : strong.length > 0 ? strong : lines.slice(0, 1)
  const named = fits(needed) ? needed : fits(strong) ? strong : []
  const narrow = named.length === 1 ? 'inside' : 'tight'
  const kinds = size.width >= roomyFrom ? (['roomy', 'tight'] as const) : ([narrow] as const)
  const kind = kinds.find((each) => labelRoom({ named, kind: each }, read) <= mostRoom * size.width)
  const atEnds = kind ? named : []
  const legend = planLegend(
    lineEntries({ series, ...(bands && { bands }) }, atEnds),
    size,
    equalAspect ? 2 * heightPerRow : heightPerRow,
  )
  return { named: atEnds, kind: kind ?? narrow, legend }
}

/** Pixels between a name and its reading, as it is set. */
export const beforeReading = 6
/** Pixels that are kept clear beside a name among lines. */
const besideLabel = 12

/** Pixels that a name and its reading take. */
export function labelWidth({ series, text, reading }: Pick<LineLabel, 'series' | 'text' | 'reading'>): number {
  const name = screenWidth(text, chartText, series.role === 'mean' ? 'bold' : 'medium')
  return reading === '' ? name : name + beforeReading + screenWidth(reading)
}

/** Pixels to the right of the lines' ends that their names take. */
export function labelRoom({ named, kind }: Pick<LabelPlan, 'named' | 'kind'>, read: (value: number) => string): number {
  if (named.length === 0 || kind === 'inside') return 0
  const lengths = named.map((series) => {
    const reading = kind === 'roomy' ? read(series.y[lastPlace(series)] ?? 0) : ''
    return labelWidth({ series, text: series.name, reading })
  })
  return gaps[kind] + Math.max(...lengths)
}

/**
 * Names of lines with their last values, pushed apart, in one column to the right of the last end; those of lines that end
 * well before it stand at their ends where they find room. What is `taken` they keep clear of as far as may be.
 */
export function labelLines(
  layout: LineLayout,
  plan: LabelPlan,
  read: (value: number) => string,
  taken: readonly Taken[] = [],
): LineLabel[] {
  const { area, x, y } = layout
  const ends = plan.named.flatMap((series) => {
    const place = lastPlaceWithin(series, x.invert(area.right))
    if (place < 0) return []
    const from = borderPoint(series, place, layout) ?? { x: x.at(series.x[place]!), y: y.at(series.y[place]!) }
    if (!Number.isFinite(from.y) || !(from.x >= area.left - 1)) return []
    from.y = Math.max(area.top, Math.min(area.bottom, from.y))
    const reading = plan.kind === 'tight' ? '' : read(series.y[place]!)
    // A line that is alone is named by the chart's title.
    const text = plan.kind === 'inside' && layout.strokes.length === 1 ? '' : series.name
    return [{ series, from, text, reading }]
  })
  if (plan.kind === 'inside') {
    return ends.map(({ from, ...end }) => {
      const width = labelWidth(end) + besideLabel
      const down = [14, -16, 32, -34]
      const level = Math.min(from.y + 4, area.bottom - 5)
      const before: Spot[] = [
        ...down.map((shift): Spot => ({ x: from.x - 8, y: from.y + shift, anchor: 'end' })),
        ...[24, 48, 72, 100].map((back): Spot => ({ x: from.x - back, y: level, anchor: 'end' })),
      ]
      // Before a line that ends near the vertical axis there is no room.
      const behind: Spot[] = [
        { x: from.x + 8, y: level, anchor: 'start' },
        ...down.map((shift): Spot => ({ x: from.x + 8, y: from.y + shift, anchor: 'start' })),
      ]
      const spots = [...before, ...behind]
      const inside = spots.filter((spot) => {
        const { left, right } = takenBy(spot, width)
        return left > area.left && right < area.right + 1 && spot.y > area.top + 12 && spot.y < area.bottom - 4
      })
      const { x: at, y, anchor } = freeSpot(inside.length > 0 ? inside : spots, width, layout.strokes, area, taken)
      return { ...end, from, anchor, isLed: false, to: { x: at, y: y - 4 } }
    })
  }
  const last = Math.max(...ends.map(({ from }) => from.x))
  const words = [...taken]
  const early = new Map(
    ends.flatMap((end) => {
      const spot = last - end.from.x > farBefore ? spotAtEnd(end, layout, words) : undefined
      return spot ? [[end, spot] as const] : []
    }),
  )
  const late = ends.filter((end) => !early.has(end))
  const wishes = late.map(({ from }) => ({ at: from.y }))
  const heights = placeLabels(wishes, distance, area.top + 2, area.bottom - 4)
  const column = last + gaps[plan.kind]
  return ends.map((end): LineLabel => {
    const spot = early.get(end)
    return spot
      ? { ...end, anchor: spot.anchor, isLed: false, to: { x: spot.x, y: spot.y - 4 } }
      : {
          ...end,
          anchor: 'start',
          isLed: last - end.from.x <= farBefore,
          to: { x: column, y: heights[late.indexOf(end)]! },
        }
  })
}

/** Whether a name among lines lies over one of them: such a one is for the legend. */
export function liesOverLines(
  labels: readonly LineLabel[],
  { kind }: LabelPlan,
  { strokes, area }: LineLayout,
): boolean {
  if (kind !== 'inside') return false
  return labels.some(
    (label) =>
      label.text !== '' &&
      !isClear({ ...label.to, y: label.to.y + 4, anchor: label.anchor }, labelWidth(label), strokes, area, []),
  )
}

/** A leader longer than this, in pixels, would look like a line that goes on: the name alone stands in the column. */
const farBefore = 60

/** Beside the end of a line, clear of other lines and words; undefined where there is no such place. */
function spotAtEnd(
  { from, series, text, reading }: Pick<LineLabel, 'from' | 'series' | 'text' | 'reading'>,
  { area, strokes }: LineLayout,
  words: Taken[],
): Spot | undefined {
  const width = labelWidth({ series, text, reading }) + besideLabel
  const spots = [4, 18, -10, 32, -24, 46, 60].map((shift): Spot => ({
    x: from.x + 8,
    y: from.y + shift,
    anchor: 'start',
  }))
  const spot = spots.find((each) => {
    const box = takenBy(each, width)
    const isWithin = box.right <= area.right && box.top >= area.top && box.bottom <= area.bottom
    return isWithin && isClear(each, width, strokes, area, words)
  })
  if (spot) words.push(takenBy(spot, width))
  return spot
}

/** Where a line that goes on to another value leaves the window on the right; undefined where it ends within. */
function borderPoint(series: Series, place: number, { area, x, y }: LineLayout): LineLabel['from'] | undefined {
  let next = place + 1
  while (next < series.y.length && !Number.isFinite(series.y[next]!)) next++
  if (next >= series.y.length || !isAscending(series.x)) return undefined
  const [fromX, toX] = [x.at(series.x[place]!), x.at(series.x[next]!)]
  const [fromY, toY] = [y.at(series.y[place]!), y.at(series.y[next]!)]
  const share = toX > fromX ? (area.right - fromX) / (toX - fromX) : 0
  return Number.isFinite(share) ? { x: area.right, y: fromY + share * (toY - fromY) } : undefined
}

function lastPlaceWithin(series: Series, right: number): number {
  let place = lastPlace(series)
  while (place >= 0 && (series.x[place]! > right * (1 + 1e-9) + 1e-12 || !Number.isFinite(series.y[place]!))) place--
  return place
}
