export type Spacing = 'linear' | 'log'

export interface Extremes {
  minimum: number
  maximum: number
  minAt: number
  maxAt: number
}

/** Consecutive values of a column, whose numbers are fetched only where its extremes do not suffice. */
export interface Span {
  /** Row of the first value. */
  start: number
  count: number
  /** Known for spans without NaN; places count from the span's start. */
  extremes?: Extremes
  values: () => Float64Array
}

/** The rows from `from` up to `to`, and the steps of the first and the last of them. */
export interface RowRange {
  from: number
  to: number
  firstStep: number
  lastStep: number
}

/** Rows at which buckets of equal width on the axis of steps begin, none of them empty, and the end of the last. */
export function bucketEdges(
  rowAt: (step: number) => number,
  { from, to, firstStep, lastStep }: RowRange,
  buckets: number,
  spacing: Spacing,
): number[] {
  const place = spacing === 'linear' ? (step: number) => step : (step: number) => Math.log(Math.max(step, 1))
  const stepAt = spacing === 'linear' ? (x: number) => x : Math.exp
  const width = (place(lastStep) - place(firstStep)) / buckets
  const edges = [from]
  for (let bucket = 1; bucket < buckets; bucket++) {
    const row = rowAt(stepAt(place(firstStep) + bucket * width))
    if (row > edges.at(-1)! && row < to) edges.push(row)
  }
  return [...edges, to]
}

/**
 * From each bucket its first, its least and its greatest value at the rows where they are, the two ends, and a NaN for each gap
 * as wide as a bucket, so that a line through the chosen rows breaks where the curve does. Extremes of runs that are measured
 * alike are at different steps; the first values are at the same ones, over which the runs have a mean.
 */
export function bucketExtremes(spans: Iterable<Span>, edges: readonly number[]): { rows: number[]; values: number[] } {
  const [from, to] = [edges[0]!, edges.at(-1)!]
  const chosen = new Map<number, number>()
  const gaps = new Gaps(edges, (row) => chosen.set(row, NaN))
  let bucket = 0
  let found = nothingFound
  const closeBucket = () => {
    if (found.minAt >= 0) chosen.set(found.minAt, found.minimum).set(found.maxAt, found.maximum)
    found = nothingFound
  }
  for (const { start, count, extremes, values } of spans) {
    const end = Math.min(start + count, to)
    for (let row = Math.max(start, from), next = row; row < end; row = next) {
      if (row >= edges[bucket + 1]!) {
        closeBucket()
        bucket += 1
      }
      next = Math.min(end, edges[bucket + 1]!)
      const isWithin = row === start && next === start + count && row > from && next < to
      if (extremes && isWithin && found.minAt >= 0) {
        gaps.end(row, bucket)
        found = wider(found, extremes, start)
        continue
      }
      const numbers = values()
      const seen = extremesOf(numbers, row - start, next - start)
      if (found.minAt < 0 && seen.minAt >= 0) {
        const first = numbers.findIndex((value, i) => i >= row - start && !Number.isNaN(value))
        chosen.set(start + first, numbers[first]!)
      }
      found = wider(found, seen, start)
      if (seen.missing === 0) gaps.end(row, bucket)
      else for (let i = row; i < next; i++) gaps[Number.isNaN(numbers[i - start]) ? 'begin' : 'end'](i, bucket)
      for (const edge of [from, to - 1]) if (edge >= row && edge < next) keep(edge, numbers[edge - start]!)
    }
  }
  closeBucket()
  gaps.end(to, edges.length - 1)
  const rows = [...chosen.keys()].sort((a, b) => a - b)
  return { rows, values: rows.map((row) => chosen.get(row)!) }

  function keep(row: number, value: number) {
    if (!Number.isNaN(value)) chosen.set(row, value)
  }
}

/** Stretches of NaN; those at least as wide as a bucket are told when they end. */
class Gaps {
  readonly #edges: readonly number[]
  readonly #keep: (row: number) => void
  #start = -1
  #bucket = -1

  constructor(edges: readonly number[], keep: (row: number) => void) {
    this.#edges = edges
    this.#keep = keep
  }

  begin(row: number, bucket: number): void {
    if (this.#start >= 0) return
    this.#start = row
    this.#bucket = bucket
  }

  end(row: number, bucket: number): void {
    if (this.#start < 0) return
    const isWide = this.#place(row, bucket) - this.#place(this.#start, this.#bucket) >= 1
    if (isWide) this.#keep(this.#start)
    this.#start = -1
  }

  /** The row's place on an axis on which every bucket is 1 wide. */
  #place(row: number, bucket: number): number {
    const [start, next] = [this.#edges[bucket]!, this.#edges[bucket + 1] ?? Infinity]
    return bucket + (row - start) / (next - start)
  }
}

interface Found {
  minimum: number
  maximum: number
  minAt: number
  maxAt: number
}

const nothingFound: Found = { minimum: Infinity, maximum: -Infinity, minAt: -1, maxAt: -1 }

function wider(found: Found, other: Found, start: number): Found {
  if (other.minAt < 0) return found
  const isLess = found.minAt < 0 || other.minimum < found.minimum
  const isGreater = found.maxAt < 0 || other.maximum > found.maximum
  return {
    minimum: isLess ? other.minimum : found.minimum,
    minAt: isLess ? start + other.minAt : found.minAt,
    maximum: isGreater ? other.maximum : found.maximum,
    maxAt: isGreater ? start + other.maxAt : found.maxAt,
  }
}

/** Extremes of the numbers from `from` up to `to`, both at −1 where all are NaN, and how many are NaN. */
export function extremesOf(numbers: Float64Array, from: number, to: number): Found & { missing: number } {
  let [minAt, maxAt, missing] = [-1, -1, 0]
  let [minimum, maximum] = [Infinity, -Infinity]
  for (let i = from; i < to; i++) {
    const value = numbers[i]!
    if (value !== value) {
      missing += 1
      continue
    }
    if (value < minimum || minAt < 0) {
      minimum = value
      minAt = i
    }
    if (value > maximum || maxAt < 0) {
      maximum = value
      maxAt = i
    }
  }
  return { minimum, maximum, minAt, maxAt, missing }
}
