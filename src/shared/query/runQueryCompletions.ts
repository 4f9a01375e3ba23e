import type { RunValueCount } from '../contract/runs.ts'
import { findRunField, runFields, type RunField } from './runFields.ts'
import { keywords, orderings } from './runQuery.ts'
import { quotedValue, runQueryTokens, type Token } from './runQueryTokens.ts'

export interface Completion {
  text: string
  help: string
}

/** What may stand at the cursor, and the part of the text that a choice replaces. */
export interface Completions {
  from: number
  to: number
  options: Completion[]
}

const maxValues = 50
const collator = new Intl.Collator('en', { numeric: true })

/** What a person may go on with at `cursor`; `known` are values that runs have of the field that `valueAt` tells. */
export function runQueryCompletions(text: string, cursor: number, known: readonly RunValueCount[] = []): Completions {
  const { from, to, typed, before } = placeAt(text, cursor)
  const options = candidates(before, known).filter((option) => startOf(option.text).startsWith(typed))
  return { from, to, options }
}

/** The field whose values may stand at `cursor`, and how the value begins that is typed there; null where none may. */
export function valueAt(text: string, cursor: number): { field: RunField; typed: string } | null {
  const { typed, before } = placeAt(text, cursor)
  const field = fieldBefore(before)
  return field && field.kind !== 'date' && field.kind !== 'duration' ? { field, typed } : null
}

function placeAt(text: string, cursor: number) {
  const tokens = runQueryTokens(text)
  const current = tokens.find(({ kind, from, to }) => from < cursor && cursor <= to && isTyped(kind))
  const before = tokens.filter(({ to }) => to <= (current?.from ?? cursor))
  const typed = current ? startOf(text.slice(current.from, cursor)) : ''
  return { from: current?.from ?? cursor, to: current?.to ?? cursor, typed, before }
}

function startOf(text: string): string {
  return text.replace(/^"/, '').toLowerCase()
}

/** The field whose comparison is the last before a place. */
function fieldBefore(before: readonly Token[]): RunField | undefined {
  const [operator, name] = [before.at(-1), before.at(-2)]
  return operator?.kind === 'operator' && name ? findRunField(name.text) : undefined
}

function candidates(before: readonly Token[], known: readonly RunValueCount[]): Completion[] {
  const [last, beforeLast, third] = [before.at(-1), before.at(-2), before.at(-3)]
  if (last?.kind === 'operator') {
    const field = fieldBefore(before)
    return field ? values(field, known) : []
  }
  const isValue = beforeLast?.kind === 'operator' && third !== undefined
  const field = last?.kind === 'word' && !isValue ? findRunField(last.text) : undefined
  if (field) return operators(field)
  const isAfterTerm = last !== undefined && last.text !== '(' && !isKeyword(last)
  return [...fields(), ...keywordsAt(isAfterTerm)]
}

function fields(): Completion[] {
  return runFields.map(({ names, help }) => ({ text: names[0], help }))
}

function keywordsAt(isAfterTerm: boolean): Completion[] {
  const help: Record<string, string> = { and: 'both must hold', or: 'one must hold', not: 'must not hold' }
  return keywords
    .filter((keyword) => isAfterTerm || keyword === 'not')
    .map((keyword) => ({ text: keyword, help: help[keyword]! }))
}

function operators({ kind }: RunField): Completion[] {
  if (kind === 'text') return [option(':', 'contains'), option('=', 'is'), option('!=', 'is not')]
  if (kind === 'word') return [option(':', 'is'), option('!=', 'is not')]
  return [option('=', 'equals'), ...orderings.map((ordering) => option(ordering, '')), option('!=', 'differs from')]
}

/** The values that a field can have or that it has, the most frequent first. */
function values(field: RunField, known: readonly RunValueCount[]): Completion[] {
  const counts = new Map<string, number>()
  for (const word of field.words ?? []) counts.set(word, 0)
  for (const { value, count } of known) counts.set(value, count)
  return [...counts]
    .sort(([a, often], [b, oftenToo]) => oftenToo - often || collator.compare(a, b))
    .slice(0, maxValues)
    .map(([value, count]) => option(quotedValue(value), count === 1 ? '1 run' : `${count} runs`))
}

function option(text: string, help: string): Completion {
  return { text, help }
}

function isTyped(kind: Token['kind']): boolean {
  return kind === 'word' || kind === 'quoted'
}

function isKeyword({ kind, text }: Token): boolean {
  return kind === 'word' && keywords.includes(text.toLowerCase())
}
