const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** What a person reads in a numeral: its value, and how much its last digit counts. */
export function parseNumeral(text: string): { value: number; lastDigit: number } {
  const [, minus, whole, fraction = '', power] =
    /^(\u2212?)([\d\u2009]*)(?:\.(\d+))?(?:\u2009×\u2009)?(?:10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?$/.exec(text) ?? []
  if (whole === undefined) throw new RangeError(`"${text}" is no numeral`)
  const exponent = power ? Number([...power].map((sign) => (sign === '⁻' ? '-' : digits.indexOf(sign))).join('')) : 0
  const mantissa = `${whole.replaceAll('\u2009', '') || '1'}${fraction ? `.${fraction}` : ''}`
  return {
    value: Number(`${minus ? '-' : ''}${mantissa}e${exponent}`),
    lastDigit: Number(`1e${exponent - fraction.length}`),
  }
}
