import type { ParallelPanel } from '../panel.ts'
import type { ParallelLayout } from './parallelLayout.ts'

/** How a line is drawn: x and y in turn, NaN between pieces. Dots are where it meets an axis but neither of the next to it. */
export interface LinePieces {
  solid: number[]
  /** To where it is only known to lie beyond. */
  broken: number[]
  dots: number[]
}

export function piecesOf({ axes: parts }: ParallelPanel, { axes, heights }: ParallelLayout, line: number): LinePieces {
  const pieces: LinePieces = { solid: [], broken: [], dots: [] }
  const at = (k: number) => heights[line * axes.length + k] ?? NaN
  let pen = false
  axes.forEach(({ x }, k) => {
    const [before, here] = [at(k - 1), at(k)]
    const isJoined = !Number.isNaN(before) && !Number.isNaN(here) && k > 0
    const isBroken = parts[k]!.isBeyond?.[line] === true
    if (isJoined && isBroken) pieces.broken.push(axes[k - 1]!.x, before, x, here, NaN, NaN)
    else if (isJoined && pen) pieces.solid.push(x, here)
    else if (isJoined) pieces.solid.push(NaN, NaN, axes[k - 1]!.x, before, x, here)
    else if (!Number.isNaN(here) && !(k + 1 < axes.length && !Number.isNaN(at(k + 1)))) pieces.dots.push(x, here)
    pen = isJoined && !isBroken
  })
  return pieces
}

/** The line nearest to a point, no farther than `reach` pixels, of those that are `shown`; −1 where there is none. */
export function lineAt(
  { axes, heights }: ParallelLayout,
  shown: readonly boolean[],
  { x, y }: { x: number; y: number },
  reach: number,
): number {
  let [best, nearest] = [-1, reach]
  const take = (distance: number, line: number) => {
    if (distance <= nearest) [best, nearest] = [line, distance]
  }
  const next = axes.findIndex((axis) => axis.x > x)
  const [from, to] = next < 0 ? [axes.length - 1, axes.length - 1] : [Math.max(0, next - 1), next]
  const [left, right] = [axes[from]!.x, axes[to]!.x]
  shown.forEach((isShown, line) => {
    if (!isShown) return
    const [start, end] = [heights[line * axes.length + from]!, heights[line * axes.length + to]!]
    const slope = right > left ? (end - start) / (right - left) : NaN
    // Across a steep line it is not as far as straight up.
    if (!Number.isNaN(slope) && x >= left) take(Math.abs(start + slope * (x - left) - y) / Math.hypot(1, slope), line)
    take(Math.hypot(x - left, y - start), line)
    take(Math.hypot(x - right, y - end), line)
  })
  return best
}

/** The next line up (−1) or down (1) at an axis, of those that are `shown`; the first that way from none, −1 where there is none. */
export function nextLine(
  { axes, heights }: ParallelLayout,
  shown: readonly boolean[],
  axis: number,
  from: number,
  direction: 1 | -1,
): number {
  const at = (line: number) => heights[line * axes.length + axis]!
  const met = [...shown.keys()].filter((line) => shown[line] && !Number.isNaN(at(line)))
  // Lines that meet it at one height come one after the other.
  const order = met.sort((a, b) => direction * (at(a) - at(b) || a - b))
  const place = order.indexOf(from)
  return order[place + 1] ?? (place < 0 ? -1 : from)
}
