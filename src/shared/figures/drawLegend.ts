import { afterSwatch, itemWidth, swatch, type LegendEntry } from '../charts/legend.ts'
import { printFace } from '../charts/textWidth.ts'
import { isDotted, type Series } from '../panel.ts'
import { drawText, round } from './drawText.ts'
import { inks, type PrintStyle } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

/** The distance of rows, in heights of the text. */
const rowHeight = 1.25

/** Rows of a legend from their top left corner. */
export function drawLegend(
  rows: readonly LegendEntry[][],
  from: { x: number; y: number },
  style: PrintStyle,
): SvgNode[] {
  return rows.flatMap((row, place) => drawRow(row, from.x, from.y + legendHeight(place, style), style))
}

/** Height of a legend of so many rows. */
export function legendHeight(rows: number, { smallSize }: PrintStyle): number {
  return rowHeight * rows * smallSize
}

/** A line without a color of its own is drawn in that of text. */
export function seriesInk({ role, color }: Pick<Series, 'role' | 'color'>): string {
  if (role === 'start' || role === 'context') return inks.mute
  return color === undefined ? inks.text : inks.palette[color % inks.palette.length]!
}

function drawRow(row: readonly LegendEntry[], left: number, top: number, style: PrintStyle): SvgNode[] {
  const { smallSize } = style
  let x = left
  return row.flatMap((entry) => {
    const from = x
    x += itemWidth(entry.name, printFace(smallSize))
    const words = { size: smallSize, ink: inks.text }
    return [
      drawSwatch(entry, from, top + 0.7 * smallSize, style),
      drawText(from + (swatch + afterSwatch) * smallSize, top + smallSize, entry.name, words, style),
    ]
  })
}

function drawSwatch(entry: LegendEntry, x: number, y: number, { smallSize, line, strongLine }: PrintStyle): SvgNode {
  const ink = seriesInk(entry)
  if (isDotted(entry)) {
    return element('circle', { cx: round(x + (swatch / 2) * smallSize), cy: round(y), r: 1.8, fill: ink })
  }
  return element('line', {
    x1: round(x),
    x2: round(x + swatch * smallSize),
    y1: round(y),
    y2: round(y),
    stroke: ink,
    'stroke-width': entry.role === 'mean' ? strongLine : line,
    'stroke-dasharray': entry.role === 'theory' ? '3 2' : undefined,
  })
}
