/** Where a figure is to be printed: widths in inches and the type of its body, as the venue's style file has them. */
export interface Venue {
  id: string
  label: string
  widths: readonly VenueWidth[]
  /** Points of the figure's text. */
  fontSize: number
  /** The smallest text that the venue, or good practice where it says nothing, allows. */
  minText: number
  /** The thinnest line, in points. */
  minLine: number
  font: FigureFont
  /** The greatest height of a figure, in inches. */
  maxHeight: number
  source: string
}

export interface VenueWidth {
  id: string
  label: string
  inches: number
}

export type FigureFont = 'sans' | 'serif'

const inchesOf = (millimeters: number) => millimeters / 25.4

/** 72 points and 96 CSS pixels are one inch. */
export const pointsPerInch = 72
export const pixelsPerInch = 96

const page = (inches: number): VenueWidth[] => [
  { id: 'full', label: 'text width', inches },
  { id: 'half', label: 'half the text width', inches: inches / 2 },
]

export const venues: readonly Venue[] = [
  {
    id: 'neurips',
    label: 'NeurIPS',
    widths: page(5.5),
    fontSize: 9,
    minText: 6,
    minLine: 0.4,
    font: 'sans',
    maxHeight: 9,
    source: 'text 5.5 in wide, 10 pt; captions 9 pt',
  },
  {
    id: 'iclr',
    label: 'ICLR',
    widths: page(5.5),
    fontSize: 9,
    minText: 6,
    minLine: 0.4,
    font: 'sans',
    maxHeight: 9,
    source: 'text 5.5 in wide, 10 pt; captions 9 pt',
  },
  {
    id: 'icml',
    label: 'ICML',
    widths: [
      { id: 'column', label: 'one column', inches: 3.25 },
      { id: 'full', label: 'both columns', inches: 6.75 },
    ],
    fontSize: 8,
    minText: 6,
    minLine: 0.4,
    font: 'sans',
    maxHeight: 9,
    source: 'columns 3.25 in wide, 0.25 in apart',
  },
  {
    id: 'jmlr',
    label: 'JMLR',
    widths: page(6),
    fontSize: 9,
    minText: 6,
    minLine: 0.4,
    font: 'serif',
    maxHeight: 8.5,
    source: 'text 6 in wide, 11 pt',
  },
  {
    id: 'ieee',
    label: 'IEEE',
    widths: [
      { id: 'column', label: 'one column', inches: 3.3 },
      { id: 'full', label: 'both columns', inches: 6.9 },
    ],
    fontSize: 8,
    minText: 6,
    minLine: 0.5,
    font: 'sans',
    maxHeight: 9,
    source: 'columns 3.3 in wide',
  },
  {
    id: 'nature',
    label: 'Nature',
    widths: [
      { id: 'column', label: 'one column', inches: inchesOf(89) },
      { id: 'full', label: 'both columns', inches: inchesOf(183) },
    ],
    fontSize: 7,
    minText: 5,
    minLine: 0.25,
    font: 'sans',
    maxHeight: inchesOf(247),
    source: 'columns 89 mm, page 183 × 247 mm; text 5–7 pt, lines from 0.25 pt',
  },
]

export function findVenue(id: string): Venue {
  return venues.find((venue) => venue.id === id) ?? venues[0]!
}
