import type { RunSpec } from '../experiment.ts'
import { specificationFields, type SpecificationField } from './fields.ts'

/**
 * The scalars of a run's specification by their paths (`dynamics.ridge`), as lists show them and filters compare them; of a
 * list its length. What is left out is what holds then; what a specification has not is not there. What lists hold is there
 * too, under paths that no type names: of a list of at most `mostEntries` the scalars of each entry (`task.start.0`,
 * `interventions.0.norm`; a list within one as its JSON), of a longer one a digest of all (`task.split.train[]`). So runs have
 * equal facets only where their specifications are the same but for name and seed.
 */
export type Facets = { [Entry in EntryOf<RunSpec> as Exclude<Entry[0], 'name' | 'seed'>]?: Entry[1] }
export type FacetPath = keyof Facets

/** The entries of longer lists would be rows by the thousand of every run. */
export const mostEntries = 16

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
    if (Array.isArray(value)) {
      for (const [at, facet] of [[path, value.length] as const, ...entriesOf(value, path)]) found.set(at, facet)
    } else if (isScalar(value)) found.set(path, facetOf(value))
  }
  return Object.fromEntries(found) as Facets
}

type Scalar = number | string | boolean

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
}

function facetOf(value: Scalar): number | string {
  return typeof value === 'boolean' ? String(value) : value
}

/** What a list holds, by paths. */
function entriesOf(list: readonly unknown[], path: string): (readonly [path: string, facet: number | string])[] {
  if (list.length > mostEntries) return [[`${path}[]`, digestOf(JSON.stringify(list))]]
  return list.flatMap((entry, place) => scalarsOf(entry, `${path}.${place}`))
}

function scalarsOf(entry: unknown, path: string): (readonly [path: string, facet: number | string])[] {
  if (isScalar(entry)) return [[path, facetOf(entry)]]
  if (Array.isArray(entry)) return [[path, JSON.stringify(entry)]]
  return Object.entries(entry ?? {}).flatMap(([name, member]) => scalarsOf(member, `${path}.${name}`))
}

/**
 * Sixteen hexadecimal digits of a text: two 32-bit lanes h ← (h ⊕ code unit) · p mod 2³², as FNV-1a (Fowler, Noll and Vo; RFC 9923), the second with
 * an offset and a multiplier of its own.
 */
function digestOf(text: string): string {
  let [first, second] = [0x811c9dc5, 0x9e3779b9]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    first = Math.imul(first ^ code, 0x01000193)
    second = Math.imul(second ^ code, 0x85ebca6b)
  }
  return [first, second].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('')
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
