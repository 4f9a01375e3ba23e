import { choiceWords } from '../formatting/choiceWords.ts'
import { findField, type SpecificationField } from './fields.ts'
import type { FieldWords } from './words.ts'

/** The field that declares what stands at a path, also one within a list. */
export function declaredField(path: string): SpecificationField | undefined {
  return findField(declaredPath(path))
}

/** What a field is called, also one within a list, or an object by its kind. */
export function fieldWords(path: string): FieldWords | undefined {
  return (declaredField(path) ?? findField(`${declaredPath(path)}.kind`))?.words
}

/** A value of a field as it is read: a number as it was given, a choice by its words. */
export function valueWords(value: number | string, path: string): string {
  return choiceWords(value, fieldWords(path)?.choices)
}

/** A digest of all entries of a list goes by the list. */
function declaredPath(path: string): string {
  return path.replace(/\[\]$/, '').replaceAll(/\.\d+(?=\.|$)/g, '[]')
}
