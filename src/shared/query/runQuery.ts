import { LabError } from '../errors.ts'
import { deepestNesting } from '../findUnacceptable.ts'
import { didYouMean, nearestNames } from '../nearestNames.ts'
import { quote } from '../quote.ts'
import { findRunField, isTextField, runFields, type NumericField, type RunField } from './runFields.ts'
import { runQueryTokens, type Token } from './runQueryTokens.ts'
import { parseValue, valueExamples, type Interval } from './runQueryValues.ts'

export const orderings = ['<', '<=', '>', '>='] as const
type Ordering = (typeof orderings)[number]

/** A filter as a tree. `isEqual` comparisons of a word may hold `*` for any letters; `null` stands for `none`. */
export type RunQuery =
  | { kind: 'and' | 'or'; parts: RunQuery[] }
  | { kind: 'not'; part: RunQuery }
  | { kind: 'free'; text: string }
  | { kind: 'missing'; field: RunField }
  | { kind: 'number'; field: NumericField; operator: Ordering | '='; value: Interval }
  | { kind: 'text'; field: RunField; match: 'whole' | 'part'; text: string }

const longestQuery = 4096

/** Where in a filter the mistake is; `to` is excluded. */
export interface QueryPlace {
  from: number
  to: number
}

/**
 * Reads a filter such as `p = 37 and (t_grok < 2500 or tag:euler) not status:failed`; terms that stand side by side
 * must all hold. Throws `INVALID_QUERY` with the place (`QueryPlace` as detail), what stands there and what is allowed.
 */
export function parseRunQuery(text: string): RunQuery {
  if (text.length > longestQuery) {
    throw mistake({ from: longestQuery, to: text.length }, `a filter has at most ${longestQuery} characters`)
  }
  const parser = new Parser(runQueryTokens(text), text.length)
  return parser.query()
}

class Parser {
  readonly #tokens: Token[]
  readonly #length: number
  #next = 0
  #depth = 0

  constructor(tokens: Token[], length: number) {
    this.#tokens = tokens
    this.#length = length
  }

  query(): RunQuery {
    if (this.#tokens.length === 0) return { kind: 'and', parts: [] }
    const query = this.#or()
    const rest = this.#tokens[this.#next]
    if (rest) throw mistake(rest, `unexpected ${quote(rest.text)}; no parenthesis is open here`)
    return query
  }

  #or(): RunQuery {
    const parts = [this.#and()]
    while (this.#takeKeyword('or')) parts.push(this.#and())
    return parts.length === 1 ? parts[0]! : { kind: 'or', parts }
  }

  #and(): RunQuery {
    const parts = [this.#not()]
    while (this.#takeKeyword('and') || this.#startsTerm()) parts.push(this.#not())
    return parts.length === 1 ? parts[0]! : { kind: 'and', parts }
  }

  #not(): RunQuery {
    const not = this.#tokens[this.#next]
    if (this.#takeKeyword('not')) return { kind: 'not', part: this.#within(not!, () => this.#not()) }
    const token = this.#take('a field, a word or a parenthesis')
    if (token.text === '(' && token.kind === 'parenthesis') return this.#parenthesized(token)
    if (token.kind === 'quoted') return { kind: 'free', text: closed(token).text }
    if (token.kind !== 'word' || keywords.includes(token.text.toLowerCase())) {
      throw mistake(token, `unexpected ${quote(token.text)}; a field, a word or a parenthesis belongs here`)
    }
    return this.#term(token)
  }

  #parenthesized(open: Token): RunQuery {
    const inner = this.#within(open, () => this.#or())
    const close = this.#tokens[this.#next++]
    if (close?.text !== ')' || close.kind !== 'parenthesis') throw mistake(open, 'this parenthesis is not closed')
    return inner
  }

  /** What a parenthesis or a `not` holds; they may stand within one another so deep, and no deeper. */
  #within(opener: Token, read: () => RunQuery): RunQuery {
    if (this.#depth >= deepestNesting) {
      throw mistake(opener, `parentheses and "not" stand within one another at most ${deepestNesting} deep`)
    }
    this.#depth += 1
    const inner = read()
    this.#depth -= 1
    return inner
  }

  #term(name: Token): RunQuery {
    const operator = this.#tokens[this.#next]
    const field = findRunField(name.text)
    if (operator?.kind !== 'operator') {
      if (field) throw mistake(name, `${quote(name.text)} needs a comparison, such as ${exampleOf(field)}`)
      return { kind: 'free', text: name.text }
    }
    if (!field) throw unknownField(name)
    this.#next += 1
    const value = this.#take(`a value for ${field.names[0]}`)
    if (value.kind !== 'word' && value.kind !== 'quoted') {
      throw mistake(value, `unexpected ${quote(value.text)}; a value for ${field.names[0]} belongs here`)
    }
    return comparison(field, operator, closed(value))
  }

