import type { RunColumn } from '../../shared/query/runColumns.ts'
import type { Reading } from '../../shared/query/runTable.ts'
import { runStatuses } from '../../shared/run.ts'
import { hasKeys, type RunIndex } from './runIndex.ts'

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
  for (const column of columns) {
    const values = valuesAt(index, column, all)
    let start = 0
    for (const [i, group] of groups.entries()) {
      const own = values.slice(start, start + group.length)
      readings[i]![column.id] = read(own, (place) => column.settled === true || status[group[place]!] === finished)
      start += group.length
    }
  }
  return readings
}

function valuesAt(index: RunIndex, column: RunColumn, places: Int32Array): (number | string | null)[] {
  if (!hasKeys(column)) {
    return Array.from(index.numbers(column, places), (value) => (Number.isNaN(value) ? null : value))
  }
  const { keys, of } = index.partition(column)
  return Array.from(places, (place) => keys[of[place]!] ?? null)
}

function read(values: readonly (number | string | null)[], isSettled: (place: number) => boolean): Reading {
  let [count, settled, numbers, sum, least, most] = [0, 0, 0, 0, Infinity, -Infinity]
  let [isSame, areWhole] = [true, true]
  for (const [place, value] of values.entries()) {
    isSame &&= value === values[0]
    if (value === null) continue
    count += 1
    if (isSettled(place)) settled += 1
    if (typeof value !== 'number') continue
    numbers += 1
    sum += value
    least = Math.min(least, value)
    most = Math.max(most, value)
    areWhole &&= Number.isInteger(value)
  }
  const mean = sum / numbers
  const squares = values.reduce<number>((total, value) => {
    return typeof value === 'number' ? total + (value - mean) ** 2 : total
  }, 0)
  return {
    count,
    settled,
    sum,
    least: numbers > 0 ? least : null,
    most: numbers > 0 ? most : null,
    mean: numbers > 0 ? mean : null,
    deviation: numbers > 1 ? Math.sqrt(squares / (numbers - 1)) : null,
    integers: areWhole,
    same: isSame ? (values[0] ?? null) : null,
  }
}
