/**
 * Characters that a terminal, an XML reader or the direction of writing acts upon instead of showing them: control
 * characters (C0, DEL, C1), marks of direction, separators of lines and paragraphs, halves of surrogate pairs, and the
 * two noncharacters that XML does not know.
 */
const acting = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufffe\uffff]/gu

/** The text with U+FFFD in place of each character that would act on what shows it; as long as before. */
export function printable(text: string): string {
  return text.replaceAll(acting, '\ufffd')
}

/** The same for a text of several lines, which stay lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}

/** JSON in which such characters are escaped also where JSON itself lets them stand. */
export function printableJson(value: unknown, indent?: number): string {
  return escapeActing(JSON.stringify(value, null, indent))
}

/** What stands in JSON, with such characters escaped; its own line breaks are kept. */
export function escapeActing(json: string): string {
  return json.replaceAll(acting, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Such characters in a text, in order, but for those allowed. */
export function findActing(text: string, allowed = ''): { character: string; at: number } | undefined {
  for (const { 0: character, index } of text.matchAll(acting)) {
    if (!allowed.includes(character)) return { character, at: index }
  }
  return undefined
}
