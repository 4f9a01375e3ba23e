import { printable } from './printable.ts'

/**
 * A text as one word of a shell, whatever is in it. Where a terminal would act on a part of it, such as a line break, the word is one of
 * `$'…'`, which bash, zsh and POSIX of 2024 know, so that it can be shown and pasted.
 */
export function shellQuoted(text: string): string {
  if (/^[\w./:@%+=,-]+$/.test(text)) return text
  if (printable(text) === text) return `'${text.replaceAll("'", String.raw`'\''`)}'`
  return `$'${Array.from(text, (character) => (isPlain(character) ? character : inOctal(character))).join('')}'`
}

function isPlain(character: string): boolean {
  return printable(character) === character && !`'\\!`.includes(character)
}

/** Its bytes in UTF-8. */
function inOctal(character: string): string {
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`
  const encoded = encodeURIComponent(character.toWellFormed())
  if (encoded === character) return octal(character.charCodeAt(0))
  return encoded.replaceAll(/%(..)/g, (_, hex: string) => octal(parseInt(hex, 16)))
}