  #startsTerm(): boolean {
    const token = this.#tokens[this.#next]
    if (!token || token.text === ')') return false
    return token.kind !== 'word' || token.text.toLowerCase() !== 'or'
  }

  #takeKeyword(keyword: string): boolean {
    const token = this.#tokens[this.#next]
    const isThere = token?.kind === 'word' && token.text.toLowerCase() === keyword
    if (isThere) this.#next += 1
    return isThere
  }

  #take(expected: string): Token {
    const token = this.#tokens[this.#next++]
    if (!token) throw mistake({ from: this.#length, to: this.#length }, `the filter ends where ${expected} belongs`)
    return token
  }
}

export const keywords: readonly string[] = ['and', 'or', 'not']

function comparison(field: RunField, operator: Token, value: Token): RunQuery {
  if (operator.text === '!=') return { kind: 'not', part: comparison(field, { ...operator, text: '=' }, value) }
  const ordering = orderings.find((candidate) => candidate === operator.text)
  if (ordering && isTextField(field)) {
    throw mistake(operator, `${field.names[0]} has no order, so ${quote(operator.text)} cannot be; allowed: = : !=`)
  }
  if (value.kind === 'word' && value.text.toLowerCase() === 'none') {
    if (ordering) throw mistake(operator, `none has no order, so ${quote(operator.text)} cannot be; allowed: = : !=`)
    return { kind: 'missing', field }
  }
  const isWord = !ordering && field.words?.some((word) => word.toLowerCase() === value.text.toLowerCase())
  if (isTextField(field) || isWord) return textComparison(field, operator, value)
  const parsed = parseValue(value.text, field.kind)
  if (!parsed)
    throw mistake(value, `${quote(value.text)} is no value for ${field.names[0]}; ${valueExamples[field.kind]}`)
  return { kind: 'number', field, operator: ordering ?? '=', value: parsed }
}

function textComparison(field: RunField, operator: Token, value: Token): RunQuery {
  const text = 'present' in field && field.present ? field.present(value.text) : value.text
  if (field.words && !text.includes('*') && !field.words.includes(text.toLowerCase()) && !field.words.includes(text)) {
    throw mistake(value, `${quote(value.text)} is no ${field.names[0]}; one of ${field.words.join(', ')}, or none`)
  }
  const isPart = field.kind === 'text' && operator.text === ':'
  // A star stands for any letters there too, as where a quotation mark cannot be written.
  if (isPart && text.includes('*')) return { kind: 'text', field, match: 'whole', text: `*${text}*` }
  return { kind: 'text', field, match: isPart ? 'part' : 'whole', text }
}

function closed(token: Token): Token {
  if (token.isOpen) throw mistake(token, `the quotes before ${quote(token.text)} are not closed`)
  return token
}

function unknownField(name: Token): LabError {
  const near = nearestNames(
    name.text,
    runFields.flatMap((field) => field.names),
  )
  const shown = runFields.map((field) => field.names[0]).filter((each) => !each.includes('.'))
  const others = `; fields are ${shown.join(', ')}, and each of a specification by its path, such as dynamics.reduction`
  return mistake(name, `there is no field ${quote(name.text)}${near.length > 0 ? didYouMean(near) : others}`)
}

function exampleOf(field: RunField): string {
  return isTextField(field) ? `${field.names[0]}:…` : `${field.names[0]} = …`
}

function mistake({ from, to }: QueryPlace, what: string): LabError {
  return new LabError('INVALID_QUERY', `filter, character ${from + 1}: ${what}`, { from, to } satisfies QueryPlace)
}
