import { legendRows, panelEntries, type LegendEntry } from '../charts/legend.ts'
import { printFace } from '../charts/textWidth.ts'
import type { Panel } from '../panel.ts'
import type { Box } from './box.ts'
import { roomLeft } from './drawAxes.ts'
import { drawHead, headHeight, panelHead } from './drawHead.ts'
import { drawCircles } from './drawCircles.ts'
import { drawHeatmap } from './drawHeatmap.ts'
import { dashArray, drawLegend, legendHeight, seriesInk } from './drawLegend.ts'
import { drawLines } from './drawLines.ts'
import { drawMap } from './drawMap.ts'
import { drawParallel } from './drawParallel.ts'
import { drawTable, tableHeight } from './drawTable.ts'
import { dressPanels } from './dressPanels.ts'
import type { PanelLook } from './look.ts'
import { round } from './drawText.ts'
import { printStyle, type PlotOptions, type PrintStyle } from './printStyle.ts'
import type { LetterForm, Sheet } from './sheet.ts'
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
  /** The panels as they are drawn: with the axes, the words and the colors of their looks. */
  panels: readonly (Panel | null)[]
  /** What each is made of, and what stands above all of them: for who draws them by other means. */
  parts: readonly FigurePart[]
  legend: readonly SvgNode[]
  style: PrintStyle
}

/** A panel in its place. */
export interface FigurePart {
  panel: Panel | null
  /** What stands above its plot. */
  head: readonly SvgNode[]
  plot: Box
  options: PlotOptions
}

export interface FigureOptions {
  /** Whether panels are under their titles and captions. */
  titled?: boolean
  /** Of each panel, in their order. */
  looks?: readonly (PanelLook | undefined)[]
}

/**
 * The figure as an SVG document in true size, its panels under letters where there are several, with their titles and
 * captions where `titled`; a panel whose data are not there leaves its place empty.
 */
export function drawFigure(
  sheet: Sheet,
  given: readonly (Panel | null)[],
  { titled = false, looks = [] }: FigureOptions = {},
): FigureDrawing {
  const style = printStyle(sheet)
  const panels = dressPanels(sheet, given, looks)
  const places = gridPlaces(
    given.map((_, place) => looks[place]?.span ?? 1),
    sheet.columns,
  )
  const columns = Math.max(1, ...places.map(({ column, span }) => column + span))
  const gap = style.fontSize
  const one = (style.width - gap * (columns - 1)) / columns
  const widths = places.map(({ span }) => span * one + (span - 1) * gap)
  const legends = panels.map((_, place) => looks[place]?.legend ?? sheet.legend ?? 'above')
  // A panel whose own look says "above" has it above its own plot.
  const canShare = legends.every((each, place) => each === 'above' && looks[place]?.legend === undefined)
  const shared = canShare ? sharedLegend(panels) : null
  const legendWidth = (width: number) => width - roomLeft(style)
  const heads = panels.map((panel, place) => {
    const letter = panels.length > 1 ? letterOf(place, sheet.letters) : ''
    const named = legends[place] === 'above' && !shared ? panelEntries(panel) : []
    const legend = legendRows(named, legendWidth(widths[place]!), printFace(style.smallSize))
    const title = looks[place]?.title === undefined ? undefined : (panel?.title ?? '')
    return panelHead(panel, { letter, legend, titled, title }, widths[place]!, style)
  })
  const inRow = Map.groupBy(
    [...heads.keys()].filter((place) => panels[place]?.kind !== 'table'),
    (place) => places[place]!.row,
  )
  /** The plots of a row begin at one height, below the highest of their heads. */
  const headOf = (place: number) => {
    const beside = panels[place]?.kind === 'table' ? [place] : inRow.get(places[place]!.row)!
    return Math.max(...beside.map((each) => headHeight(heads[each]!, style)))
  }
  const line = headHeight({ letter: '', lines: [], legend: [] }, style)
  // Plots are as high as the sheet says, with one line above them; words take what they need.
  const heights = panels.map((panel, place) => {
    const own = panel?.kind === 'table' ? line + tableHeight(panel, widths[place]!, style) : one * sheet.aspect
    return own + (headOf(place) - line)
  })
  const legend = legendRows(shared ?? [], legendWidth(style.width), printFace(style.smallSize))
  const top = legend.length > 0 ? legendHeight(legend.length, style) + style.smallSize / 2 : 0
  const boxes = panelBoxes(places, { widths, heights, one, gap, top })
  const height = Math.max(
    ...boxes.map(({ y, height }) => y + height),
    boxes.length > 0 ? 0 : style.width * sheet.aspect,
  )
  const parts = panels.map((panel, place): FigurePart => {
    const box = boxes[place]!
    const head = headOf(place)
    const plot = { ...box, y: box.y + head, height: box.height - head }
    const id = `panel-${letterOf(place)}${Math.floor(place / 26) || ''}`
    const look = { ...looks[place], legend: legends[place]! }
    return { panel, head: drawHead(heads[place]!, box, style), plot, options: { look, style, id } }
  })
  const above = drawLegend(legend, { x: roomLeft(style), y: 0 }, style)
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
      ...above,
      ...parts.map(({ panel, head, plot, options }) => element('g', {}, [...head, ...drawPlot(panel, plot, options)])),
    ],
  )
  return { root, markup: toMarkup(root), width: style.width, height, boxes, panels, parts, legend: above, style }
}

