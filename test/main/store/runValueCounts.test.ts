import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { RunIndex } from '../../../src/main/store/runIndex.ts'
import { countValues } from '../../../src/main/store/runValueCounts.ts'
import { ColumnValues } from '../../../src/main/store/values.ts'
import { maxRunValues } from '../../../src/shared/contract/runs.ts'
import { runFields } from '../../../src/shared/query/runFields.ts'

/** Runs without experiments, some of them in the bin, that have these names and are called by their places. */
function indexOf(names: readonly (string | null)[], binned: readonly number[]): RunIndex {
  const values = new ColumnValues(names.length)
  names.forEach((name, place) => values.set(place, name))
  const index: Pick<RunIndex, 'placesOf'> & { census: () => unknown; values: () => unknown } = {
    placesOf: (runIds) => runIds.map(Number).filter((place) => place < names.length),
    census: () => ({ shelf: Uint8Array.from(names, (_, place) => (binned.includes(place) ? 2 : 0)) }),
    values: () => ({
      value: ({ column }: { column: string }) => (column === 'name' ? values : new ColumnValues(names.length)).read(),
    }),
  }
  return index as RunIndex
}

const name = fc.nat(70).map((number) => `${number % 3 ? 'Run' : 'run'} ${number}`)
const names = fc.array(fc.option(name), { maxLength: 200, size: 'max' })

it('counts the runs of each name, the most frequent first, then in natural order, as many as are shown', () => {
  const [compare, shown] = [new Intl.Collator('en', { numeric: true }).compare, maxRunValues]
  const arbitrary = fc.tuple(
    names,
    fc.array(fc.nat(99)),
    fc.option(fc.array(fc.nat(250)), { nil: undefined }),
    fc.constantFrom('', 'r', 'RUN 1', 'x'),
  )
  fc.assert(
    fc.property(arbitrary, ([list, binned, among, prefix]) => {
      const found = countValues(indexOf(list, binned), {
        shelf: 'library',
        runIds: among?.map(String),
        field: 'name',
        prefix,
      })
      const counts = Map.groupBy(
        list.filter(
          (name, place): name is string =>
            Boolean(name?.toLowerCase().startsWith(prefix.toLowerCase())) &&
            !binned.includes(place) &&
            (among?.includes(place) ?? true),
        ),
        (name) => name,
      )
      const all = [...counts].map(([value, { length: count }]) => ({ value, count }))
      expect(found).toEqual(all.sort((a, b) => b.count - a.count || compare(a.value, b.value)).slice(0, shown))
    }),
  )
})

it('counts on every shelf where none is named, and refuses a field that runs have not', () => {
  const question = { shelf: undefined, runIds: undefined, prefix: '' }
  expect(countValues(indexOf(['a', 'b', 'a', null], [0, 1]), { ...question, field: 'name' })).toEqual([
    { value: 'a', count: 2 },
    { value: 'b', count: 1 },
  ])
  expect(() => countValues(indexOf([], []), { ...question, field: 'shoe size' })).toThrow(
    'field: "shoe size" is no field of runs',
  )
})

it('counts each tag of a run, each number, and what runs have of a choice of values', () => {
  const question = { shelf: 'library', runIds: undefined, prefix: '' } as const
  const given = (values: unknown) => ({ ...indexOf(['a', 'b', 'c', 'd'], [3]), values: () => values }) as RunIndex
  const tags = { keys: [['x'], ['x', 'y']], of: Int32Array.of(0, 1, -1, 1) }
  expect(countValues(given({ tags: () => tags }), { ...question, field: 'tag' })).toEqual([
    { value: 'x', count: 2 },
    { value: 'y', count: 1 },
  ])
  const seeds = Float64Array.of(10, 3, NaN, 3)
  expect(countValues(given({ value: () => seeds }), { ...question, field: 'seed' })).toEqual([
    { value: '3', count: 1 },
    { value: '10', count: 1 },
  ])
  expect(countValues(given({ value: () => Float64Array.of(3, 3, 3, 3) }), { ...question, field: 'seed' })).toEqual([
    { value: '3', count: 3 },
  ])
  for (const { names, value } of runFields) {
    if (value.in !== 'properties') continue
    const [first] = Object.entries(value.of)[0]!
    const has = (each: unknown) => each === value.of[first]
    const values = { value: (each: unknown) => Float64Array.of(has(each) ? 1 : NaN, NaN, has(each) ? 0 : NaN, 1) }
    expect(countValues(given(values), { ...question, field: names[0] })).toEqual([{ value: first, count: 2 }])
  }
  expect(runFields.some(({ value }) => value.in === 'properties')).toBe(true)
})

it('has texts that sort alike in one order, whichever came first', () => {
  const question = { shelf: 'library', runIds: undefined, field: 'name', prefix: '' } as const
  for (const names of [
    ['run 1', 'run 01', 'run 001'],
    ['run 001', 'run 1', 'run 01'],
  ]) {
    expect(countValues(indexOf(names, []), question).map(({ value }) => value)).toEqual(['run 001', 'run 01', 'run 1'])
  }
})
