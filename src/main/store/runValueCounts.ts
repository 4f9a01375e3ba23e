import { maxRunValues, type RunValueCount } from '../../shared/contract/runs.ts'
import type { RequestData } from '../../shared/contract.ts'
import { LabError } from '../../shared/errors.ts'
import { findRunField, type TextValue } from '../../shared/query/runFields.ts'
import { shelves } from '../../shared/query/runTable.ts'
import type { RunValue } from '../../shared/query/runValues.ts'
import { quote } from '../../shared/quote.ts'
import type { RunIndex } from './runIndex.ts'
import type { StoredValues } from './storedValues.ts'
import { TextTable } from './textTable.ts'
import { valueAt, type Partition } from './values.ts'

const collator = new Intl.Collator('en', { numeric: true })

/** What runs have of a field of filters, and how many of them, the most frequent first. */
export function countValues(
  index: RunIndex,
  { shelf, runIds, field: requested, prefix }: Omit<RequestData<'run.values'>, 'archive'>,
): RunValueCount[] {
  const field = findRunField(requested)
  if (!field) throw new LabError('NOT_FOUND', `field: ${quote(requested)} is no field of runs`)
  const among = runIds && new Set(index.placesOf(runIds))
  const meant = index.census().shelf.map((at, place) => {
    return Number((shelf === undefined || shelves[at] === shelf) && (!among || among.has(place)))
  })
  const texts = new TextTable()
  const counts: number[] = []
  const begins = prefix.toLowerCase()
  for (const [value, count] of countedValues(field.value, index.values(), meant)) {
    const text = String(value)
    if (!text.toLowerCase().startsWith(begins)) continue
    const number = texts.add(text)
    counts[number] = (counts[number] ?? 0) + count
  }
  return mostFrequent(texts, counts)
}

/** Of many values only the few are kept that come before all others that were looked at. */
function mostFrequent(texts: TextTable, counts: readonly number[]): RunValueCount[] {
  const first: RunValueCount[] = []
  for (const [number, count] of counts.entries()) {
    const last = first.at(-1)
    if (first.length === maxRunValues && count < last!.count) continue
    const found = { value: texts.at(number)!, count }
    if (first.length === maxRunValues && byFrequency(found, last!) > 0) continue
    const place = first.findIndex((other) => byFrequency(found, other) < 0)
    first.splice(place < 0 ? first.length : place, 0, found)
    first.length = Math.min(first.length, maxRunValues)
  }
  return first
}

function byFrequency(a: RunValueCount, b: RunValueCount): number {
  return b.count - a.count || collator.compare(a.value, b.value) || (a.value < b.value ? -1 : 1)
}

/** Each value beside the number of runs that have it, of those that are meant; a run may have several. */
function* countedValues(
  value: TextValue | RunValue,
  runs: StoredValues,
  meant: Uint8Array,
): Generator<readonly [string | number, number], void> {
  switch (value.in) {
    case 'any':
      for (const each of value.of) yield* countedValues(each, runs, meant)
      return
    case 'tags':
      for (const [tags, count] of countedKeys(runs.tags(), meant)) for (const tag of tags) yield [tag, count]
      return
    case 'properties':
      for (const [property, each] of Object.entries(value.of)) {
        const values = runs.value(each)
        const count = meant.reduce((sum, isMeant, place) => sum + (valueAt(values, place) === null ? 0 : isMeant), 0)
        if (count > 0) yield [property, count]
      }
      return
    default: {
      const values = runs.value(value)
      if (!(values instanceof Float64Array)) {
        yield* countedKeys(values, meant)
        return
      }
      const counts = new Map<number, number>()
      for (const [place, number] of values.entries()) {
        if (meant[place] === 1 && !Number.isNaN(number)) counts.set(number, (counts.get(number) ?? 0) + 1)
      }
      yield* counts
    }
  }
}

function* countedKeys<Key>({ keys, of }: Partition<Key>, meant: Uint8Array): Generator<readonly [Key, number], void> {
  const counts = new Int32Array(keys.length)
  for (const [place, key] of of.entries()) if (key >= 0 && meant[place] === 1) counts[key]! += 1
  let number = 0
  for (const key of keys) {
    const count = counts[number++]!
    if (count > 0) yield [key, count]
  }
}
