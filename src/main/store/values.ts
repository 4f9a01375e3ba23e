/** Runs by what they have in common: for each place the number of its key, or −1 where it has none. */
export interface Partition<Key = string | number> {
  keys: readonly Key[]
  of: Int32Array
}

/** What each run has of something, by place: a number (NaN where it has none), or a key that it may share with others. */
export type Values = Float64Array | Partition

type Value = string | number | null

/** The values in a list, each at the place that `placeOf` gives for its number; where there is none it is passed over. */
export function valuesOfList(
  list: readonly Value[],
  count: number,
  placeOf: (i: number) => number | undefined,
): Values {
  return list.some((value) => typeof value === 'string')
    ? partitionOfList(list, count, placeOf)
    : numbersOfList(list as readonly (number | null)[], count, placeOf)
}

function partitionOfList(list: readonly Value[], count: number, placeOf: (i: number) => number | undefined): Partition {
  const numbers = new Map<string | number, number>()
  const of = new Int32Array(count).fill(-1)
  for (let i = 0; i < list.length; i++) {
    const [value, place] = [list[i]!, placeOf(i)]
    if (value === null || place === undefined) continue
    const number = numbers.get(value) ?? numbers.size
    numbers.set(value, number)
    of[place] = number
  }
  return { keys: [...numbers.keys()], of }
}

function numbersOfList(
  list: readonly (number | null)[],
  count: number,
  placeOf: (i: number) => number | undefined,
): Float64Array {
  const numbers = new Float64Array(count).fill(NaN)
  for (let i = 0; i < list.length; i++) {
    const [value, place] = [list[i]!, placeOf(i)]
    if (value !== null && place !== undefined) numbers[place] = value
  }
  return numbers
}

/** By what is said of each key; where that is `null`, runs have no key. */
export function renamedKeys<Key>({ keys, of }: Partition<Key>, say: (key: Key) => Value): Partition {
  const numbers = new Map<string | number, number>()
  const numberOf = keys.map((former) => {
    const key = say(former)
    if (key === null) return -1
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    return number
  })
  return { keys: [...numbers.keys()], of: of.map((number) => (number < 0 ? -1 : numberOf[number]!)) }
}

/** The same, and a key for those that have none. */
export function withKeyForNone({ keys, of }: Partition, none: string): Partition {
  const known = keys.indexOf(none)
  const number = known < 0 ? keys.length : known
  return { keys: known < 0 ? [...keys, none] : keys, of: of.map((key) => (key < 0 ? number : key)) }
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
  const keys = [...known.keys]
  const of = known.of.slice()
  for (const [place, value] of changed) {
    const number = value === null ? -1 : keys.findIndex((key) => isSame(key, value))
    of[place] = number < 0 && value !== null ? keys.push(value) - 1 : number
  }
  return { keys, of } as Partition<unknown> as Known
}

/** Lists of tags are keys too. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || (Array.isArray(one) && JSON.stringify(one) === JSON.stringify(other))
}

export function valueAt<Key = string | number>(
  values: Float64Array | Partition<Key>,
  place: number,
): Key | number | null {
  if (!(values instanceof Float64Array)) return values.keys[values.of[place]!] ?? null
  const number = values[place]!
  return Number.isNaN(number) ? null : number
}

/** What is no number is NaN. */
export function numbersOf(values: Values): Float64Array {
  if (values instanceof Float64Array) return values
  const { keys, of } = values
  const numbers = keys.map((key) => (typeof key === 'number' ? key : NaN))
  return Float64Array.from(of, (key) => numbers[key] ?? NaN)
}

/** At every place the first of these values that is there. */
export function firstOf(all: readonly Values[], count: number): Values {
  const list = Array.from({ length: count }, (_, place) => {
    const values = all.find((each) => valueAt(each, place) !== null)
    return values ? valueAt(values, place) : null
  })
  return valuesOfList(list, count, (place) => place)
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
  const { keys, of } = values
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
