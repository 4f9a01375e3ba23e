import { setNumbers } from '../formatting/setNumbers.ts'
import type { LinePanel, Series } from '../panel.ts'
import { drawText, round } from './drawText.ts'
import { inks, type PrintStyle } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'
import { fitText, textWidth } from './textWidth.ts'

const mostNamed = 12
/** In heights of the text: the distance of rows, a swatch, the room after it and after a name. */
const [rowHeight, swatch, afterSwatch, afterName] = [1.25, 1.4, 0.4, 1.2]

/** Rows of a legend from their top left corner. */
export function drawLegend(rows: readonly Series[][], from: { x: number; y: number }, style: PrintStyle): SvgNode[] {
  return rows.flatMap((row, place) => drawRow(row, from.x, from.y + legendHeight(place, style), style))
}

/** Lines that a legend names: the strong ones where there are several means, else all of them up to a dozen. */
export function namedSeries({ series }: LinePanel): Series[] {
  const strong = series.filter(({ role }) => role === 'mean' || role === 'theory')
  const several = series.filter(({ role }) => role === 'mean').length > 1
  const named = several ? strong : series.filter(({ role }) => role !== 'context' && role !== 'start')
  if (named.length <= 1) return []
  return named.length <= mostNamed ? named : strong
}

/** The names of series in rows of a width, in points; a name longer than a row is cut. */
export function legendRows(named: readonly Series[], width: number, size: number): Series[][] {
  const rows: Series[][] = []
  let used = Infinity
  for (const series of named) {
    const name = fitText(setNumbers(series.name), size, width - (swatch + afterSwatch) * size)
    const item = itemWidth(name, size)
    if (used + item - afterName * size > width) {
      rows.push([])
      used = 0
    }
    rows.at(-1)!.push({ ...series, name })
    used += item
  }
  return rows
}

/** Height of a legend of so many rows. */
export function legendHeight(rows: number, { smallSize }: PrintStyle): number {
  return rowHeight * rows * smallSize
}

/** A line without a colour of its own is drawn in that of text. */
export function seriesInk({ role, colour }: Pick<Series, 'role' | 'colour'>): string {
  if (role === 'start' || role === 'context') return inks.mute
  return colour === undefined ? inks.text : inks.palette[colour % inks.palette.length]!
}

function itemWidth(name: string, size: number): number {
  return textWidth(name, size) + (swatch + afterSwatch + afterName) * size
}

function drawRow(row: readonly Series[], left: number, top: number, style: PrintStyle): SvgNode[] {
  const { smallSize } = style
  let x = left
  return row.flatMap((series) => {
    const from = x
    x += itemWidth(series.name, smallSize)
    const words = { size: smallSize, ink: inks.text }
    return [
      drawSwatch(series, from, top + 0.7 * smallSize, style),
      drawText(from + (swatch + afterSwatch) * smallSize, top + smallSize, series.name, words, style),
    ]
  })
}

function drawSwatch(series: Series, x: number, y: number, { smallSize, strongLine }: PrintStyle): SvgNode {
  const ink = seriesInk(series)
  if (series.role === 'points') {
    return element('circle', { cx: round(x + (swatch / 2) * smallSize), cy: round(y), r: 1.8, fill: ink })
  }
  return element('line', {
    x1: round(x),
    x2: round(x + swatch * smallSize),
    y1: round(y),
    y2: round(y),
    stroke: ink,
    'stroke-width': strongLine,
    'stroke-dasharray': series.role === 'theory' ? '3 2' : undefined,
  })
}
