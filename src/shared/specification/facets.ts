import type { RunSpec } from '../experiment.ts'
import { specificationFields, type SpecificationField } from './fields.ts'

/**
 * The scalars of a run's specification by their paths (`dynamics.ridge`), as lists show them and filters compare them; of a
 * list its length. What is left out is what holds then; what a specification has not is not there.
 */
export type Facets = { [Entry in EntryOf<RunSpec> as Exclude<Entry[0], 'name' | 'seed'>]?: Entry[1] }
export type FacetPath = keyof Facets

/** Name and seed are a run's own; the fields of a list's entries have no one value. */
export const facetFields: readonly SpecificationField[] = specificationFields.filter(
  ({ path, type }) => type !== 'part' && path !== 'name' && path !== 'seeds' && !path.includes('[]'),
)

/** Of any specification, also one of a kind that this version does not know. */
export function facetsOf(spec: unknown): Facets {
  const found = new Map<string, number | string>()
  for (const field of facetFields) {
    const { path } = field
    const said = valueAt(spec, path)
    const value = said === undefined ? leftOut(spec, field, (at) => found.get(at)) : said
    const facet = Array.isArray(value) ? value.length : typeof value === 'boolean' ? String(value) : value
    if (typeof facet === 'number' || typeof facet === 'string') found.set(path, facet)
  }
  return Object.fromEntries(found) as Facets
}

/** What holds of a field that is not said, where its part is there and of a kind that has it. */
function leftOut(
  spec: unknown,
  { path, words, where }: SpecificationField,
  facetAt: (path: string) => number | string | undefined,
): unknown {
  const part = path.slice(0, path.lastIndexOf('.'))
  const isThere =
    valueAt(spec, part) !== undefined &&
    where.some((conditions) => conditions.every((each) => (facetAt(each.path) ?? '') === each.value))
  if (!isThere) return undefined
  return typeof words.leftOut === 'function' ? words.leftOut((at) => facetAt(at)?.toString()) : words.leftOut
}

function valueAt(spec: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>(memberOf, spec)
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

/** Path and value of every scalar below a value. */
type EntryOf<Value, Path extends string = ''> = Value extends readonly unknown[]
  ? [Path, number]
  : Value extends object
    ? {
        [Key in keyof Value & string]-?: EntryOf<NonNullable<Value[Key]>, Path extends '' ? Key : `${Path}.${Key}`>
      }[keyof Value & string]
    : [Path, Value extends boolean ? `${Value}` : Value]
