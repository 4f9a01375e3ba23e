/** A Python literal as far as headers of `.npy` files need it; a tuple and a list are arrays. */
export type PythonValue = string | bigint | boolean | null | PythonValue[] | PythonTuple | Map<PythonValue, PythonValue>

/** Told from a list, as NumPy tells them. */
export class PythonTuple {
  readonly items: readonly PythonValue[]

  constructor(items: readonly PythonValue[]) {
    this.items = items
  }
}

/**
 * Reads strings in any quotes, whole numbers (Python 2's `37L` too), True, False, None, tuples, lists and dictionaries,
 * as Python's `ast.literal_eval` does. Throws a SyntaxError for anything else.
 */
export function parsePythonLiteral(text: string): PythonValue {
  let at = 0
  skipBlank()
  const value = readValue(0)
  if (at < text.length) fail()
  return value

  function readValue(depth: number): PythonValue {
    if (depth > deepest) throw new SyntaxError(`nested more than ${deepest} deep`)
    const value = readPlain(depth)
    skipBlank()
    return value
  }

  function readPlain(depth: number): PythonValue {
    if (take('(')) return readTuple(depth)
    if (take('[')) return readItems(']', () => readValue(depth + 1)).items
    if (take('{')) return new Map(readItems('}', () => readPair(depth)).items)
    const word = match(/(True|False|None)\b/y)
    if (word) return word[1] === 'None' ? null : word[1] === 'True'
    const number = match(/([+-]?)(0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d+(?:_\d+)*)[lL]?(?![\w.])/y)
    if (number) return (number[1] === '-' ? -1n : 1n) * BigInt(number[2]!.replaceAll('_', ''))
    return readStrings()
  }

  /** Parentheses alone only group: it is the comma that makes a tuple. */
  function readTuple(depth: number): PythonValue {
    const { items, endsInComma } = readItems(')', () => readValue(depth + 1))
    return items.length === 1 && !endsInComma ? items[0]! : new PythonTuple(items)
  }

  function readItems<Item>(end: string, readItem: () => Item): { items: Item[]; endsInComma: boolean } {
    const items: Item[] = []
    let endsInComma = false
    skipBlank()
    while (!take(end)) {
      if (items.length > 0 && !endsInComma) fail()
      items.push(readItem())
      endsInComma = take(',')
      skipBlank()
    }
    return { items, endsInComma }
  }

  function readPair(depth: number): [PythonValue, PythonValue] {
    const key = readValue(depth + 1)
    if (!take(':')) fail()
    skipBlank()
    return [key, readValue(depth + 1)]
  }

  /** Strings that stand side by side are one. */
  function readStrings(): string {
    let value: string | undefined
    for (;;) {
      const found = match(/([uUbBrR]{0,2})("""|'''|"|')((?:\\[^]|(?!\2)[^\\])*)\2/y)
      if (!found) break
      value = (value ?? '') + (/r/i.test(found[1]!) ? found[3]! : unescape(found[3]!))
      skipBlank()
    }
    return value ?? fail()
  }

  /** Blanks, ends of lines and comments. */
  function skipBlank(): void {
    match(/(?:\s|#[^\n]*|\\\r?\n)*/y)
  }

  function take(character: string): boolean {
    if (text[at] !== character) return false
    at += 1
    return true
  }

  function match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at = pattern.lastIndex
    return found
  }

  function fail(): never {
    throw new SyntaxError(`character ${at + 1} is not understood`)
  }
}

const deepest = 32

function unescape(text: string): string {
  return text.replaceAll(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|\r?\n|[^])/g, (_, escape: string) => {
    if (/^[xu]./.test(escape)) return String.fromCharCode(parseInt(escape.slice(1), 16))
    if (escape.endsWith('\n')) return ''
    return simpleEscapes[escape] ?? (/[\\'"]/.test(escape) ? escape : `\\${escape}`)
  })
}

const simpleEscapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  0: '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
}
