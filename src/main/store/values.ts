import { TextTable, type Keys } from './textTable.ts'

/** Runs by what they have in common: for each place the number of its key, or −1 where it has none. */
export interface Partition<Key = string | number> {
  keys: Keys<Key>
  of: KeyNumbers
}

type KeyNumbers = Int8Array | Int16Array | Int32Array

/** The numbers in as few bytes as those of the keys take: most of what runs have in common is of a few kinds. */
export function partition<Key>(keys: Keys<Key>, of: KeyNumbers): Partition<Key> {
  const Numbers = keys.length <= 2 ** 7 ? Int8Array : keys.length <= 2 ** 15 ? Int16Array : Int32Array
  return { keys, of: of instanceof Numbers ? of : new Numbers(of) }
}

/** What each run has of something, by place: a number (NaN where it has none), or a key that it may share with others. */
export type Values = Float64Array | Partition

type Value = string | number | null

/** Values of one column, all of them numbers or all of them texts, as they are read; where there is none, a run has none. */
export class ColumnValues {
  readonly #count: number
  #numbers: Float64Array | undefined
  #texts: { keys: TextTable; of: Int32Array } | undefined

  constructor(count: number) {
    this.#count = count
  }

  set(place: number, value: Value): void {
    if (value === null) return
    if (typeof value === 'string') {
      this.#texts ??= { keys: new TextTable(), of: new Int32Array(this.#count).fill(-1) }
      this.#texts.of[place] = this.#texts.keys.add(value)
    } else {
      this.#numbers ??= new Float64Array(this.#count).fill(NaN)
      this.#numbers[place] = value
    }
  }

