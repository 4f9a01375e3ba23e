import type { RunSpec } from '../experiment.ts'
import { specificationFields, type SpecificationField } from './fields.ts'

/**
 * The scalars of a run's specification by their paths (`dynamics.ridge`), as lists show them and filters compare them; of a
 * list its length. What a specification has not is not there.
 */
export type Facets = { [Entry in EntryOf<RunSpec> as Exclude<Entry[0], 'name' | 'seed'>]?: Entry[1] }
export type FacetPath = keyof Facets

/** Name and seed are a run's own; the fields of a list's entries have no one value. */
export const facetFields: readonly SpecificationField[] = specificationFields.filter(
  ({ path, type }) => type !== 'part' && path !== 'name' && path !== 'seeds' && !path.includes('[]'),
)

/** Of any specification, also one of a kind that this version does not know. */
export function facetsOf(spec: unknown): Facets {
  const entries = facetFields.flatMap(({ path }) => {
    const value = path.split('.').reduce<unknown>(memberOf, spec)
    const facet = Array.isArray(value) ? value.length : value
    if (typeof facet === 'boolean') return [[path, String(facet)]]
    return typeof facet === 'number' || typeof facet === 'string' ? [[path, facet]] : []
  })
  return Object.fromEntries(entries) as Facets
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
