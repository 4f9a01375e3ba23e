const thinSpace = '\u2009'
const minus = '\u2212'
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'
/** Powers of ten between which numbers are written out. */
const [minPlain, maxPlain] = [-4, 5]

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
  return isPlainCount(value) ? formatCount(value) : formatShort(value, 15)
}

/** The same where it labels something: one that was computed, as the middle of two others, in six digits. */
export function formatLabel(value: number): string {
  return isPlainCount(value) ? formatCount(value) : formatShort(value, 6)
}

function isPlainCount(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 1e10
}

/** At most so many significant digits, and none that say nothing: 0.5, not 0.500. */
export function formatShort(value: number, digits: number): string {
  const text = formatNumber(roundDigits(value, digits), digits)
  return text.includes('.') && !text.includes('×') ? text.replace(/0+$/, '').replace(/\.$/, '') : text
}

/** As a researcher writes a measured value: few significant digits near 1, powers of ten far from it. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return formatUnusual(value)
  if (value === 0) return '0'
  return signed(value, (size) => {
    // After rounding: 0.99996 has the digits of 1.000.
    const exponent = exponentOf(roundDigits(size, digits))
    if (exponent < minPlain || exponent > maxPlain) return scientific(size, digits)
    if (Number.isInteger(size)) return groupDigits(String(size))
    return groupDigits(size.toFixed(Math.max(0, digits - 1 - exponent)))
  })
}

/** Whole multiples of a power of ten, such as the ticks of an axis, with the same decimals and the same power of ten. */
export function formatMultiples(multiples: readonly number[], power: number): string[] {
  const max = Math.max(...multiples.map(Math.abs))
  const exponent = max === 0 ? 0 : exponentOf(max) + power
  // Steps of a run are written out, however many they are.
  if (exponent >= -3 && exponent <= 9) {
    return multiples.map((multiple) => formatFixed(decimal(multiple, power), Math.max(0, -power)))
  }
  return multiples.map((multiple) => {
    const mantissa = formatFixed(decimal(multiple, power - exponent), Math.max(0, exponent - power))
    return multiple === 0 ? '0' : timesPower(mantissa, exponent)
  })
}

/** A multiple of a power of ten as the nearest number there is, without the noise of a product. */
export function decimal(multiple: number, power: number): number {
  return Number(`${multiple}e${power}`)
}

/** The nearest value of so many significant digits. */
export function roundDigits(value: number, digits: number): number {
  return Number(value.toPrecision(digits))
}

/** A positive bound in so many significant digits, on the side where it is kept: who enters what is told is not refused. */
export function roundBound(value: number, digits: number, side: 'below' | 'above'): number {
  const rounded = roundDigits(value, digits)
  if (side === 'below' ? rounded <= value : rounded >= value) return rounded
  const power = exponentOf(value) - digits + 1
  return decimal(Math.round(rounded / 10 ** power) + (side === 'below' ? -1 : 1), power)
}

/** The power of ten at or below a positive value. */
export function exponentOf(value: number): number {
  return Number(value.toExponential().split('e')[1])
}

/** A factor, 1 … 9, of a power of ten, as tick labels of a logarithmic axis have it: 1, 10⁻⁵, 2 × 10⁻⁵. */
export function formatPower(factor: number, exponent: number): string {
  if (exponent === 0) return String(factor)
  if (factor !== 1) return timesPower(String(factor), exponent)
  return exponent === 1 ? '10' : '10' + superscript(exponent)
}

/** A share as a percentage with one decimal below ten. */
export function formatShare(share: number, decimals = 1): string {
  return `${formatFixed(share * 100, decimals)}${thinSpace}%`
}

/** 512 B, 9.0 MiB, 25.7 GiB, 302 KiB: binary units, two digits or more. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let unit = 0
  let size = bytes
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  return `${unit === 0 || size >= 99.95 ? formatCount(size) : formatFixed(size, 1)}${thinSpace}${units[unit]}`
}

function scientific(size: number, digits: number): string {
  const [mantissa, exponent] = size.toExponential(digits - 1).split('e') as [string, string]
  const shortest = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa
  return shortest === '1' ? formatPower(1, Number(exponent)) : timesPower(shortest, Number(exponent))
}

function timesPower(mantissa: string, exponent: number): string {
  return `${mantissa}${thinSpace}×${thinSpace}10${superscript(exponent)}`
}

/** A whole number in raised digits. */
function superscript(value: number): string {
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
