import type { HeatmapPanel } from '../../../shared/panel.ts'
import { heatmapTicks, layOutHeatmap } from '../../charts/heatmapLayout.ts'
import { formatNumber } from '../../formatting/formatNumber.ts'
import { titleOf, type Box } from './drawLines.ts'
import { drawText, round } from './drawText.ts'
import { inks, type PrintStyle } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

/** Cells as one embedded picture, and the colours of the bar beside them. */
export interface Raster {
  cells: (panel: HeatmapPanel) => string
  bar: (panel: HeatmapPanel) => string
}

/** Layout counts in tenths of points, so that cells need not be whole points. */
const scale = 10

/** A matrix within a box, in points: one raster under vector axes. */
export function drawHeatmap(panel: HeatmapPanel, box: Box, style: PrintStyle, raster: Raster): SvgNode[] {
  const { smallSize, thinLine } = style
  const left = 3.6 * smallSize
  const top = 2.1 * smallSize
  const bottom = 2.9 * smallSize
  const right = 4 * smallSize
  const margins = { left: left * scale, top: top * scale, bottom: bottom * scale, right: right * scale }
  const layout = layOutHeatmap(panel.matrix, { width: box.width * scale, height: box.height * scale }, margins, false)
  const area = { x: box.x + left, y: box.y + top, width: layout.width / scale, height: layout.height / scale }
  const label = { size: smallSize, ink: inks.quiet }
  // On screen a label takes 11 pixels; tenths of points stand in for them.
  const ticks = heatmapTicks(panel, {
    ...layout,
    cellWidth: (layout.cellWidth / scale) * (11 / smallSize),
    cellHeight: (layout.cellHeight / scale) * (11 / smallSize),
    width: area.width * (11 / smallSize),
    height: area.height * (11 / smallSize),
  })
  const picture = (href: string, x: number, width: number) =>
    element('image', {
      href,
      x: round(x),
      y: round(area.y),
      width: round(width),
      height: round(area.height),
      preserveAspectRatio: 'none',
      'image-rendering': 'pixelated',
    })
  const bar = { x: area.x + area.width + 0.8 * smallSize, width: 0.7 * smallSize }
  const [low, high] = panel.range
  return [
    picture(raster.cells(panel), area.x, area.width),
    element('rect', {
      x: round(area.x),
      y: round(area.y),
      width: round(area.width),
      height: round(area.height),
      fill: 'none',
      stroke: inks.line,
      'stroke-width': thinLine,
    }),
    picture(raster.bar(panel), bar.x, bar.width),
    ...ticks.columns.map(({ at, label: words }) =>
      drawText(
        area.x + ((at + 0.5) * layout.cellWidth) / scale,
        area.y + area.height + 1.2 * smallSize,
        words,
        { ...label, anchor: 'middle' },
        style,
      ),
    ),
    ...ticks.rows.map(({ at, label: words }) =>
      drawText(
        area.x - 3,
        area.y + ((at + 0.5) * layout.cellHeight) / scale + 0.35 * smallSize,
        words,
        { ...label, anchor: 'end' },
        style,
      ),
    ),
    ...[high, (low + high) / 2, low].map((value, place) =>
      drawText(
        bar.x + bar.width + 2,
        area.y + (place * area.height) / 2 + (place === 0 ? 0.7 : place === 1 ? 0.35 : 0) * smallSize,
        formatNumber(value, 2),
        label,
        style,
      ),
    ),
    drawText(
      area.x + area.width,
      area.y + area.height + 2.3 * smallSize + 1,
      titleOf(panel.x),
      { ...label, ink: inks.text, anchor: 'end' },
      style,
    ),
  ]
}
