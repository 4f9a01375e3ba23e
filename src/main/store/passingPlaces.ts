import { numberPredicate, textPredicate } from '../../shared/query/filterRuns.ts'
import type { TextValue } from '../../shared/query/runFields.ts'
import type { RunQuery } from '../../shared/query/runQuery.ts'
import type { RunValue } from '../../shared/query/runValues.ts'
import type { StoredValue, StoredValues } from './storedValues.ts'
import { TextTable } from './textTable.ts'
import { valueAt, type Partition } from './values.ts'

/** 1 at the places of the very runs that `runPredicate` lets through, which are looked at by what they share. */
export function passingPlaces(query: RunQuery, runs: StoredValues): Uint8Array {
  const { count } = runs
  switch (query.kind) {
    case 'and':
      return opposite(anyOf(query.parts, (part) => opposite(passingPlaces(part, runs)), count))
    case 'or':
      return anyOf(query.parts, (part) => passingPlaces(part, runs), count)
    case 'not':
      return opposite(passingPlaces(query.part, runs))
    case 'free':
      return anyOf(searchedFreely, (value) => placesWithText(value, { match: 'part', text: query.text }, runs), count)
    case 'missing':
      return opposite(placesWithAny(query.field.value, runs))
    case 'number':
      return placesWithNumber(query.field.value, numberPredicate(query), runs)
    case 'text':
      return placesWithText(query.field.value, query, runs)
  }
}

/** What a word alone is looked for in. */
export const searchedFreely: readonly StoredValue[] = [
  { in: 'run', column: 'name' },
  { in: 'run', column: 'experiment' },
  { in: 'run', column: 'id' },
  { in: 'tags' },
]

function placesWithText(
  value: TextValue | RunValue,
  wanted: Pick<RunQuery & { kind: 'text' }, 'match' | 'text'>,
  runs: StoredValues,
): Uint8Array {
  const holds = textPredicate(wanted.match, wanted.text)
  switch (value.in) {
    case 'any':
      return anyOf(value.of, (each) => placesWithText(each, wanted, runs), runs.count)
    case 'tags':
      return placesOfKeys(runs.tags(), (tags) => tags.some(holds))
    case 'properties': {
      const meant = Object.entries(value.of).filter(([property]) => holds(property))
      return anyOf(meant, ([, each]) => placesWithAny(each, runs), runs.count)
    }
    default: {
      const values = runs.value(value)
      if (values instanceof Float64Array) return new Uint8Array(runs.count)
      if (wanted.match === 'part' && values.keys instanceof TextTable) {
        return placesOfMeant(values.of, values.keys.containing(wanted.text))
      }
      return placesOfKeys(values, (key) => typeof key === 'string' && holds(key))
    }
  }
}

/** Runs that have anything of a value. */
function placesWithAny(value: TextValue | RunValue, runs: StoredValues): Uint8Array {
  switch (value.in) {
    case 'any':
    case 'properties':
      return anyOf(Object.values(value.of), (each) => placesWithAny(each, runs), runs.count)
    case 'tags':
      return placesOfKeys(runs.tags(), () => true)
    default: {
      const values = runs.value(value)
      return Uint8Array.from({ length: runs.count }, (_, place) => Number(valueAt(values, place) !== null))
    }
  }
}

function placesWithNumber(value: RunValue, holds: (found: number) => boolean, runs: StoredValues): Uint8Array {
  const values = runs.value(value)
  if (!(values instanceof Float64Array)) return placesOfKeys(values, (key) => typeof key === 'number' && holds(key))
  const passing = new Uint8Array(runs.count)
  for (let place = 0; place < passing.length; place++) if (holds(values[place]!)) passing[place] = 1
  return passing
}

function placesOfKeys<Key>({ keys, of }: Partition<Key>, holds: (key: Key) => boolean): Uint8Array {
  // Made of an iterable, an array of numbers would first have all keys in a list.
  const isMeant = new Uint8Array(keys.length)
  for (let number = 0; number < keys.length; number++) isMeant[number] = Number(holds(keys.at(number)!))
  return placesOfMeant(of, isMeant)
}

function placesOfMeant(of: Partition['of'], isMeant: Uint8Array): Uint8Array {
  const passing = new Uint8Array(of.length)
  for (let place = 0; place < passing.length; place++) if (of[place]! >= 0) passing[place] = isMeant[of[place]!]!
  return passing
}

function anyOf<Part>(parts: readonly Part[], passing: (part: Part) => Uint8Array, count: number): Uint8Array {
  const found = new Uint8Array(count)
  for (const part of parts) {
    const also = passing(part)
    for (let place = 0; place < count; place++) found[place]! |= also[place]!
  }
  return found
}

function opposite(passing: Uint8Array): Uint8Array {
  return passing.map((passes) => 1 - passes)
}
