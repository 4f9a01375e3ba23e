export type Spacing = 'linear' | 'log'

/** Consecutive values of a column, whose numbers are fetched only where its extremes do not suffice. */
export interface Span {
  /** Row of the first value. */
  start: number
  count: number
  /** Known for spans without NaN; positions count from the span's start. */
  extremes?: { minimum: number; maximum: number; minimumAt: number; maximumAt: number }
  values: () => Float64Array
}

/** Rows at which buckets of equal width on the axis of `steps` begin, none of them empty, and the end of the last. */
export function bucketEdges(
  steps: Float64Array,
  { from, to }: { from: number; to: number },
  buckets: number,
  spacing: Spacing,
): number[] {
  const [place, step] =
    spacing === 'linear' ? [(x: number) => x, (x: number) => x] : [(x: number) => Math.log(Math.max(x, 1)), Math.exp]
  const first = place(steps[from]!)
  const width = (place(steps[to - 1]!) - first) / buckets
  const edges = [from]
  for (let bucket = 1; bucket < buckets; bucket++) {
    const row = firstRowAt(steps, step(first + bucket * width))
    if (row > edges.at(-1)! && row < to) edges.push(row)
  }
  return [...edges, to]
}

/** The first row whose step is not below `step`; the number of rows if all are. */
export function firstRowAt(steps: Float64Array, step: number): number {
  let [low, high] = [0, steps.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (steps[middle]! < step) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * From each bucket its least and its greatest value at the rows where they are, the two ends, and a NaN for each gap
 * as wide as a bucket, so that a line through the chosen rows breaks where the curve does.
 */
export function decimate(spans: Iterable<Span>, edges: readonly number[]): { rows: number[]; values: number[] } {
  const [from, to] = [edges[0]!, edges.at(-1)!]
  const chosen = new Map<number, number>()
  let bucket = 0
  let gap = -1
  let [least, leastValue, greatest, greatestValue] = [-1, NaN, -1, NaN]

  const closeBucket = () => {
    if (least >= 0) chosen.set(least, leastValue).set(greatest, greatestValue)
    least = greatest = -1
  }
  const closeGap = (row: number) => {
    if (gap >= 0 && bucketsBetween(edges, gap, row) >= 1) chosen.set(gap, NaN)
    gap = -1
  }
  const offer = (row: number, value: number) => {
    if (least < 0 || value < leastValue) [least, leastValue] = [row, value]
    if (greatest < 0 || value > greatestValue) [greatest, greatestValue] = [row, value]
  }

  for (const { start, count, extremes, values } of spans) {
    while (start >= edges[bucket + 1]! && start < to) {
      closeBucket()
      bucket += 1
    }
    if (extremes && start > from && start + count < to && start + count <= edges[bucket + 1]!) {
      closeGap(start)
      offer(start + extremes.minimumAt, extremes.minimum)
      offer(start + extremes.maximumAt, extremes.maximum)
      continue
    }
    const numbers = values()
    for (let row = Math.max(start, from); row < Math.min(start + count, to); row++) {
      if (row >= edges[bucket + 1]!) {
        closeBucket()
        bucket += 1
      }
      const value = numbers[row - start]!
      if (Number.isNaN(value)) {
        if (gap < 0) gap = row
        continue
      }
      if (gap >= 0) closeGap(row)
      if (row === from || row === to - 1) chosen.set(row, value)
      offer(row, value)
    }
  }
  closeBucket()
  closeGap(to)
  const rows = [...chosen.keys()].sort((a, b) => a - b)
  return { rows, values: rows.map((row) => chosen.get(row)!) }
}

function bucketsBetween(edges: readonly number[], from: number, to: number): number {
  return bucketPlace(edges, to) - bucketPlace(edges, from)
}

function bucketPlace(edges: readonly number[], row: number): number {
  const next = edges.findIndex((edge) => edge > row)
  if (next < 0) return edges.length - 1
  return next - 1 + (row - edges[next - 1]!) / (edges[next]! - edges[next - 1]!)
}