/** a, b, c …, A, B, C … or (a), (b), (c) …; after the last letter the first comes again. */
export function letterOf(place: number, form: LetterForm = 'a'): string {
  const letter = String.fromCharCode(97 + (place % 26))
  return { a: letter, A: letter.toUpperCase(), '(a)': `(${letter})`, none: '' }[form]
}

interface GridPlace {
  row: number
  column: number
  span: number
}

/** Panels one after the other, each in the row that still has room for it; none is wider than a row. */
function gridPlaces(spans: readonly number[], columns: number): GridPlace[] {
  const most = Math.max(1, columns)
  let [row, column] = [0, 0]
  return spans.map((wanted) => {
    const span = Math.min(wanted, most)
    if (column + span > most) [row, column] = [row + 1, 0]
    column += span
    return { row, column: column - span, span }
  })
}

interface GridSizes {
  /** Of each panel. */
  widths: readonly number[]
  heights: readonly number[]
  /** The width of one column. */
  one: number
  gap: number
  /** What stands above the first row takes. */
  top: number
}

/** The panels of a row begin at one height, below the highest of the row before. */
function panelBoxes(places: readonly GridPlace[], { widths, heights, one, gap, top: first }: GridSizes): Box[] {
  const rows = Map.groupBy(heights.keys(), (place) => places[place]!.row)
  const tops: number[] = []
  let top = first
  for (const row of rows.values()) {
    tops.push(top)
    top += Math.max(...row.map((place) => heights[place]!)) + gap
  }
  return places.map(({ row, column }, place) => ({
    x: column * (one + gap),
    y: tops[row]!,
    width: widths[place]!,
    height: heights[place]!,
  }))
}

function drawPlot(panel: Panel | null, plot: Box, options: PlotOptions): SvgNode[] {
  if (!panel) return []
  if (panel.kind === 'heatmap') return drawHeatmap(panel, plot, options.style, options.id)
  if (panel.kind === 'map') return drawMap(panel, plot, options.style, options.id)
  if (panel.kind === 'parallel') return drawParallel(panel, plot, options)
  if (panel.kind === 'table') return drawTable(panel, plot, options.style)
  return panel.each ? drawCircles(panel, plot, options.style) : drawLines(panel, plot, options)
}

/** The legend that all panels of lines would have, where there are several and they agree in names and looks. */
function sharedLegend(panels: readonly (Panel | null)[]): LegendEntry[] | null {
  const hasLegend = (panel: Panel | null) => panel?.kind === 'parallel' || (panel?.kind === 'lines' && !panel.each)
  const legends = panels.filter(hasLegend).map(panelEntries)
  const lookOf = (entry: LegendEntry) => `${entry.name} ${seriesInk(entry)} ${entry.role} ${dashArray(entry) ?? ''}`
  const looks = legends.map((legend) => legend.map(lookOf).join())
  return legends.length > 1 && new Set(looks).size === 1 ? legends[0]! : null
}
