import { afterName, afterSwatch, fitEntries, itemWidth, swatch, type LegendEntry } from '../charts/legend.ts'
import { printFace } from '../charts/textWidth.ts'
import { isDotted, type Dash, type Series } from '../panel.ts'
import type { Box } from './box.ts'
import { cornerBox } from './cornerBox.ts'
import { drawText, round } from './drawText.ts'
import type { LegendPlace } from './look.ts'
import { inks, type PrintStyle } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

/** Opaque enough to be seen under lines, and pale enough to be printed under others. */
export const bandOpacity = 0.16

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

/** Entries one below the other in a corner of a plot, on paper that lets lines shine through; a name longer than half of it is cut. */
export function drawInnerLegend(
  entries: readonly LegendEntry[],
  place: LegendPlace,
  plot: Box,
  style: PrintStyle,
): SvgNode[] {
  if (entries.length === 0 || place === 'above' || place === 'none') return []
  const { smallSize } = style
  const face = printFace(smallSize)
  const most = Math.max(1, Math.floor(plot.height / legendHeight(1, style)) - 1)
  const shown = fitEntries(entries.slice(0, most), plot.width / 2, face)
  const more = entries.length - shown.length
  const rest = `and ${more} more`
  const names = [...shown.map(({ name }) => name), ...(more > 0 ? [rest] : [])]
  const width = Math.max(...names.map((name) => itemWidth(name, face))) - afterName * smallSize
  const box = cornerBox(plot, { width, height: legendHeight(names.length, style) }, place)
  const words = { size: smallSize, ink: inks.quiet }
  const [left, below] = [box.x + (swatch + afterSwatch) * smallSize, box.y + legendHeight(shown.length, style)]
  return [
    element('rect', {
      ...{ x: round(box.x - 1), y: round(box.y), width: round(box.width + 2), height: round(box.height) },
      fill: '#ffffff',
      'fill-opacity': 0.8,
    }),
    ...drawLegend(
      shown.map((entry) => [entry]),
      box,
      style,
    ),
    ...(more > 0 ? [drawText(left, below + smallSize, rest, words, style)] : []),
  ]
}

/** Height of a legend of so many rows. */
export function legendHeight(rows: number, { smallSize }: PrintStyle): number {
  return rowHeight * rows * smallSize
}

/** A line without a color of its own is drawn in that of text. */
export function seriesInk({ role, color, ink }: Pick<Series, 'role' | 'color' | 'ink'>): string {
  if (role === 'start' || role === 'context') return inks.mute
  if (ink !== undefined) return ink
  return color === undefined ? inks.text : inks.palette[color % inks.palette.length]!
}

/** Points on and off, as SVG has them; none of a line that is not broken. */
export function dashArray({ role, dash }: Pick<Series, 'role' | 'dash'>): string | undefined {
  return dashArrays[dash ?? (role === 'theory' ? 'dashed' : 'solid')]
}

const dashArrays: Record<Dash, string | undefined> = {
  solid: undefined,
  dashed: '3 2',
  dotted: '1 1.5',
  dashDotted: '4 1.5 1 1.5',
}

function drawRow(row: readonly LegendEntry[], left: number, top: number, style: PrintStyle): SvgNode[] {
  const { smallSize } = style
  let x = left
  return row.flatMap((entry) => {
    const from = x
    x += itemWidth(entry.name, printFace(smallSize))
    const words = { size: smallSize, ink: inks.text }
    return [
      ...(entry.hasBand ? [drawBandSwatch(entry, from, top, style)] : []),
      drawSwatch(entry, from, top + 0.7 * smallSize, style),
      drawText(from + (swatch + afterSwatch) * smallSize, top + smallSize, entry.name, words, style),
    ]
  })
}

function drawBandSwatch(entry: LegendEntry, x: number, top: number, { smallSize }: PrintStyle): SvgNode {
  return element('rect', {
    ...{ x: round(x), y: round(top + 0.35 * smallSize) },
    ...{ width: round(swatch * smallSize), height: round(0.7 * smallSize) },
    fill: seriesInk(entry),
    'fill-opacity': bandOpacity,
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
    'stroke-dasharray': dashArray(entry),
  })
}
