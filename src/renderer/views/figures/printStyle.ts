import { findVenue, pointsPerInch } from './venues.ts'
import { widthOf, type Composition } from './composition.ts'

/** Sizes of a printed figure, in points. */
export interface PrintStyle {
  width: number
  fontSize: number
  smallSize: number
  /** Nothing is set smaller, raised and lowered letters included. */
  leastSize: number
  thinLine: number
  line: number
  strongLine: number
  family: string
  mathFamily: string
}

/** On white paper in both themes: Tol bright and muted, the members that hold 3:1 on white. */
export const inks = {
  text: '#17191b',
  quiet: '#4e5256',
  line: '#63676b',
  grid: '#e5e5e0',
  mute: '#8a8d8a',
  palette: ['#4477aa', '#cc6677', '#228833', '#999933', '#aa3377', '#882255'],
} as const

const families = {
  sans: "Helvetica, Arial, 'Liberation Sans', sans-serif",
  serif: "'Times New Roman', 'Liberation Serif', Times, serif",
} as const

export function printStyle(composition: Composition): PrintStyle {
  const { fontSize, leastText, leastLine, font } = findVenue(composition.venue)
  return {
    width: widthOf(composition) * pointsPerInch,
    fontSize,
    smallSize: Math.max(leastText, fontSize - 1),
    leastSize: leastText,
    thinLine: Math.max(0.4, leastLine),
    line: Math.max(0.8, leastLine),
    strongLine: Math.max(1.4, leastLine),
    family: families[font],
    mathFamily: families.serif,
  }
}
