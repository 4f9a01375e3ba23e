import { findField } from '../../../shared/specification/fields.ts'
import { valueWords } from '../../../shared/specification/fieldWords.ts'
import { formatGiven } from '../../../shared/formatting/formatNumber.ts'

/** A path of a specification in few words, marked for `setSymbols`; the path itself where there are none. */
export function fieldLabel(path: string): string {
  const words = findField(path)?.words
  if (!words) return path.replaceAll('.', ' ')
  const { label, symbol = '' } = words
  return `${label} ${/^[A-Za-z]$/.test(symbol) ? `$${symbol}$` : symbol}`.trim()
}

/** A value at a path of a specification as read: numbers set as numbers, choices in words, long lists by their length. */
export function valueLabel(value: string | null, path: string): string {
  if (value === null) return '–'
  const number = Number(value)
  if (value !== '' && Number.isFinite(number)) return formatGiven(number)
  if (value.startsWith('[') && value.length > 16) return `${(JSON.parse(value) as unknown[]).length} of them`
  return valueWords(value, path)
}
