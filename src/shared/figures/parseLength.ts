import { millimetersPerInch, texPointsPerInch } from './venues.ts'

const perInch: Readonly<Record<string, number>> = {
  in: 1,
  mm: millimetersPerInch,
  cm: millimetersPerInch / 10,
  pt: texPointsPerInch,
}

/** A length with its unit (in, mm, cm, or TeX's pt) in inches; null where it is none. */
export function parseLength(text: string): number | null {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*(in|mm|cm|pt)\s*$/.exec(text) ?? []
  return unit === undefined ? null : Number(number) / perInch[unit]!
}
