import { quote } from './quote.ts'

/** Where a text stops being JSON, or an object of it has a name a second time, and why. */
export interface JsonMistake {
  at: number
  message: string
}

/** What may come next: a value, a name, what follows either, or nothing more; in words. */
const expectations = {
  value: 'a value',
  valueOrEnd: 'a value or ]',
  name: 'a name in double quotes',
  nameOrEnd: 'a name in double quotes or }',
  colon: 'a colon',
  afterField: 'a comma or }',
  afterEntry: 'a comma or ]',
  nothing: 'nothing more',
}
type Expected = keyof typeof expectations

const ends: Partial<Record<Expected, string>> = { nameOrEnd: '}', afterField: '}', valueOrEnd: ']', afterEntry: ']' }
const separators: Partial<Record<Expected, string>> = { colon: ':', afterField: ',', afterEntry: ',' }
const space = /[ \t\n\r]*/y
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y
const plain = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const word = /[\p{L}\p{N}_.+-]+|./suy

/**
 * Why and where a text that `JSON.parse` refuses is no JSON, since engines do not say it in the same words, nor always
 * where; and where a name stands twice in an object, of which `JSON.parse` drops the first value in silence. Null where
 * nothing is found.
 */
export function findJsonMistake(text: string): JsonMistake | null {
  const open: ('afterField' | 'afterEntry')[] = []
  const names: Set<string>[] = []
  let expected = 'value' as Expected
  let at = skip(space, text, 0)
  while (at < text.length) {
    const character = text[at]!
    const isValue = expected === 'value' || expected === 'valueOrEnd'
    if (character === ends[expected]) {
      if (open.pop() === 'afterField') names.pop()
      expected = open.at(-1) ?? 'nothing'
      at++
    } else if (character === separators[expected]) {
      expected = expected === 'afterField' ? 'name' : 'value'
      at++
    } else if (isValue && (character === '{' || character === '[')) {
      open.push(character === '{' ? 'afterField' : 'afterEntry')
      if (character === '{') names.push(new Set())
      expected = character === '{' ? 'nameOrEnd' : 'valueOrEnd'
      at++
    } else if (character === '"' && (isValue || expected === 'name' || expected === 'nameOrEnd')) {
      const string = readString(text, at)
      if ('mistake' in string) return string.mistake
      if (!isValue) {
        const name = JSON.parse(text.slice(at, string.end)) as string
        if (names.at(-1)!.has(name)) return { at, message: `${quote(name)} stands for the second time in one object` }
        names.at(-1)!.add(name)
      }
      expected = isValue ? (open.at(-1) ?? 'nothing') : 'colon'
      at = string.end
    } else {
      const end = isValue ? skip(plain, text, at) : at
      if (end === at) return { at, message: wordsFor(expected, text, at) }
      expected = open.at(-1) ?? 'nothing'
      at = end
    }
    at = skip(space, text, at)
  }
  return expected === 'nothing' ? null : { at, message: `the text ends where ${expectations[expected]} is expected` }
}

/** Where a token that begins here ends; here where it is not there. */
function skip(token: RegExp, text: string, at: number): number {
  token.lastIndex = at
  return token.test(text) ? token.lastIndex : at
}

function readString(text: string, start: number): { end: number } | { mistake: JsonMistake } {
  for (let at = start + 1; at < text.length && text[at]! >= ' '; at++) {
    if (text[at] === '"') return { end: at + 1 }
    if (text[at] !== '\\') continue
    const end = skip(escaped, text, at)
    if (end === at) return { mistake: { at, message: 'this \\ means nothing; one that is meant is written \\\\' } }
    at = end - 1
  }
  return { mistake: { at: start, message: 'the quotes that open here are not closed in this line' } }
}

function wordsFor(expected: Expected, text: string, at: number): string {
  const character = text[at]!
  if (/^(?:\/[/*]|#)/.test(text.slice(at, at + 2))) return 'JSON has no comments'
  if (/['‘’“”]/.test(character)) return 'text stands in straight double quotes'
  const isAfterComma = expected === 'name' || (expected === 'value' && character === ']')
  if (isAfterComma && (character === '}' || character === ']'))
    return `nothing follows the comma before this ${character}`
  word.lastIndex = at
  const [found] = word.exec(text)!
  const shown = /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(found) ? found.slice(0, 40) : quote(found)
  return `${expectations[expected]} is expected here, not ${shown}`
}
