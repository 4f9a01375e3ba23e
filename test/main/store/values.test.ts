import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TextTable } from '../../../src/main/store/textTable.ts'
import {
  bytesOf,
  ColumnValues,
  firstOf,
  numbersOf,
  partition,
  placesByRank,
  ranksOf,
  renamedKeys,
  renewed,
  selectPlaces,
  valueAt,
  withKeyForNone,
  type Partition,
  type Values,
} from '../../../src/main/store/values.ts'

type Value = string | number | null

const someText = fc.constantFrom('', 'run 2', 'run 10', 'run 1', 'adam', '7')
const someNumber = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.5, Infinity, -Infinity))
const texts = fc.array(fc.option(someText), { maxLength: 12 })
const numbers = fc.array(fc.option(someNumber), { maxLength: 12 })
const mixed = fc.array(fc.option(fc.oneof(someText, someNumber)), { maxLength: 12 })

/** As one column is read. */
function columnOf(list: readonly Value[]): Values {
  const values = new ColumnValues(list.length)
  list.forEach((value, place) => values.set(place, value))
  return values.read()
}

/** By keys, some of which no run has. */
function partitionOf(list: readonly Value[]): Partition {
  const keys: (string | number)[] = [...new Set(list.filter((value) => value !== null)), 'of nobody']
  return { keys, of: Int32Array.from(list, (value) => (value === null ? -1 : keys.indexOf(value))) }
}

function listOf(values: Values, count: number): Value[] {
  return Array.from({ length: count }, (_, place) => valueAt(values, place))
}

const keysOf = ({ keys }: Partition) => [...keys]

describe('values', () => {
  it('of a column are at each place what was read there, and of texts each is one key', () => {
    fc.assert(
      fc.property(fc.oneof(texts, numbers), (list) => {
        const values = columnOf(list)
        expect(listOf(values, list.length)).toEqual(list)
        expect(values instanceof Float64Array).toBe(list.every((value) => typeof value !== 'string'))
        if (values instanceof Float64Array) return
        expect(keysOf(values)).toEqual([...new Set(list.filter((value) => value !== null))])
      }),
    )
  })

  it('are under other names where what is said of their keys is, and nothing where nothing is said', () => {
    fc.assert(
      fc.property(mixed, (list) => {
        const say = (key: string | number) =>
          key === 'adam' ? null : typeof key === 'number' ? Math.abs(key) : key.slice(0, 3)
        const partition = partitionOf(list)
        const renamed = renamedKeys(partition, say)
        expect(listOf(renamed, list.length)).toEqual(list.map((value) => (value === null ? null : say(value))))
        expect(keysOf(renamed)).toEqual([...new Set(keysOf(partition).map(say))].filter((key) => key !== null))
      }),
    )
  })

  it('have a key for those that have none, which may be one that others have', () => {
    fc.assert(
      fc.property(mixed, fc.constantFrom('none', 'adam'), (list, none) => {
        const filled = withKeyForNone(partitionOf(list), none)
        expect(listOf(filled, list.length)).toEqual(list.map((value) => value ?? none))
        expect(new Set(filled.keys).size).toBe(filled.keys.length)
      }),
    )
  })

  it('are numbers where they are, and nothing where they are texts', () => {
    fc.assert(
      fc.property(mixed, (list) => {
        const expected = Float64Array.from(list, (value) => (typeof value === 'number' ? value : NaN))
        expect(numbersOf(partitionOf(list))).toEqual(expected)
      }),
    )
    const numbers = Float64Array.of(1, NaN)
    expect(numbersOf(numbers)).toBe(numbers)
  })

  it('are the first that a run has of several', () => {
    const columns = fc.array(fc.oneof(numbers, texts, mixed), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(columns, (lists) => {
        const count = Math.min(...lists.map(({ length }) => length))
        const all = lists.map((list) =>
          list.every((value) => typeof value !== 'string') ? columnOf(list) : partitionOf(list),
        )
        const found = firstOf(all, count)
        const expected = Array.from(
          { length: count },
          (_, place) => lists.map((list) => list[place]).find((value) => value !== null) ?? null,
        )
        expect(listOf(found, count)).toEqual(expected)
        expect(found instanceof Float64Array).toBe(all.every((values) => values instanceof Float64Array))
        if (!(found instanceof Float64Array))
          expect(keysOf(found)).toEqual([...new Set(expected)].filter((value) => value !== null))
      }),
    )
  })
})

