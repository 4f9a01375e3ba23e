import type { Stroke } from './lineLayout.ts'
import type { PlotArea } from './plotArea.ts'

export interface Spot {
  x: number
  y: number
  anchor: 'start' | 'end'
}

const characterWidth = 6.2
const height = 13

/** Of the places offered for some words (their baseline) the first that no line runs through, or the least crossed. */
export function freeSpot(spots: readonly Spot[], length: number, strokes: readonly Stroke[], area: PlotArea): Spot {
  let best = spots[0]!
  let fewest = Infinity
  for (const spot of spots) {
    const width = length * characterWidth
    const left = spot.x - area.left - (spot.anchor === 'end' ? width : 0)
    const top = spot.y - area.top - height + 2
    const crossings = strokes.reduce(
      (sum, { points }) => sum + crossed(points, left, top, left + width, top + height),
      0,
    )
    if (crossings < fewest) [best, fewest] = [spot, crossings]
    if (fewest === 0) break
  }
  return best
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
