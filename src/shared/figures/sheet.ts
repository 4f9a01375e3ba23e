import { parseLength } from './parseLength.ts'
import { findVenue, venues } from './venues.ts'

/** What a figure is printed on: the venue and a width there, and how its panels stand. */
export interface Sheet {
  venue: string
  /** One of the venue's, by its id, or a length such as `85 mm`. */
  width: string
  /** Height over width of one panel, without what its legend takes. */
  aspect: number
  columns: number
}

/** The first venue at its full width. */
export function createSheet(columns: number): Sheet {
  const [venue] = venues
  return { venue: venue!.id, width: venue!.widths[0]!.id, aspect: 0.75, columns }
}

/** The width of a figure in inches. */
export function widthOf({ venue, width }: Sheet): number {
  const { widths } = findVenue(venue)
  return widths.find(({ id }) => id === width)?.inches ?? parseLength(width) ?? widths[0]!.inches
}

/** Inches that a figure may be wide: narrower ones have no room for a plot beside its labels, and PDF has no wider page. */
export const [minWidth, maxWidth] = [1, 40]

/** What is wrong with a width for a venue, and what is allowed; null where it is one of its own, or a fitting length. */
export function problemOfWidth({ venue, width }: Pick<Sheet, 'venue' | 'width'>): string | null {
  const { label, widths } = findVenue(venue)
  if (widths.some(({ id }) => id === width)) return null
  const inches = parseLength(width)
  const limits = `from ${minWidth} in (${minWidth * 25.4} mm) to ${maxWidth} in (${maxWidth * 25.4} mm)`
  const named = widths.map(({ id, label: words }) => `${id} (${words})`).join(', ')
  if (inches === null) return `${label} has ${named}; or a length in in, mm, cm or pt, such as 85mm`
  return inches >= minWidth && inches <= maxWidth ? null : `a width ${limits}`
}
