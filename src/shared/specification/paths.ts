/** A specification as JSON: what a person has made of it so far, right or wrong. */
export type SpecDraft = Record<string, unknown>

/** One change of a draft; a value of `undefined` takes the field out. */
export interface Change {
  path: string
  value: unknown
}

/** A way to put a problem right. */
export interface Repair {
  label: string
  changes: Change[]
}

export function valueAt(draft: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (isObject(value) ? (value as Record<string, unknown>)[key] : undefined), draft)
}

/** The draft with changes made in turn; the one given stays as it is. */
export function changed(draft: SpecDraft, changes: readonly Change[]): SpecDraft {
  return changes.reduce<SpecDraft>((next, { path, value }) => put(next, path.split('.'), value) as SpecDraft, draft)
}

function put(target: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  const copy = Array.isArray(target) ? [...(target as unknown[])] : isObject(target) ? { ...target } : begunWith(key)
  const entries = copy as Record<string, unknown>
  const next = put(entries[key], rest, value)
  if (next === undefined && rest.length === 0) delete entries[key]
  else entries[key] = next
  return copy
}

/** What is put at a place is in a list, what has a name in an object. */
function begunWith(key: string): object {
  return /^\d+$/.test(key) ? [] : {}
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
