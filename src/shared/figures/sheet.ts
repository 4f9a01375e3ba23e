import { findVenue, venues } from './venues.ts'

/** What a figure is printed on: the venue and a width there, and how its panels stand. */
export interface Sheet {
  venue: string
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
  return (widths.find(({ id }) => id === width) ?? widths[0]!).inches
}