describe('values that are renewed at some places', () => {
  const kinds = fc.constantFrom<(list: readonly Value[]) => Values>(columnOf, partitionOf)
  const changes = fc.array(fc.tuple(fc.nat(11), fc.option(someText)), { maxLength: 5 })
  const changesOfNumbers = fc.array(fc.tuple(fc.nat(11), fc.option(someNumber)), { maxLength: 5 })

  function expectRenewed(known: Values, list: readonly Value[], changed: readonly [number, Value][]): void {
    const before = listOf(known, list.length)
    const latest = new Map<number, Value>(changed.filter(([place]) => place < list.length))
    const places = [...latest.keys()]
    const given = columnOf([...latest.values()])
    const after = renewed<Values>(known, places, given)!
    expect(listOf(after, list.length)).toEqual(
      list.map((value, place) => latest.get(place) ?? (latest.has(place) ? null : value)),
    )
    expect(listOf(known, list.length)).toEqual(before)
    const isAsBefore = places.every((place) => latest.get(place) === list[place])
    expect(after === known).toBe(isAsBefore)
    if (after instanceof Float64Array || known instanceof Float64Array) return
    expect(new Set(after.keys).size).toBe(after.keys.length)
    // What takes less memory does so afterwards.
    expect(after.keys instanceof TextTable).toBe(known.keys instanceof TextTable)
  }

  it('are what is given there and what they were elsewhere, and the same where nothing changed', () => {
    fc.assert(
      fc.property(
        kinds,
        texts.filter((list) => list.some((value) => value !== null)),
        changes,
        (kind, list, changed) => expectRenewed(kind(list), list, changed),
      ),
    )
    fc.assert(
      fc.property(kinds, numbers, changesOfNumbers, (kind, list, changed) => expectRenewed(kind(list), list, changed)),
    )
  })

  it('are to be read anew where texts came in the place of numbers', () => {
    expect(renewed<Values>(Float64Array.of(1, 2), [1], columnOf(['a']))).toBeUndefined()
    expect(renewed<Values>(Float64Array.of(1, 2), [0, 1], columnOf(['a', null]))).toBeUndefined()
  })

  it('take a list of tags for the same where its tags are', () => {
    const known: Partition<readonly string[]> = { keys: [['a'], ['a', 'b']], of: Int32Array.of(0, 1, -1) }
    const given = (...lists: string[][]) => ({ keys: lists, of: Int32Array.from(lists.keys()) })
    expect(renewed(known, [1], given(['a', 'b']))).toBe(known)
    const after = renewed(known, [0, 2], given(['a', 'b'], ['b']))!
    expect([...after.of]).toEqual([1, 1, 2])
    expect([...after.keys]).toEqual([['a'], ['a', 'b'], ['b']])
  })
})

