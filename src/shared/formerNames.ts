/**
 * Names that data had before: keys of specifications and of what snapshots keep, events, fields of filters, ids of columns. Whatever was stored or
 * typed under them is read for ever; only the names they have now are written.
 */
const formerNames: Readonly<Record<string, string>> = {
  memorised: 'memorized',
  generalised: 'generalized',
  memoriseThreshold: 'memorizeThreshold',
  generaliseThreshold: 'generalizeThreshold',
  memorisedStep: 'memorizedStep',
  generalisedStep: 'generalizedStep',
  generalisedTau: 'generalizedTau',
  t_memorise: 't_memorize',
  t_generalise: 't_generalize',
  tau_memorise: 'tau_memorize',
  tau_generalise: 'tau_generalize',
  firstNorm: 'firstLayerNormSquared',
  secondNorm: 'secondLayerNormSquared',
}

/** The name, or path of names, that one of this or an older version means. */
export function presentName(name: string): string {
  return name.split('.').map(presentPart).join('.')
}

/** Names as they were, and the same as they are. */
export const renamed: readonly (readonly [former: string, present: string])[] = Object.entries(formerNames)

/**
 * A value with the keys it has under the names of today, itself where it has no others. Where both names of one key are
 * given, the former stays, to be refused as what it is: a second. Not for what may be nested without end.
 */
export function withPresentNames<Value>(value: Value): Value {
  return renameKeys(value) as Value
}

function renameKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    const entries = value.map(renameKeys)
    return entries.some((entry, place) => entry !== value[place]) ? entries : value
  }
  if (!isPlain(value)) return value
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
    const present = presentName(key)
    return [Object.hasOwn(value, present) ? key : present, renameKeys(inner)]
  })
  const isSame = entries.every(([key, inner]) => Object.hasOwn(value, key) && value[key] === inner)
  return isSame ? value : Object.fromEntries(entries)
}

function presentPart(name: string): string {
  return Object.hasOwn(formerNames, name) ? formerNames[name]! : name
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
