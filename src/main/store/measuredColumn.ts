import type { Extremes, Span } from './bucketExtremes.ts'
import { partOfRow, partsBelow, type MeasurementLayout } from './measurementLayout.ts'
import type { SealedColumn } from './sealedColumns.ts'

/** One column over all rows of a run: its sealed parts, and after them the hot rows. */
export class MeasuredColumn {
  readonly #layout: MeasurementLayout
  readonly #sealed: SealedColumn
  readonly #hot: Float64Array

  constructor(layout: MeasurementLayout, name: string, sealed: SealedColumn) {
    this.#layout = layout
    this.#sealed = sealed
    this.#hot = layout.hot.get(name) ?? new Float64Array(layout.rows - layout.sealedRows).fill(NaN)
  }

  slice(from: number, to: number): Float64Array {
    const values = new Float64Array(to - from)
    for (const { start, count, values: read } of this.spans(from, to)) {
      const [first, end] = [Math.max(from, start), Math.min(to, start + count)]
      values.set(read().subarray(first - start, end - start), first - from)
    }
    return values
  }

  at(row: number): number {
    const { parts, sealedRows } = this.#layout
    if (row >= sealedRows) return this.#hot[row - sealedRows]!
    const index = partOfRow(parts, row)
    return this.#sealed.part(index)[row - parts[index]!.start]!
  }

  /** What holds rows from `from` up to `to`, with the extremes of those parts whose extremes are known. */
  *spans(from: number, to: number, extremes?: ReadonlyMap<number, Extremes>): Iterable<Span> {
    const { parts, sealedRows } = this.#layout
    const first = from < sealedRows ? partOfRow(parts, from) : parts.length
    for (let i = first; i < parts.length && parts[i]!.start < to; i++) {
      const { part, start, count } = parts[i]!
      const known = extremes?.get(part)
      yield {
        start,
        count,
        values: () => this.#sealed.part(i),
        ...(known && isWithin(known, count) && { extremes: known }),
      }
    }
    if (to > sealedRows) yield { start: sealedRows, count: this.#hot.length, values: () => this.#hot }
  }

  /** Of the column of steps: the first row whose step is not below `step`; the number of rows if all are. */
  firstRowAt(step: number): number {
    const { parts, sealedRows } = this.#layout
    const index = partsBelow(parts, step)
    if (index === parts.length) return sealedRows + firstAt(this.#hot, step)
    return parts[index]!.start + firstAt(this.#sealed.part(index), step)
  }
}

function firstAt(steps: Float64Array, step: number): number {
  let [low, high] = [0, steps.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (steps[middle]! < step) low = middle + 1
    else high = middle
  }
  return low
}

function isWithin({ minAt, maxAt }: Extremes, count: number): boolean {
  return minAt >= 0 && minAt < count && maxAt >= 0 && maxAt < count
}
