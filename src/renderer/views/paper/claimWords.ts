import { formatNumber } from '../../../shared/formatting/formatNumber.ts'

/** A claim's numbers as a person reads them: `3.89e-20 … 4.06e-20` → 3.89 × 10⁻²⁰ – 4.06 × 10⁻²⁰, with a true minus. */
export function claimWords(text: string): string {
  return text
    .replace(/(?<![\w.])-?\d+(?:\.\d+)?e[+-]?\d+/gi, (number) => formatNumber(Number(number), digitsOf(number)))
    .replace(/(?<![\w.])-(?=\d)/g, '\u2212')
    .replace(/\s*…\s*/g, '–')
}

function digitsOf(number: string): number {
  return number.replace(/e.*$/i, '').replace(/\D/g, '').length
}
