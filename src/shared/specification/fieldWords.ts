import { choiceWords } from '../formatting/choiceWords.ts'
import { findField, type SpecificationField } from './fields.ts'
import type { FieldWords } from './words.ts'

/** The field that declares what stands at a path, also one within a list. */
export function declaredField(path: string): SpecificationField | undefined {
  return findField(declaredPath(path))
}

/**
 * What a field is called, or an object by its kind. One within a list has no symbol, which may be that of a field outside, and is
 * numbered beyond the first entry; a number of a list goes by the list, and is numbered from the first on.
 */
export function fieldWords(path: string): FieldWords | undefined {
  const own = declaredField(path) ?? findField(`${declaredPath(path)}.kind`)
  const words = (own ?? findField(declaredPath(path).replace(/\[\]$/, '')))?.words
  const [, place] = /\.(\d+)(?=\.|$)/.exec(path) ?? []
  if (!words || place === undefined) return words
  const { symbol: _, ...within } = words
  return own && place === '0' ? within : { ...within, label: `${words.label} (${Number(place) + 1})` }
}

/** A value of a field as it is read: a number as it was given, a choice by its words. */
export function valueWords(value: number | string, path: string): string {
  return choiceWords(value, fieldWords(path)?.choices)
}

/** A digest of all entries of a list goes by the list. */
function declaredPath(path: string): string {
  return path.replace(/\[\]$/, '').replaceAll(/\.\d+(?=\.|$)/g, '[]')
}
