import { maxRunValues, type RequestData, type RunValueCount } from '../../shared/contract.ts'
import { LabError } from '../../shared/errors.ts'
import { findRunField, type TextValue } from '../../shared/query/runFields.ts'
import { shelves } from '../../shared/query/runTable.ts'
import type { RunValue } from '../../shared/query/runValues.ts'
import { quote } from '../../shared/quote.ts'
import type { RunIndex } from './runIndex.ts'
import type { StoredValues } from './storedValues.ts'
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
  const counts = new Map<string, number>()
  const begins = prefix.toLowerCase()
  for (const [value, count] of countedValues(field.value, index.values(), meant)) {
    const text = String(value)
    if (text.toLowerCase().startsWith(begins)) counts.set(text, (counts.get(text) ?? 0) + count)
  }
  // Of many values the few are found first that may be among the most frequent.
  const min = [...counts.values()].sort((a, b) => b - a)[maxRunValues - 1] ?? 0
  return [...counts]
    .filter(([, count]) => count >= min)
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || collator.compare(a.value, b.value) || (a.value < b.value ? -1 : 1))
    .slice(0, maxRunValues)
}

/** Each value beside the number of runs that have it, of those that are meant; a run may have several. */
function countedValues(
  value: TextValue | RunValue,
  runs: StoredValues,
  meant: Uint8Array,
): Iterable<readonly [string | number, number]> {
  switch (value.in) {
    case 'any':
      return value.of.flatMap((each) => [...countedValues(each, runs, meant)])
    case 'tags': {
      const lists = runs.tags()
      return countKeys(lists, meant).flatMap(([tags, count]) => tags.map((tag) => [tag, count] as const))
    }
    case 'properties':
      return Object.entries(value.of).flatMap(([property, each]) => {
        const values = runs.value(each)
        const count = meant.reduce((sum, isMeant, place) => sum + (valueAt(values, place) === null ? 0 : isMeant), 0)
        return count > 0 ? [[property, count] as const] : []
      })
    default: {
      const values = runs.value(value)
      if (!(values instanceof Float64Array)) return countKeys(values, meant)
      const counts = new Map<number, number>()
      for (const [place, number] of values.entries()) {
        if (meant[place] === 1 && !Number.isNaN(number)) counts.set(number, (counts.get(number) ?? 0) + 1)
      }
      return counts
    }
  }
}

function countKeys<Key>({ keys, of }: Partition<Key>, meant: Uint8Array): [Key, number][] {
  const counts = new Int32Array(keys.length)
  for (const [place, key] of of.entries()) if (key >= 0 && meant[place] === 1) counts[key]! += 1
  return keys.flatMap((key, i): [Key, number][] => (counts[i]! > 0 ? [[key, counts[i]!]] : []))
}