  read(): Values {
    if (this.#texts) return partition(this.#texts.keys.settle(), this.#texts.of)
    return this.#numbers ?? new Float64Array(this.#count).fill(NaN)
  }
}

/** About so many bytes in memory. */
export function bytesOf(values: Float64Array | Int32Array | Uint8Array | Partition<unknown>): number {
  if ('byteLength' in values) return values.byteLength
  const { keys, of } = values
  if (keys instanceof TextTable) return of.byteLength + keys.byteLength
  let bytes = of.byteLength
  for (const key of keys) bytes += bytesOfKey(key)
  return bytes
}

/** A place in an array, and what stands there. */
function bytesOfKey(key: unknown): number {
  if (typeof key === 'string') return 24 + key.length
  return Array.isArray(key) ? key.reduce((sum: number, each) => sum + bytesOfKey(each), 24) : 8
}

/** By what is said of each key; where that is `null`, runs have no key. */
export function renamedKeys<Key>({ keys, of }: Partition<Key>, say: (key: Key) => Value): Partition {
  const numbers = new Map<string | number, number>()
  const numberOf = new Int32Array(keys.length)
  for (let former = 0; former < keys.length; former++) {
    const key = say(keys.at(former)!)
    const number = key === null ? -1 : (numbers.get(key) ?? numbers.size)
    if (key !== null) numbers.set(key, number)
    numberOf[former] = number
  }
  return partition(
    [...numbers.keys()],
    of.map((number) => (number < 0 ? -1 : numberOf[number]!)),
  )
}

/** The same, and a key for those that have none. */
export function withKeyForNone({ keys, of }: Partition, none: string): Partition {
  const all = [...keys]
  const known = all.indexOf(none)
  const number = known < 0 ? all.length : known
  return partition(
    known < 0 ? [...all, none] : all,
    Int32Array.from(of, (key) => (key < 0 ? number : key)),
  )
}

/**
 * The same, but at some places what is given of these, each by its number among the places; undefined where words came in
 * the place of numbers. Keys that no run has any more stay.
 */
export function renewed<Known extends Float64Array | Partition<unknown>>(
  known: Known,
  places: readonly number[],
  given: Known,
): Known | undefined {
  const changed = places.flatMap((place, i): [number, unknown][] => {
    const value = valueAt<unknown>(given, i)
    return isSame(valueAt<unknown>(known, place), value) ? [] : [[place, value]]
  })
  if (changed.length === 0) return known
  if (known instanceof Float64Array) {
    const numbers = known.slice()
    for (const [place, value] of changed) numbers[place] = value === null ? NaN : (value as number)
    return changed.some(([, value]) => typeof value === 'string') ? undefined : (numbers as Known)
  }
  const { keys, numberOf } = extensible(known.keys)
  const of = Int32Array.from(known.of)
  for (const [place, value] of changed) of[place] = value === null ? -1 : numberOf(value)
  return partition(keys instanceof TextTable ? keys.settle() : keys, of) as Known
}

/** The same keys, and the number of each further one, which is added where it is not among them. */
function extensible(known: Keys<unknown>): { keys: Keys<unknown>; numberOf: (value: unknown) => number } {
  if (known instanceof TextTable) {
    const keys = TextTable.of(known)
    return { keys, numberOf: (value) => keys.add(value as string) }
  }
  const keys = [...known]
  const numberOf = (value: unknown) => {
    const number = keys.findIndex((key) => isSame(key, value))
    return number < 0 ? keys.push(value) - 1 : number
  }
  return { keys, numberOf }
}

/** Lists of tags are keys too. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || (Array.isArray(one) && JSON.stringify(one) === JSON.stringify(other))
}

export function valueAt<Key = string | number>(
  values: Float64Array | Partition<Key>,
  place: number,
): Key | number | null {
  if (!(values instanceof Float64Array)) {
    const key = values.of[place]!
    return key < 0 ? null : (values.keys.at(key) ?? null)
  }
  const number = values[place]!
  return Number.isNaN(number) ? null : number
}

/** What is no number is NaN. */
export function numbersOf(values: Values): Float64Array {
  if (values instanceof Float64Array) return values
  const { keys, of } = values
  const numbers = new Float64Array(keys.length)
  for (let i = 0; i < keys.length; i++) {
    const key = keys.at(i)
    numbers[i] = typeof key === 'number' ? key : NaN
  }
  return Float64Array.from(of, (key) => numbers[key] ?? NaN)
}

/** At every place the first of these values that is there. */
export function firstOf(all: readonly Values[], count: number): Values {
  const valueOf = (place: number) => {
    const values = all.find((each) => valueAt(each, place) !== null)
    return values ? valueAt(values, place) : null
  }
  if (all.every((values) => values instanceof Float64Array)) {
    return Float64Array.from({ length: count }, (_, place) => (valueOf(place) as number | null) ?? NaN)
  }
  const numbers = new Map<string | number, number>()
  const of = Int32Array.from({ length: count }, (_, place) => {
    const value = valueOf(place)
    if (value === null) return -1
    const number = numbers.get(value) ?? numbers.size
    numbers.set(value, number)
    return number
  })
  return partition([...numbers.keys()], of)
}

/** Those of the places that pass, in their order; `filter` of an array would first gather them in a list of objects. */
export function selectPlaces(places: Int32Array, passes: (place: number) => boolean): Int32Array {
  const found = new Int32Array(places.length)
  let count = 0
  for (let i = 0; i < places.length; i++) if (passes(places[i]!)) found[count++] = places[i]!
  return found.subarray(0, count)
}

/** Places by their ranks, those of equal rank as they came: numbers are sorted sooner than by a comparison. */
export function placesByRank(places: Int32Array, ranks: ArrayLike<number>, descending = false): Int32Array {
  const { length } = places
  const sorted = new Float64Array(length)
  for (let i = 0; i < length; i++) sorted[i] = ranks[places[i]!]!
  sorted.sort()
  const keys = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    const before = firstNotBelow(sorted, ranks[places[i]!]!)
    keys[i] = (descending ? length - before : before) * length + i
  }
  keys.sort()
  const found = new Int32Array(length)
  for (let i = 0; i < length; i++) found[i] = places[keys[i]! % length]!
  return found
}

function firstNotBelow(sorted: Float64Array, number: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < number) low = middle + 1
    else high = middle
  }
  return low
}

const collator = new Intl.Collator('en', { numeric: true })

/** For each place where its value stands among all that are there, equal values alike; NaN where it has none. */
export function ranksOf(values: Values): Float64Array {
  if (values instanceof Float64Array) return values
  const { of } = values
  const keys = [...values.keys]
  const ranks = new Float64Array(keys.length)
  const sorted = [...keys.keys()].sort((a, b) => compareKeys(keys[a]!, keys[b]!))
  for (const [place, key] of sorted.entries()) {
    const before = sorted[place - 1]
    const isSame = before !== undefined && compareKeys(keys[before]!, keys[key]!) === 0
    ranks[key] = isSame ? ranks[before]! : place
  }
  return Float64Array.from(of, (key) => (key < 0 ? NaN : ranks[key]!))
}

function compareKeys(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
}
