import { placeAtOrBelow } from '../neighbors.ts'
import type { Scale } from './scale.ts'

/**
 * The places of the points that a picture `pixels` wide needs of a line with ascending x: of each pixel column the
 * first, the lowest, the highest and the last, and one point beyond either side. What is left looks the same.
 */
export function pixelExtremes(x: Float64Array, y: Float64Array, scale: Scale): Uint32Array {
  const [left, right] = scale.range
  const columns = Math.max(1, Math.ceil(right - left))
  let start = Math.max(0, placeAtOrBelow(x, scale.invert(left)))
  while (start > 0 && x[start - 1] === x[start]) start--
  const end = Math.min(x.length, placeAtOrBelow(x, scale.invert(right)) + 2)
  if (end - start <= 2 * columns) return Uint32Array.from({ length: Math.max(0, end - start) }, (_, k) => start + k)

  const kept = new Uint32Array(5 * (columns + 2))
  let count = 0
  let column = 0
  let from = start
  while (from < end) {
    column = Math.max(column + 1, Math.floor(scale.at(x[from]!) - left) + 1)
    const border = scale.invert(left + column)
    let to = from + 1
    while (to < end && x[to]! < border) to++
    count = keepExtremes(y, from, to, kept, count)
    from = to
  }
  return kept.slice(0, count)
}

/** Writes first, lowest, highest and last of [from, to) in their order, each once; a gap in between is kept as one. */
function keepExtremes(y: Float64Array, from: number, to: number, kept: Uint32Array, count: number): number {
  let lowest = from
  let highest = from
  let gap = from
  for (let place = from; place < to; place++) {
    const value = y[place]!
    if (value !== value) gap = place
    else {
      if (!(y[lowest]! <= value)) lowest = place
      if (!(y[highest]! >= value)) highest = place
    }
  }
  const early = Math.min(lowest, highest)
  const late = Math.max(lowest, highest)
  let last = -1
  const keep = (place: number) => {
    if (place > last) kept[count++] = last = place
  }
  keep(from)
  if (gap < early) keep(gap)
  keep(early)
  if (gap < late) keep(gap)
  keep(late)
  keep(gap)
  keep(to - 1)
  return count
}