describe('the order of places', () => {
  it('is that of their ranks, of equal ones as they came, either way', () => {
    fc.assert(
      fc.property(
        fc.array(someNumber, { maxLength: 30 }),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        (ranks, descending, drawn) => {
          const places = Int32Array.from([...ranks.keys()].filter(() => drawn.next().value! % 3 > 0)).reverse()
          const sense = descending ? -1 : 1
          const compare = (a: number, b: number) =>
            ranks[a] === ranks[b] ? 0 : sense * (ranks[a]! < ranks[b]! ? -1 : 1)
          expect(placesByRank(places, ranks, descending)).toEqual(Int32Array.from([...places].sort(compare)))
        },
      ),
    )
  })

  it('is that of the least first where nothing is said', () => {
    expect(placesByRank(Int32Array.of(0, 1, 2), [7, 3, 5])).toEqual(Int32Array.of(1, 2, 0))
  })

  it('has texts in one place that differ by zeros before a number, and numbers among texts by their digits', () => {
    const [two, padded, one, longer] = ranksOf(
      partitionOf(['run 2', 'run 02', 'run 1', 'run 002']),
    ) as unknown as number[]
    expect([padded, longer]).toEqual([two, two])
    expect(one).toBeLessThan(two!)
    expect([...ranksOf(partitionOf([3, '#', 20, 'a']))]).toEqual([1, 0, 2, 3])
    expect([...ranksOf(partitionOf(['a', 20, '#', 3]))]).toEqual([3, 2, 0, 1])
  })

  it('is given by ranks that texts have by their numbers as well, alike where they are, and nothing has none', () => {
    const ranks = ranksOf(partitionOf(['run 10', 'run 2', null, 'Adam', 'run 2', 'adam', 3, 20]))
    const [ten, two, none, Adam, again, adam, three, twenty] = ranks as unknown as number[]
    expect(none).toBeNaN()
    expect(again).toBe(two)
    expect([three, twenty, adam, Adam, two, ten].map((rank, i, all) => i === 0 || all[i - 1]! < rank!)).not.toContain(
      false,
    )
    expect(ranksOf(Float64Array.of(4, NaN))).toEqual(Float64Array.of(4, NaN))
  })

  it('is the same of numbers, whether they are keys or not', () => {
    fc.assert(
      fc.property(numbers, (list) => {
        const [asKeys, asNumbers] = [ranksOf(partitionOf(list)), ranksOf(columnOf(list))]
        for (const [i, a] of list.entries()) {
          for (const [j, b] of list.entries()) {
            if (a !== null && b !== null) expect(asKeys[i]! < asKeys[j]!).toBe(asNumbers[i]! < asNumbers[j]!)
          }
        }
      }),
    )
  })
})

describe('bytes of values', () => {
  it('are those of their numbers, and of keys in a table those of the table', () => {
    expect(bytesOf(new Float64Array(3))).toBe(24)
    const keys = TextTable.of(['a', 'bc']).settle()
    expect(bytesOf({ keys, of: new Int32Array(5) })).toBe(20 + keys.byteLength)
  })

  it('grow by every key, and by every letter of it', () => {
    const of = new Int32Array(2)
    const bytes = (...keys: (string | number | string[])[]) => bytesOf({ keys, of })
    expect(bytes()).toBe(8)
    expect(bytes(1, 2) - bytes(1)).toBe(8)
    expect(bytes('abc') - bytes('a')).toBe(2)
    expect(bytes('a', 'b') - bytes('a')).toBe(bytes('b') - bytes())
    expect(bytes(['a', 'b']) - bytes(['a'])).toBe(bytes('b') - bytes())
    expect(bytes(['a'])).toBeGreaterThan(bytes('a'))
  })
})

it.each([
  { keys: 0, bytes: 1 },
  { keys: 128, bytes: 1 },
  { keys: 129, bytes: 2 },
  { keys: 32_768, bytes: 2 },
  { keys: 32_769, bytes: 4 },
])('runs with $keys keys take $bytes bytes each to say which they have, or that they have none', ({ keys, bytes }) => {
  const of = Int32Array.from([-1, keys - 1, 0])
  const { of: narrow } = partition(
    Array.from({ length: keys }, (_, key) => key),
    of,
  )
  expect([...narrow]).toEqual([...of])
  expect(narrow.BYTES_PER_ELEMENT).toBe(bytes)
})

it('the places that pass come in their order', () => {
  const places = Int32Array.of(5, 2, 9, 4)
  expect([...selectPlaces(places, (place) => place > 3)]).toEqual([5, 9, 4])
  expect(selectPlaces(places, () => false)).toHaveLength(0)
})
