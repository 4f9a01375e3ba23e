import type { NumericKind } from './runFields.ts'

/** The numbers that a written value stands for: one, or for a date all from its first moment up to its end. */
export interface Interval {
  from: number
  /** Excluded; equal to `from` for a single number. */
  to: number
}

const units: Record<NumericKind, Record<string, number>> = {
  number: { k: 1e3, M: 1e6 },
  share: { '%': 0.01 },
  duration: { ms: 1e-3, s: 1, min: 60, h: 3600, d: 86_400 },
  date: {},
}

/** What a value of each kind looks like, for a person who wrote another. */
export const valueExamples: Record<NumericKind, string> = {
  number: 'a number such as 37, 1e-3, 10k or 2M',
  share: 'a share such as 0.7 or 70%',
  duration: 'a time such as 90, 90s, 5min, 2h or 3d',
  date: 'a day such as 2026-11-23, a month such as 2026-11, or a year',
}

/** The value, or `undefined` where the text is none of this kind. */
export function parseValue(text: string, kind: NumericKind): Interval | undefined {
  if (kind === 'date') return parseDate(text)
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(\D*)$/i.exec(text)
  if (!match) return undefined
  const [, digits = '', unit = ''] = match
  const factor = unit === '' ? 1 : Object.hasOwn(units[kind], unit) ? units[kind][unit] : undefined
  if (factor === undefined) return undefined
  // By its power of ten, where the factor is one: 10.4% is to be the number that 0.104 is, which 10.4 · 0.01 is not.
  const power = Math.log10(factor)
  const [mantissa, exponent = 0] = digits.toLowerCase().split('e')
  const value = Number.isInteger(power) ? Number(`${mantissa}e${Number(exponent) + power}`) : Number(digits) * factor
  return { from: value, to: value }
}

function parseDate(text: string): Interval | undefined {
  const match = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text)
  if (!match) return undefined
  const [year, month, day] = match.slice(1).map((part) => (part === undefined ? undefined : Number(part)))
  const from = new Date(year!, (month ?? 1) - 1, day ?? 1)
  if (from.getMonth() !== (month ?? 1) - 1 || from.getDate() !== (day ?? 1)) return undefined
  const to = day ? new Date(year!, month! - 1, day + 1) : month ? new Date(year!, month, 1) : new Date(year! + 1, 0, 1)
  return { from: from.getTime(), to: to.getTime() }
}
