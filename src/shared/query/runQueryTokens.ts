export interface Token {
  kind: 'word' | 'quoted' | 'operator' | 'parenthesis'
  /** Without quotes. */
  text: string
  from: number
  to: number
  /** Of a quoted text whose end is missing. */
  isOpen?: true
}

/** Words hold no colon, but those that follow a comparison may, as the values that they are. */
const pattern =
  /\s+|(?<quoted>"(?<inner>[^"]*)(?<end>"?))|(?<operator><=|>=|!=|[=<>:≤≥≠])|(?<parenthesis>[()])|(?<word>(?<=[=<>:≤≥≠]\s*)[^\s"<>=!:≤≥≠()][^\s"<>=!≤≥≠()]*|[^\s"<>=!:≤≥≠()]+|!)/gu

const synonyms: Record<string, string> = { '≤': '<=', '≥': '>=', '≠': '!=' }

/** A value as a filter has it. Quotes have no place in one: `*` stands for each of them. */
export function quotedValue(value: string): string {
  const isWord = /^[^\s"<>=!:≤≥≠()][^\s"<>=!≤≥≠()]*$/u.test(value) && value.toLowerCase() !== 'none'
  return isWord ? value : `"${value.replaceAll('"', '*')}"`
}

/** Splits a filter into words, texts in quotes, comparisons and parentheses; every character lands somewhere. */
export function runQueryTokens(text: string): Token[] {
  const tokens: Token[] = []
  for (const match of text.matchAll(pattern)) {
    const { quoted, inner = '', end, operator, parenthesis, word } = match.groups!
    const place = { from: match.index, to: match.index + match[0].length }
    if (quoted !== undefined)
      tokens.push({ kind: 'quoted', text: inner, ...place, ...(end === '' && { isOpen: true }) })
    else if (operator) tokens.push({ kind: 'operator', text: synonyms[operator] ?? operator, ...place })
    else if (parenthesis) tokens.push({ kind: 'parenthesis', text: parenthesis, ...place })
    else if (word) tokens.push({ kind: 'word', text: word, ...place })
  }
  return tokens
}
