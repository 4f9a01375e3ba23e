import { runFields } from '../../../shared/query/runFields.ts'
import { parseRunQuery } from '../../../shared/query/runQuery.ts'
import { runQueryTokens } from '../../../shared/query/runQueryTokens.ts'

/**
 * The parts of a filter that must all hold, each as it was written. A filter with `or` outside parentheses is one part;
 * a text that is no filter yet is one part too.
 */
export function queryTerms(text: string): string[] {
  const terms: string[] = []
  const tokens = runQueryTokens(text)
  let depth = 0
  let from = -1
  for (const [place, token] of tokens.entries()) {
    const word = token.kind === 'word' ? token.text.toLowerCase() : ''
    if (depth === 0 && word === 'or') return [text.trim()]
    if (depth === 0 && word === 'and') continue
    if (from < 0) from = token.from
    if (token.kind === 'parenthesis') depth += token.text === '(' ? 1 : -1
    const next = tokens[place + 1]
    const goesOn = next?.kind === 'operator' || token.kind === 'operator' || word === 'not'
    if (depth > 0 || (goesOn && next)) continue
    terms.push(text.slice(from, token.to))
    from = -1
  }
  if (from >= 0) terms.push(text.slice(from).trim())
  return terms
}

/** The parts joined again. */
export function joinTerms(terms: readonly string[]): string {
  return terms.filter((term) => term.trim() !== '').join(' and ')
}

/** The text without a last word that may become the name of a field or join terms, so that nothing vanishes while it is typed. */
export function withoutUnfinished(text: string): string {
  const last = runQueryTokens(text).at(-1)
  if (last?.kind !== 'word' || last.to < text.length) return text
  const typed = last.text.toLowerCase()
  const before = text.slice(0, last.from).trimEnd()
  const joining = before === '' ? ['not'] : ['and', 'or', 'not']
  const names = [...joining, ...runFields.flatMap((field) => field.names)]
  const begins = names.some((name) => name.toLowerCase().startsWith(typed))
  if (!begins || /[<>=:]$/.test(before)) return text
  return before.replace(/(^|\s)(and|or|not)$/i, '').trimEnd()
}

/**
 * The parts and what is typed after one of the parts is taken up to be changed: what was being typed becomes a part, and where it cannot
 * be one yet, all stays as it is.
 */
export function takeUp(
  index: number,
  { terms, typing }: { terms: readonly string[]; typing: string },
): { terms: readonly string[]; typing: string } {
  if (!isFilter(typing)) return { terms, typing }
  return { terms: [...terms.toSpliced(index, 1), ...queryTerms(typing)], typing: terms[index]! }
}

export function isFilter(text: string): boolean {
  try {
    parseRunQuery(text)
    return true
  } catch {
    return false
  }
}
