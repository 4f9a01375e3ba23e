import type { RunSummary } from '../run.ts'
import { findRunField, readRunField, runFields, type RunField } from './runFields.ts'
import { keywords, orderings } from './runQuery.ts'
import { runQueryTokens, type Token } from './runQueryTokens.ts'

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

const mostValues = 50
const collator = new Intl.Collator('en', { numeric: true })

/** What a person may go on with at `cursor`; values such as tags and names are those of `runs`. */
export function runQueryCompletions(text: string, cursor: number, runs: readonly RunSummary[] = []): Completions {
  const tokens = runQueryTokens(text)
  const current = tokens.find(({ kind, from, to }) => from < cursor && cursor <= to && isTyped(kind))
  const before = tokens.filter(({ to }) => to <= (current?.from ?? cursor))
  const place = { from: current?.from ?? cursor, to: current?.to ?? cursor }
  const typed = current ? text.slice(current.from, cursor).replace(/^"/, '').toLowerCase() : ''
  const options = candidates(before, runs).filter((option) =>
    option.text.replace(/^"/, '').toLowerCase().startsWith(typed),
  )
  return { ...place, options }
}

function candidates(before: readonly Token[], runs: readonly RunSummary[]): Completion[] {
  const [last, beforeLast, third] = [before.at(-1), before.at(-2), before.at(-3)]
  if (last?.kind === 'operator') {
    const field = beforeLast && findRunField(beforeLast.text)
    return field ? values(field, runs) : []
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
function values(field: RunField, runs: readonly RunSummary[]): Completion[] {
  const counts = new Map<string, number>()
  for (const word of field.words ?? []) counts.set(word, 0)
  if (field.kind !== 'date' && field.kind !== 'duration') {
    for (const run of runs) {
      for (const value of readRunField(field, run)) {
        if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1)
      }
    }
  }
  return [...counts]
    .sort(([a, often], [b, oftenToo]) => oftenToo - often || collator.compare(a, b))
    .slice(0, mostValues)
    .map(([value, count]) => option(quoted(value), count === 1 ? '1 run' : `${count} runs`))
}

function quoted(value: string): string {
  return /[\s"<>=!:≤≥≠()]/u.test(value) ? `"${value.replaceAll('"', '')}"` : value
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
