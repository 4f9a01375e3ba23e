import type { RunColumn } from '../../shared/query/runColumns.ts'
import type { Reading } from '../../shared/query/runTable.ts'
import { runStatuses } from '../../shared/run.ts'
import type { RunIndex } from './runIndex.ts'

const finished = runStatuses.indexOf('finished')

/** What the runs of each group, given by their places, come to in the columns; every column is read once for all. */
export function readGroups(
  index: RunIndex,
  columns: readonly RunColumn[],
  groups: readonly Int32Array[],
): Record<string, Reading>[] {
  const readings = groups.map((): Record<string, Reading> => ({}))
  const { status } = index.census()
  const all = new Int32Array(groups.reduce((sum, { length }) => sum + length, 0))
  let end = 0
  for (const group of groups) {
    all.set(group, end)
    end += group.length
  }
  const read = index.readingOf(all)
  for (const column of columns) {
    const valueOf = read(column)
    const isSettled = (i: number) => column.settled === true || status[all[i]!] === finished
    let start = 0
    for (const [i, { length }] of groups.entries()) {
      readings[i]![column.id] = readRange(start, start + length, valueOf, isSettled)
      start += length
    }
  }
  return readings
}

type ValueOf = (i: number) => number | string | null

/** Of the values from `start` to `end`, excluded. */
function readRange(start: number, end: number, valueOf: ValueOf, isSettled: (i: number) => boolean): Reading {
  let [count, settled, numbers, sum, min, max] = [0, 0, 0, 0, Infinity, -Infinity]
  let [isSame, areWhole] = [true, true]
  const first = valueOf(start)
  for (let i = start; i < end; i++) {
    const value = valueOf(i)
    isSame &&= value === first
    if (value === null) continue
    count += 1
    if (isSettled(i)) settled += 1
    if (typeof value !== 'number') continue
    numbers += 1
    sum += value
    min = Math.min(min, value)
    max = Math.max(max, value)
    areWhole &&= Number.isInteger(value)
  }
  const mean = sum / numbers
  let squares = 0
  for (let i = start; i < end; i++) {
    const value = valueOf(i)
    if (typeof value === 'number') squares += (value - mean) ** 2
  }
  return {
    count,
    settled,
    sum,
    min: numbers > 0 ? min : null,
    max: numbers > 0 ? max : null,
    mean: numbers > 0 ? mean : null,
    deviation: numbers > 1 ? Math.sqrt(squares / (numbers - 1)) : null,
    integers: areWhole,
    same: isSame ? first : null,
  }
}
