import { superscript } from './formatNumber.ts'

const exponent = /(\d(?:\.\d+)?)e([+-]?\d+)/g

/** Numbers in a text as they are set in print: 2.3e-20 … 6.5e-20 becomes 2.3 × 10⁻²⁰–6.5 × 10⁻²⁰. */
export function setNumbers(text: string): string {
  return text
    .replace(
      exponent,
      (_, mantissa: string, power: string) => `${mantissa}\u2009×\u200910${superscript(Number(power))}`,
    )
    .replace(/ … /g, '–')
    .replace(/(?<![\w.])-(?=\d)/g, '\u2212')
}
