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
  /** What the sizes are, in its own units. */
  sizes: string
  /** Where they are from, and its year. */
  source: string
  year: number
  /** Whether the sizes were read there; else they are what is commonly said of the venue. */
  isRead: boolean
}

export interface VenueWidth {
  id: string
  label: string
  inches: number
}

export type FigureFont = 'sans' | 'serif'

/** 72 points and 96 CSS pixels are one inch; TeX has 72.27 points to it. */
export const pointsPerInch = 72
export const pixelsPerInch = 96
export const millimetersPerInch = 25.4
export const texPointsPerInch = 72.27

const ofMillimeters = (millimeters: number) => millimeters / millimetersPerInch
const ofTexPoints = (points: number) => points / texPointsPerInch

const oneColumn = (inches: number): VenueWidth[] => [
  { id: 'full', label: 'text width', inches },
  { id: 'half', label: 'half the text width', inches: inches / 2 },
]
const twoColumns = (column: number, both: number): VenueWidth[] => [
  { id: 'column', label: 'one column', inches: column },
  { id: 'full', label: 'both columns', inches: both },
]
/** Where a venue says nothing of the type in figures. */
const usual = { minText: 6, minLine: 0.4, font: 'sans' } as const

export const venues: readonly Venue[] = [
  {
    id: 'neurips',
    label: 'NeurIPS',
    widths: oneColumn(5.5),
    ...usual,
    fontSize: 9,
    maxHeight: 9,
    sizes: 'text 5.5 × 9 in, 10 pt',
    source: 'neurips_2026.sty of 2026-01-29, a copy',
    year: 2026,
    isRead: true,
  },
  {
    id: 'iclr',
    label: 'ICLR',
    widths: oneColumn(5.5),
    ...usual,
    fontSize: 9,
    maxHeight: 9,
    sizes: 'text 5.5 × 9 in, 10 pt',
    source: 'iclr2026_conference.sty, github.com/ICLR/Master-Template',
    year: 2026,
    isRead: true,
  },
  {
    id: 'icml',
    label: 'ICML',
    widths: twoColumns(3.25, 6.75),
    ...usual,
    fontSize: 8,
    maxHeight: 9,
    sizes: 'text 6.75 × 9 in, columns 0.25 in apart',
    source: 'icml2026.sty of 2025-10-29, a copy',
    year: 2026,
    isRead: true,
  },
  {
    id: 'colm',
    label: 'COLM',
    widths: oneColumn(5.5),
    ...usual,
    fontSize: 9,
    maxHeight: 9,
    sizes: 'text 5.5 × 9 in, 10 pt',
    source: 'colm2025_conference.sty, github.com/COLM-org/Template',
    year: 2025,
    isRead: true,
  },
  {
    id: 'jmlr',
    label: 'JMLR',
    widths: oneColumn(6),
    ...usual,
    font: 'serif',
    fontSize: 9,
    maxHeight: 8.5,
    sizes: 'text 6 × 8.5 in, 11 pt',
    source: 'jmlr2e.sty of 2020-09-02, github.com/JmlrOrg/jmlr-style-file',
    year: 2020,
    isRead: true,
  },
  {
    id: 'tmlr',
    label: 'TMLR',
    widths: oneColumn(6.5),
    ...usual,
    fontSize: 9,
    maxHeight: 9,
    sizes: 'text 6.5 × 9 in, 10 pt',
    source: 'tmlr.sty, github.com/JmlrOrg/tmlr-style-file, read',
    year: 2026,
    isRead: true,
  },
  {
    id: 'ieee',
    label: 'IEEE',
    widths: twoColumns(ofTexPoints(252), ofTexPoints(516)),
    ...usual,
    minLine: 0.5,
    fontSize: 8,
    maxHeight: ofTexPoints(696),
    sizes: 'columns 21 pc, text 43 × 58 pc, captions 8 pt',
    source: 'IEEEtran.cls V1.8b of 2015-08-26',
    year: 2015,
    isRead: true,
  },
  {
    id: 'acm',
    label: 'ACM, two columns',
    widths: twoColumns(ofTexPoints(241.1475), ofTexPoints(506.295)),
    ...usual,
    fontSize: 8,
    maxHeight: ofTexPoints(626),
    sizes: 'sigconf: columns 241.15 pt, text 506.3 × 626 pt',
    source: 'acmart.cls v1.88 of 2022-10-24',
    year: 2022,
    isRead: true,
  },
  {
    id: 'acm-small',
    label: 'ACM, one column',
    widths: oneColumn(ofTexPoints(395.8225)),
    ...usual,
    fontSize: 8,
    maxHeight: ofTexPoints(574),
    sizes: 'acmsmall: text 395.82 × 574 pt, 10 pt',
    source: 'acmart.cls v1.88 of 2022-10-24',
    year: 2022,
    isRead: true,
  },
  {
    id: 'nature',
    label: 'Nature',
    widths: twoColumns(ofMillimeters(89), ofMillimeters(183)),
    ...usual,
    minText: 5,
    minLine: 0.25,
    fontSize: 7,
    maxHeight: ofMillimeters(247),
    sizes: 'columns 89 mm, page 183 × 247 mm; text 5–7 pt, lines from 0.25 pt',
    source: 'the journal’s guide to artwork',
    year: 2024,
    isRead: false,
  },
  {
    id: 'pnas',
    label: 'PNAS',
    widths: twoColumns(ofTexPoints(242), ofTexPoints(505.69)),
    ...usual,
    fontSize: 7,
    maxHeight: ofTexPoints(675.93),
    sizes: 'columns 242 pt, text 505.69 × 675.9 pt, captions 7 pt',
    source: 'pnas-new.cls v1.46 of 2023-05-03, a copy',
    year: 2023,
    isRead: true,
  },
  {
    id: 'aps',
    label: 'APS',
    widths: twoColumns(ofTexPoints(246), ofTexPoints(510)),
    ...usual,
    font: 'serif',
    fontSize: 8,
    maxHeight: ofTexPoints(672),
    sizes: 'columns 246 pt, text 510 × 672 pt, 10 pt',
    source: 'revtex4-2.cls 4.2e of 2020-10-03',
    year: 2020,
    isRead: true,
  },
  {
    id: 'beamer',
    label: 'Beamer, 16:9',
    widths: oneColumn(ofTexPoints(398.3386)),
    ...usual,
    minText: 7,
    fontSize: 9,
    maxHeight: ofTexPoints(252.07),
    sizes: 'text 398.3 × 252.1 pt on a slide of 16 × 9 cm, 11 pt',
    source: 'beamer.cls of TeX Live 2022',
    year: 2022,
    isRead: true,
  },
]

export function findVenue(id: string): Venue {
  return venues.find((venue) => venue.id === id) ?? venues[0]!
}

/** The sizes of a venue in words, and what they rest on. */
export function describeVenue({ sizes, source, year, isRead }: Venue): string {
  const from = source.includes(String(year)) ? source : `${source} ${year}`
  return isRead ? `${sizes} (${from})` : `${sizes} (not verified: ${from} could not be read)`
}
