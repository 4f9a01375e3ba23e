import { z } from 'zod'
import { legendPlaces, maxColumns } from './look.ts'
import { paletteNames } from './palettes.ts'
import { parseLength } from './parseLength.ts'
import { findVenue, venues } from './venues.ts'

export const letterForms = ['a', 'A', '(a)', 'none'] as const
export const sharedAxes = ['none', 'x', 'y', 'both'] as const
const field = z.string().min(1).max(100)

/**
 * What a figure is printed on, and how its panels are drawn there: the part of a figure that another one can have as
 * well. What is left out is as it is in `usualSheet`.
 */
export const sheetSchema = z.strictObject({
  venue: z.enum(venues.map(({ id }) => id)),
  /** One of the venue's, by its id, or a length such as `85 mm`. */
  width: z.string().max(40),
  /** Height over width of one panel, without what its legend takes. */
  aspect: z.number().min(0.1).max(5),
  columns: z.int().min(1).max(maxColumns),
  letters: z.enum(letterForms).optional(),
  palette: z.enum(paletteNames).optional(),
  /** The fields by which colors and dashes tell series apart. */
  colorBy: field.optional(),
  dashBy: field.optional(),
  /** Which axes have the same limits in all panels that have the same there. */
  share: z.enum(sharedAxes).optional(),
  /** Of every panel that does not say so itself. */
  legend: z.enum(legendPlaces).optional(),
})

export type Sheet = z.output<typeof sheetSchema>
export type LetterForm = (typeof letterForms)[number]
export type SharedAxes = (typeof sharedAxes)[number]

/** The first venue at its full width. */
export function createSheet(columns: number): Sheet {
  const [venue] = venues
  return { venue: venue!.id, width: venue!.widths[0]!.id, aspect: 0.75, columns }
}

/** The width of a figure in inches. */
export function widthOf({ venue, width }: Pick<Sheet, 'venue' | 'width'>): number {
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
