/** Characters that act on a terminal, on XML or on the direction of writing, each between two letters. */
export const hostileCharacters = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, i) => 0x7f + i),
  0x061c,
  ...[0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e],
  ...[0x2066, 0x2067, 0x2068, 0x2069, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xfffe, 0xffff],
].map((code) => `a${String.fromCharCode(code)}b`)

/** A title for the window, a cleared screen, a link, a turned direction, a false line. */
export const hostileText = '\u001b]0;owned\u0007\u001b[2J\u009b31mred\u202eder\u001b]8;;http://evil\u0007\r\nfake\tline'

/** Whether a text holds anything of that kind; line breaks are where lines end. */
export function acts(text: string): boolean {
  return /[^\n\P{Cc}]|[\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/u.test(text)
}
