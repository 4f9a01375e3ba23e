import { deviation, extent, mean, sum } from 'd3-array'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readGroups } from '../../../src/main/store/readGroups.ts'
import type { RunIndex } from '../../../src/main/store/runIndex.ts'
import { findRunColumn } from '../../../src/shared/query/runColumns.ts'
import { runStatuses } from '../../../src/shared/run.ts'

type Value = number | string | null

const [finished, running] = (['finished', 'running'] as const).map((status) => runStatuses.indexOf(status)) as [
  number,
  number,
]
const column = findRunColumn('seed')!

/** Runs by place, each with a value of every column; those at even places have finished. */
function indexOf(values: readonly Value[]): RunIndex {
  const index = {
    census: () => ({ status: Uint8Array.from(values, (_, place) => (place % 2 ? running : finished)) }),
    readingOf: (places: Int32Array) => () => (i: number) => values[places[i]!]!,
  }
  return index as unknown as RunIndex
}

function readingOf(values: readonly Value[], settled = false) {
  const [reading] = readGroups(indexOf(values), [{ ...column, settled }], [Int32Array.from(values.keys())])
  return reading![column.id]!
}

it('what a group comes to is what its numbers come to, and what has none is left out', () => {
  const value = fc.option(fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double({ min: -50, max: 50, noNaN: true })))
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 12 }), (values) => {
      const numbers = values.filter((each) => each !== null)
      const { min, max, mean: center, deviation: spread, ...reading } = readingOf(values)
      expect([min ?? undefined, max ?? undefined]).toEqual(extent(numbers))
      expect(reading.count).toBe(numbers.length)
      expect(reading.settled).toBe(values.filter((each, place) => each !== null && place % 2 === 0).length)
      expect(reading.integers).toBe(numbers.every(Number.isInteger))
      expect(reading.same).toBe(new Set(values).size === 1 ? values[0] : null)
      expect(reading.sum).toBeCloseTo(sum(numbers), 9)
      for (const [found, expected] of [
        [center, mean(numbers)],
        [spread, deviation(numbers)],
      ] as const) {
        if (expected === undefined) expect(found).toBeNull()
        else expect(found).toBeCloseTo(expected, 9)
      }
    }),
  )
})

it('texts are counted and alike or not, and come to no number', () => {
  const none = { sum: 0, min: null, max: null, mean: null, deviation: null, integers: true }
  expect(readingOf(['adam', 'adam'])).toEqual({ ...none, count: 2, settled: 1, same: 'adam' })
  expect(readingOf(['adam', 'sgd', null])).toEqual({ ...none, count: 2, settled: 1, same: null })
  expect(readingOf([null, null])).toEqual({ ...none, count: 0, settled: 0, same: null })
})

it('a column that stands from the beginning is settled in every run', () => {
  expect([readingOf([1, 2, 3]).settled, readingOf([1, 2, 3], true).settled]).toEqual([2, 3])
})

it('each group comes to what its own runs have, in every column', () => {
  const groups = [[3], [0, 4], [2, 1, 5]].map((places) => Int32Array.from(places))
  const columns = [column, { ...column, id: 'another' }]
  const readings = readGroups(indexOf([1, 2, 4, 8, 16, 32]), columns, groups)
  expect(readings.map((reading) => columns.map(({ id }) => reading[id]!.sum))).toEqual([
    [8, 8],
    [17, 17],
    [38, 38],
  ])
})
