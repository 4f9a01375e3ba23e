import { legendEntries, legendRows, type LegendEntry } from '../charts/legend.ts'
import { printFace } from '../charts/textWidth.ts'
import type { Panel } from '../panel.ts'
import type { Box } from './box.ts'
import { roomLeft } from './drawAxes.ts'
import { drawHead, headHeight, panelHead, type PanelHead } from './drawHead.ts'
import { drawHeatmap } from './drawHeatmap.ts'
import { drawLegend, legendHeight, seriesInk } from './drawLegend.ts'
import { drawLines } from './drawLines.ts'
import { drawMap } from './drawMap.ts'
import { round } from './drawText.ts'
import { printStyle, type PrintStyle } from './printStyle.ts'
import type { Sheet } from './sheet.ts'
import { element, toMarkup, type SvgNode } from './svgNode.ts'

export interface FigureDrawing {
  root: SvgNode
  /** The root as an SVG document. */
  markup: string
  /** In points. */
  width: number
  height: number
  /** Where each panel lies. */
  boxes: Box[]
  style: PrintStyle
}

/**
 * The figure as an SVG document in true size, its panels under letters where there are several, with their titles and
 * captions where `titled`; a panel whose data are not there leaves its place empty.
 */
export function drawFigure(
  sheet: Sheet,
  panels: readonly (Panel | null)[],
  { titled = false }: { titled?: boolean } = {},
): FigureDrawing {
  const style = printStyle(sheet)
  const columns = Math.max(1, Math.min(sheet.columns, panels.length))
  const gap = style.fontSize
  const panelWidth = (style.width - gap * (columns - 1)) / columns
  const shared = sharedLegend(panels)
  const legendWidth = (width: number) => width - roomLeft(style)
  const heads = panels.map((panel, place) => {
    const letter = panels.length > 1 ? letterOf(place) : ''
    const named = panel?.kind === 'lines' && !shared ? legendEntries(panel.series) : []
    const legend = legendRows(named, legendWidth(panelWidth), printFace(style.smallSize))
    return panelHead(panel, { letter, legend, titled }, panelWidth, style)
  })
  const boxes = panelBoxes(heads, { columns, gap, width: panelWidth, height: panelWidth * sheet.aspect }, style)
  const bottom = Math.max(
    ...boxes.map(({ y, height }) => y + height),
    boxes.length > 0 ? 0 : style.width * sheet.aspect,
  )
  const legend = legendRows(shared ?? [], legendWidth(style.width), printFace(style.smallSize))
  const height = bottom + (legend.length > 0 ? legendHeight(legend.length, style) + style.smallSize / 2 : 0)
  const root = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: `${round(style.width)}pt`,
      height: `${round(height)}pt`,
      viewBox: `0 0 ${round(style.width)} ${round(height)}`,
      'font-family': style.family,
      // Without it some programs drop the space before a symbol.
      'xml:space': 'preserve',
    },
    [
      element('rect', { width: round(style.width), height: round(height), fill: '#ffffff' }),
      ...panels.map((panel, place) => element('g', {}, drawPanel(panel, heads, boxes, place, columns, style))),
      ...drawLegend(legend, { x: roomLeft(style), y: bottom + style.smallSize / 4 }, style),
    ],
  )
  return { root, markup: toMarkup(root), width: style.width, height, boxes, style }
}

/** a, b, c … */
export function letterOf(place: number): string {
  return String.fromCharCode(97 + (place % 26))
}

/** The plots of a row begin at one height, below the highest head; what a head takes beyond one line is added. */
function panelBoxes(
  heads: readonly PanelHead[],
  { columns, gap, width, height }: { columns: number; gap: number; width: number; height: number },
  style: PrintStyle,
): Box[] {
  const boxes: Box[] = []
  let y = 0
  for (let first = 0; first < heads.length; first += columns) {
    const row = heads.slice(first, first + columns)
    const extra = rowHead(heads, first, columns, style) - headHeight({ letter: '', lines: [], legend: [] }, style)
    boxes.push(...row.map((_, place) => ({ x: place * (width + gap), y, width, height: height + extra })))
    y += height + extra + gap
  }
  return boxes
}

function rowHead(heads: readonly PanelHead[], place: number, columns: number, style: PrintStyle): number {
  const first = place - (place % columns)
  return Math.max(...heads.slice(first, first + columns).map((head) => headHeight(head, style)))
}

function drawPanel(
  panel: Panel | null,
  heads: readonly PanelHead[],
  boxes: readonly Box[],
  place: number,
  columns: number,
  style: PrintStyle,
): SvgNode[] {
  const box = boxes[place]!
  const head = rowHead(heads, place, columns, style)
  const plot = { ...box, y: box.y + head, height: box.height - head }
  const drawn = drawHead(heads[place]!, box, style)
  const id = `panel-${letterOf(place)}${Math.floor(place / 26) || ''}`
  if (panel?.kind === 'lines') drawn.push(...drawLines(panel, plot, style, id))
  if (panel?.kind === 'heatmap') drawn.push(...drawHeatmap(panel, plot, style, id))
  if (panel?.kind === 'map') drawn.push(...drawMap(panel, plot, style, id))
  return drawn
}

/** The legend that all line panels would have, where there are several and they agree in names and looks. */
function sharedLegend(panels: readonly (Panel | null)[]): LegendEntry[] | null {
  const legends = panels.flatMap((panel) => (panel?.kind === 'lines' ? [legendEntries(panel.series)] : []))
  const looks = legends.map((legend) => legend.map((entry) => `${entry.name} ${seriesInk(entry)} ${entry.role}`).join())
  return legends.length > 1 && new Set(looks).size === 1 ? legends[0]! : null
}
