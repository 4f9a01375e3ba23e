import type { Stroke } from './lineLayout.ts'
import type { PlotArea } from './plotArea.ts'

export interface Spot {
  x: number
  y: number
  anchor: 'start' | 'middle' | 'end'
}

/** What words or marks take up, in pixels from the top left corner of the chart. */
export type Taken = PlotArea

const [ascent, height] = [11, 13]
/** Between words that stand in one line. */
const besideWords = 8
/** Words over words cannot be read, words over lines with an effort. */
const overWords = 1000

/**
 * Of the places offered for words of a width (their baseline) the first that is free, or the least crossed: by lines, and by
 * what other words and marks have taken.
 */
export function freeSpot(
  spots: readonly Spot[],
  width: number,
  strokes: readonly Stroke[],
  area: PlotArea,
  taken: readonly Taken[] = [],
): Spot {
  let best = spots[0]!
  let fewest = Infinity
  for (const spot of spots) {
    const crossings = crossingsAt(spot, width, strokes, area, taken)
    if (crossings < fewest) [best, fewest] = [spot, crossings]
    if (fewest === 0) break
  }
  return best
}

/** Whether words find nothing at a place: no line, no other words or marks. */
export function isClear(...at: Parameters<typeof crossingsAt>): boolean {
  return crossingsAt(...at) === 0
}

function crossingsAt(
  spot: Spot,
  width: number,
  strokes: readonly Stroke[],
  area: PlotArea,
  taken: readonly Taken[],
): number {
  const own = takenBy(spot, width)
  const { left, right, top, bottom } = own
  const words = taken.filter((box) => overlap(box, own))
  const [x, y] = [area.left, area.top]
  return strokes.reduce(
    (sum, { points }) => sum + crossed(points, left - x, top - y, right - x, bottom - y),
    overWords * words.length,
  )
}

export function overlap(a: Taken, b: Taken): boolean {
  return a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top
}

/** What words of a width take up at a place. */
export function takenBy({ x, y, anchor }: Spot, width: number): Taken {
  const left = x - { start: 0, middle: width / 2, end: width }[anchor]
  return { left, right: left + width, top: y - ascent, bottom: y - ascent + height }
}

/** Where it is said why a chart shows nothing: in its middle, or where its marks leave room for it. */
export function spotForNothing({ left, right, top, bottom }: PlotArea, width: number, taken: readonly Taken[]): Spot {
  const spots = [0.5, 0.35, 0.65, 0.2].map((share): Spot => ({
    x: (left + right) / 2,
    y: top + share * (bottom - top),
    anchor: 'middle',
  }))
  return freeSpot(spots, width + 2 * besideWords, [], { left, right, top, bottom }, taken)
}

/** How many stretches of a line touch a box; those seen by their bounds only count too. */
function crossed(points: Float32Array, left: number, top: number, right: number, bottom: number): number {
  let count = 0
  for (let k = 0; k + 3 < points.length; k += 2) {
    const [x0, y0, x1, y1] = [points[k]!, points[k + 1]!, points[k + 2]!, points[k + 3]!]
    if (x1 < left || x0 > right) continue
    // Only the part of the stretch above the box counts: the height where it enters and leaves.
    const slope = x1 > x0 ? (y1 - y0) / (x1 - x0) : 0
    const from = x1 > x0 ? y0 + slope * (Math.max(left, x0) - x0) : y0
    const to = x1 > x0 ? y0 + slope * (Math.min(right, x1) - x0) : y1
    if (Math.max(from, to) >= top && Math.min(from, to) <= bottom) count++
  }
  return count
}
