/**
 * The rows that stand for many: `limit` of them, or more where that leaves less than the shortest stretches that are made. Of
 * every stretch the first row is kept, and those with the least and the greatest value of each column; of all, the last, and the
 * last value of each column. Stretches are powers of two of steps, and shorter at the beginning of a run, which a logarithmic
 * axis shows large. First rows depend on the steps alone, and those of longer stretches are among those of shorter ones: runs
 * that are measured alike keep steps alike, over which they have a mean.
 */
export function keptRows(step: Float64Array, columns: readonly Float64Array[], limit: number): number[] | null {
  const { length } = step
  if (length <= limit) return null
  const ends = [length - 1, ...columns.map((column) => column.findLastIndex((value) => !Number.isNaN(value)))]
  const range = step[length - 1]! - step[0]!
  for (let width = powerOfTwoWithin(range / limit); ; width *= 2) {
    const stretchAt = (from: number) => Math.min(width, powerOfTwoWithin((shareOfDoubling * from) / limit))
    const rows = keptAt(step, columns, ends, stretchAt)
    if (rows.length <= limit || width > range) return rows
  }
}

/** Of the stretches, one in so many is for each doubling of the steps from the beginning on. */
const shareOfDoubling = 128

function keptAt(
  step: Float64Array,
  columns: readonly Float64Array[],
  ends: readonly number[],
  stretchAt: (from: number) => number,
): number[] {
  const rows: number[] = []
  for (let from = 0, to = 0; from < step.length; from = to) {
    const stretch = stretchAt(step[from]!)
    const next = (Math.floor(step[from]! / stretch) + 1) * stretch
    for (to = from + 1; to < step.length && step[to]! < next;) to++
    const kept = new Set([from])
    for (const end of ends) if (end >= from && end < to) kept.add(end)
    if (to - from > 1) for (const column of columns) addExtremes(kept, column, from, to)
    rows.push(...[...kept].sort((a, b) => a - b))
  }
  return rows
}

function addExtremes(kept: Set<number>, column: Float64Array, from: number, to: number): void {
  let [least, greatest] = [-1, -1]
  for (let row = from; row < to; row++) {
    const value = column[row]!
    if (Number.isNaN(value)) continue
    if (least < 0 || value < column[least]!) least = row
    if (greatest < 0 || value > column[greatest]!) greatest = row
  }
  if (least >= 0) kept.add(least).add(greatest)
}

function powerOfTwoWithin(x: number): number {
  return x > 1 ? 2 ** Math.floor(Math.log2(x)) : 1
}
