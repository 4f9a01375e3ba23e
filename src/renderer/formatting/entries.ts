import type { LocationQuery } from 'vue-router'
import { limits } from '../../shared/specification/limits.ts'
import { valueWords } from '../../shared/specification/fieldWords.ts'
import { formatShort } from '../../shared/formatting/formatNumber.ts'

const spaces = /[\s\u2009\u00a0]/g
const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i

/** What was typed into a field: nothing, a number, or else the text, which the schema will judge. */
export function parseEntry(text: string): number | string | undefined {
  const dense = text.replace(spaces, '').replace('\u2212', '-')
  if (dense === '') return undefined
  const value = number.test(dense) ? Number(dense) : NaN
  return Number.isFinite(value) ? value : text.trim()
}

/** A value in an address, where it is given once. */
export function entryInAddress(query: LocationQuery, name: string): number | string | undefined {
  const text = query[name]
  return typeof text === 'string' ? parseEntry(text) : undefined
}

/** Entries separated by commas, semicolons or spaces; `0–4` and `0..4` stand for whole numbers from one to the other. */
export function parseEntries(text: string): (number | string)[] {
  return text
    .split(/[,;\s]+/)
    .filter((part) => part !== '')
    .flatMap((part) => {
      const range = /^(\d+)(?:–|-|\.\.|…)(\d+)$/.exec(part)
      if (!range) return [parseEntry(part)!]
      const [from, to] = [Number(range[1]), Number(range[2])]
      const count = to - from + 1
      if (count < 1 || count > limits.seeds.max) return [part]
      return Array.from({ length: count }, (_, i) => from + i)
    })
}

/** As a person would type it. */
export function writeEntry(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(writeEntry).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Values of any kind: entries, or a JSON list. */
export function parseValues(text: string): unknown[] {
  if (!text.trim().startsWith('[')) return parseEntries(text)
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list : [text]
  } catch {
    return [text]
  }
}

/** Values as `parseValues` reads them: as a person would type them, else as a JSON list. */
export function writeValues(values: readonly unknown[]): string {
  const text = writeEntry(values)
  return JSON.stringify(parseValues(text)) === JSON.stringify(values) ? text : JSON.stringify(values)
}

/** What stands at a path, in a few letters: a number in six digits, an object by its kind, a choice by its words. */
export function shortEntry(value: unknown, path: string): string {
  if (typeof value === 'number') return formatShort(value, 6)
  const { kind } = (value ?? {}) as { kind?: unknown }
  const word = typeof kind === 'string' ? kind : writeEntry(value)
  return valueWords(word, path)
}
