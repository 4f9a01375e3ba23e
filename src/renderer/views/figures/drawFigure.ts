import type { Panel, Series } from '../../../shared/panel.ts'
import type { Composition } from './composition.ts'
import { drawHeatmap, type Raster } from './drawHeatmap.ts'
import {
  drawLegend,
  drawLines,
  legendHeight,
  legendRows,
  namedSeries,
  seriesInk,
  titleOf,
  type Box,
} from './drawLines.ts'
import { drawText, round } from './drawText.ts'
import { inks, printStyle, type PrintStyle } from './printStyle.ts'
import { element, toMarkup, type SvgNode } from './svgNode.ts'

export interface FigureDrawing {
  markup: string
  /** In points. */
  width: number
  height: number
  /** Where each panel lies, in points. */
  boxes: Box[]
  style: PrintStyle
}

/** The figure as an SVG document in true size; a panel whose data are not there leaves its place empty. */
export function drawFigure(composition: Composition, panels: readonly (Panel | null)[], raster: Raster): FigureDrawing {
  const style = printStyle(composition)
  const boxes = panelBoxes(composition, panels.length, style)
  const bottom = boxes.length === 0 ? style.width * composition.aspect : Math.max(...boxes.map(bottomOf))
  const shared = sharedLegend(panels)
  const legend = legendRows(shared ?? [], style.width - 3.6 * style.smallSize, style.smallSize)
  const height = bottom + (legend.length > 0 ? legendHeight(legend.length, style) + style.smallSize / 2 : 0)
  const root = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: `${round(style.width)}pt`,
      height: `${round(height)}pt`,
      viewBox: `0 0 ${round(style.width)} ${round(height)}`,
      'font-family': style.family,
    },
    [
      element('rect', { width: round(style.width), height: round(height), fill: '#ffffff' }),
      ...panels.map((panel, place) =>
        element(
          'g',
          {},
          drawPanel(panel, boxes[place]!, panels.length > 1 ? letterOf(place) : '', style, raster, !shared),
        ),
      ),
      ...drawLegend(legend, { x: 3.6 * style.smallSize, y: bottom + style.smallSize / 4 }, style),
    ],
  )
  return { markup: toMarkup(root), width: style.width, height, boxes, style }
}

/** a, b, c … */
export function letterOf(place: number): string {
  return String.fromCharCode(97 + (place % 26))
}

function panelBoxes({ columns, aspect }: Composition, count: number, { width, fontSize }: PrintStyle): Box[] {
  const used = Math.max(1, Math.min(columns, count))
  const gap = fontSize
  const panelWidth = (width - gap * (used - 1)) / used
  const panelHeight = panelWidth * aspect
  return Array.from({ length: count }, (_, place) => ({
    x: (place % used) * (panelWidth + gap),
    y: Math.floor(place / used) * (panelHeight + gap),
    width: panelWidth,
    height: panelHeight,
  }))
}

function bottomOf({ y, height }: Box): number {
  return y + height
}

function drawPanel(
  panel: Panel | null,
  box: Box,
  letter: string,
  style: PrintStyle,
  raster: Raster,
  ownLegend: boolean,
): SvgNode[] {
  const baseline = box.y + style.fontSize
  const head: SvgNode[] = letter
    ? [drawText(box.x, baseline, letter, { size: style.fontSize, ink: inks.text, bold: true }, style)]
    : []
  if (!panel) return head
  const title = panel.kind === 'lines' ? titleOf(panel.y) : panel.valueLabel || panel.title
  const left = box.x + (letter ? 1.1 * style.fontSize : 0)
  head.push(drawText(left, baseline, title, { size: style.fontSize, ink: inks.text }, style))
  return panel.kind === 'lines'
    ? [...head, ...drawLines(panel, box, style, ownLegend)]
    : [...head, ...drawHeatmap(panel, box, style, raster)]
}

/** The legend that all line panels would have, where there are several and they agree in names and looks. */
function sharedLegend(panels: readonly (Panel | null)[]): Series[] | null {
  const legends = panels.flatMap((panel) => (panel?.kind === 'lines' ? [namedSeries(panel)] : []))
  const looks = legends.map((legend) =>
    legend.map((series) => `${series.name} ${seriesInk(series)} ${series.role}`).join(),
  )
  return legends.length > 1 && new Set(looks).size === 1 ? legends[0]! : null
}
