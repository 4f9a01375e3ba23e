import type { LineLayout } from '../charts/lineLayout.ts'
import type { Axis, LinePanel } from '../panel.ts'
import type { Box } from './box.ts'
import type { LegendPlace, PanelLook } from './look.ts'
import { seriesColors } from './palettes.ts'
import { widthOf, type Sheet } from './sheet.ts'
import { findVenue, pointsPerInch } from './venues.ts'

/** Sizes of a printed figure, in points. */
export interface PrintStyle {
  width: number
  fontSize: number
  smallSize: number
  /** Nothing is set smaller, raised and lowered letters included. */
  minSize: number
  thinLine: number
  line: number
  strongLine: number
  family: string
  mathFamily: string
}

/** The axes of a layout in a box, and how many of its units are a point. */
export interface AxesLayout {
  panel: { x: Axis; y: Axis }
  lines: Pick<LineLayout, 'x' | 'y' | 'area'>
  unit: number
  box: Box
  style: PrintStyle
}

/** A layout of lines. */
export interface PrintLayout extends AxesLayout {
  panel: LinePanel
  lines: LineLayout
}

/** How one panel is drawn. */
export interface PlotOptions {
  look: PanelLook & { legend: LegendPlace }
  style: PrintStyle
  /** Its own in the document. */
  id: string
}

/** On white paper in both themes. */
export const inks = {
  text: '#17191b',
  quiet: '#4e5256',
  line: '#63676b',
  mute: '#8a8d8a',
  expected: '#228833',
  palette: seriesColors,
} as const

const families = {
  sans: "Helvetica, Arial, 'Liberation Sans', sans-serif",
  serif: "'Times New Roman', 'Liberation Serif', Times, serif",
} as const

export function printStyle(sheet: Sheet): PrintStyle {
  const { fontSize, minText, minLine, font } = findVenue(sheet.venue)
  return {
    width: widthOf(sheet) * pointsPerInch,
    fontSize,
    smallSize: Math.max(minText, fontSize - 1),
    minSize: minText,
    thinLine: Math.max(0.4, minLine),
    line: Math.max(0.8, minLine),
    strongLine: Math.max(1.4, minLine),
    family: families[font],
    mathFamily: families.serif,
  }
}
