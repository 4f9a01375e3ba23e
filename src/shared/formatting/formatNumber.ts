const thinSpace = '\u2009'
const minus = '\u2212'
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** A whole number with thin spaces between groups of three: 12 345 678. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return formatUnusual(value)
  return signed(value, (size) => groupDigits(String(Math.round(size))))
}

/** A fixed number of decimals, with a true minus. */
export function formatFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return formatUnusual(value)
  const text = Math.abs(value).toFixed(decimals)
  return (value < 0 && Number(text) !== 0 ? minus : '') + groupDigits(text)
}

/** A value that was given, not measured: as short as it was written. */
export function formatGiven(value: number): string {
  const text = formatNumber(value, 15)
  return text.includes('.') && !text.includes('×') ? text.replace(/0+$/, '').replace(/\.$/, '') : text
}

/** As a researcher writes a measured value: few digits near 1, powers of ten far from it. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return formatUnusual(value)
  if (value === 0) return '0'
  return signed(value, (size) => {
    const exponent = Math.floor(Math.log10(size))
    if (exponent < -4 || exponent >= 6) return scientific(size, digits)
    if (Number.isInteger(size)) return groupDigits(String(size))
    return groupDigits(size.toFixed(Math.max(0, Math.min(12, digits - 1 - exponent))))
  })
}

/** 10ⁿ in superscript digits, as tick labels of a logarithmic axis have it. */
export function formatPowerOfTen(exponent: number): string {
  if (exponent === 0) return '1'
  if (exponent === 1) return '10'
  return '10' + superscript(exponent)
}

/** A share as a percentage with one decimal below ten. */
export function formatShare(share: number, decimals = 1): string {
  return `${formatFixed(share * 100, decimals)}${thinSpace}%`
}

/** 512 B, 9.0 MB, 1.2 GB: decimal units, two digits or more. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  let size = bytes
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${unit === 0 || size >= 9.95 ? Math.round(size) : size.toFixed(1)}${thinSpace}${units[unit]}`
}

function scientific(size: number, digits: number): string {
  const [mantissa, exponent] = size.toExponential(digits - 1).split('e') as [string, string]
  const shortest = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa
  const power = '10' + superscript(Number(exponent))
  return shortest === '1' ? power : `${shortest}${thinSpace}×${thinSpace}${power}`
}

/** A whole number in raised digits. */
export function superscript(value: number): string {
  return (value < 0 ? '⁻' : '') + [...String(Math.abs(value))].map((digit) => superscripts[Number(digit)]).join('')
}

function groupDigits(text: string): string {
  const [whole, fraction] = text.split('.') as [string, string?]
  const grouped = whole.length > 3 ? whole.replace(/\B(?=(\d{3})+$)/g, thinSpace) : whole
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

function signed(value: number, format: (size: number) => string): string {
  const text = format(Math.abs(value))
  return value < 0 && text !== '0' ? minus + text : text
}

function formatUnusual(value: number): string {
  if (Number.isNaN(value)) return 'not a number'
  return value > 0 ? '∞' : `${minus}∞`
}
