import { drawnPoints } from '../../charts/drawnPoints.ts'
import { placeColumns } from '../../charts/placeColumns.ts'
import { arrangeCircles, circleRadius } from '../../charts/circleLayout.ts'
import { plainText } from '../../formatting/setSymbols.ts'
import type { HeatmapPanel, LinePanel, MapPanel, Panel } from '../../panel.ts'
import type { Box } from '../box.ts'
import { drawBreaks, drawTitle, ticksOf } from '../drawAxes.ts'
import { drawCircles, matrixOf } from '../drawCircles.ts'
import type { FigureDrawing, FigurePart } from '../drawFigure.ts'
import { drawHeatmap, placedPixels } from '../drawHeatmap.ts'
import { bandOpacity, dashArray, drawInnerLegend, seriesInk } from '../drawLegend.ts'
import {
  dotWidth,
  innerEntries,
  insetOf,
  isDrawnAsDots,
  layOutPanel,
  penOf,
  plotOf,
  seriesRanks,
} from '../drawLines.ts'
import { cellColor, drawMapKey, drawOverCells, layOutPrintedMap } from '../drawMap.ts'
import { drawMarks } from '../drawMarks.ts'
import { drawNotes } from '../drawNotes.ts'
import { drawTable } from '../drawTable.ts'
import { colorStops, mapStops } from '../palettes.ts'
import { inks, type AxesLayout, type PlotOptions, type PrintLayout } from '../printStyle.ts'
import type { SvgNode } from '../svgNode.ts'
import { drawNodes, rounded } from './drawNodes.ts'
import { closing, prelude } from './prelude.ts'
import { call, expression, toPython } from './python.ts'
import type { ScriptArray } from './scriptArray.ts'
import { writeParallel } from './writeParallel.ts'
import { writeScale } from './writeScale.ts'

export interface FigureScript {
  text: string
  arrays: Readonly<Record<string, ScriptArray>>
}

/**
 * A Python script that draws a figure again by matplotlib, from arrays that lie beside it: axes in their places with limits,
 * scales, ticks and labels, curves, points, bands and matrices with their colors, and all words around them.
 */
export function figureScript(drawing: FigureDrawing, introduction: string): FigureScript {
  const { width, height, style, parts, legend } = drawing
  const arrays: Record<string, ScriptArray> = {}
  const families = style.family.startsWith("'Times") ? serifFaces : sansFaces
  const lines = [
    ...introduction.split(/\r\n?|\n/).map((line) => `# ${line}`.trimEnd()),
    `WIDTH, HEIGHT = ${rounded(width)}, ${rounded(height)}  # points, 72 to the inch`,
    `FAMILIES = ${toPython([...families, ...otherFaces])}`,
    '',
    prelude,
    '',
    ...parts.flatMap((part, place) => ['', ...writePart(part, place, arrays)]),
    ...(legend.length > 0 ? ['', '# Legend of all panels', ...drawNodes(legend)] : []),
    '',
    '',
    closing.trimEnd(),
    '',
  ]
  return { text: lines.join('\n'), arrays }
}

const sansFaces = ['Arimo', 'Helvetica', 'Arial', 'Liberation Sans']
const serifFaces = ['STIX Two Text', 'Times New Roman', 'Liberation Serif', 'STIXGeneral']
/** Of matplotlib itself, then those with letters of East Asia. */
const otherFaces = ['DejaVu Sans', 'Noto Sans CJK JP', 'WenQuanYi Micro Hei', 'Droid Sans Fallback']

type Arrays = Record<string, ScriptArray>

function writePart({ panel, head, plot, options }: FigurePart, place: number, arrays: Arrays): string[] {
  const name = `panel${place + 1}`
  const title = `# Panel ${place + 1}${panel ? `: ${plainText(panel.title).replaceAll(/\s/g, ' ')}` : ''}`
  if (!panel) return [title, ...drawNodes(head)]
  return [title, ...drawNodes(head), ...writePlot(panel, plot, options, name, arrays)]
}

function writePlot(panel: Panel, plot: Box, options: PlotOptions, name: string, arrays: Arrays): string[] {
  if (panel.kind === 'heatmap') return writeMatrix(panel, plot, options, name, arrays)
  if (panel.kind === 'map') return writeMap(panel, plot, options, name, arrays)
  if (panel.kind === 'parallel') return writeParallel(panel, plot, options, name, arrays)
  if (panel.kind === 'table') return drawNodes(drawTable(panel, plot, options.style))
  const write = panel.each ? writeCircles : writeLines
  return write(panel, plot, options, name, arrays)
}

function writeLines(panel: LinePanel, box: Box, options: PlotOptions, name: string, arrays: Arrays): string[] {
  const { look, style } = options
  const layout = layOutPanel(panel, box, style)
  const plot = plotOf(layout)
  const inset = insetOf(panel, plot, look)
  const own = writeAxes(layout, name, arrays)
  return [
    ...own,
    ...drawNodes([...drawMarks(layout), ...drawNotes(look.notes ?? [], layout)]),
    ...(inset
      ? [
          call('rectangle', [...cornersOf(inset.box)], { fill: '#ffffff' }),
          ...writeAxes(layOutPanel(inset.part, inset.box, style), `${name}_inset`, arrays),
        ]
      : []),
    ...drawNodes(drawInnerLegend(innerEntries(panel, look.legend), look.legend, plot, style)),
  ]
}

/** Axes in their place, with limits, scales, ticks and the title of the horizontal one. */
function writeFrame(layout: AxesLayout, plot: Box, name: string): string[] {
  const { panel, lines, box, style } = layout
  const { across, upwards } = ticksOf(layout)
  const axis = (which: 'x' | 'y') => expression(`${name}.${which}axis`)
  const tickOptions = { size: style.smallSize, width: style.thinLine }
  const ticks = (which: 'x' | 'y', { major, minor }: typeof across) =>
    call('ticks', [axis(which), major.map(({ at }) => at), major.map(({ label }) => label), minor], tickOptions)
  return [
    `${name} = ${call('axes', cornersOf(plot), { line_width: style.thinLine })}`,
    writeScale(axis('x'), lines.x),
    writeScale(axis('y'), lines.y),
    ticks('x', across),
    ticks('y', upwards),
    ...drawNodes(drawBreaks(layout)),
    ...drawNodes(drawTitle(panel.x, { right: plot.x + plot.width, bottom: plot.y + plot.height }, box, style)),
  ]
}

function writeAxes(layout: PrintLayout, name: string, arrays: Arrays): string[] {
  const { panel } = layout
  return [
    ...writeFrame(layout, plotOf(layout), name),
    ...(panel.bands ?? []).map((band, place) => {
      const own = `${name}_band${place + 1}`
      Object.assign(arrays, {
        [`${own}_x`]: listed(band.x),
        [`${own}_low`]: listed(band.low),
        [`${own}_high`]: listed(band.high),
      })
      return call('band', [expression(name), own, seriesInk({ role: 'single', ...band }), bandOpacity])
    }),
    ...panel.series.map((_, place) => writeSeries(layout, place, `${name}_${place + 1}`, name, arrays)),
  ]
}

/** Outlines of cells are on the axes, each corner with the number of its cell; the cells' own places and values lie beside them. */
function writeMap(panel: MapPanel, box: Box, { style, id }: PlotOptions, name: string, arrays: Arrays): string[] {
  const printed = layOutPrintedMap(panel, box, style)
  const { layout, frame } = printed
  const { x, y, outlines } = layout.lines
  const corners = outlines.flatMap((outline, cell) =>
    Array.from({ length: outline.length / 2 }, (_, k) => [
      cell,
      x.invert(outline[2 * k]!),
      y.invert(outline[2 * k + 1]!),
    ]),
  )
  const channels = outlines.map((_, cell) =>
    [1, 3, 5].map((at) => parseInt(cellColor(panel, cell).slice(at, at + 2), 16) / 255),
  )
  Object.assign(arrays, {
    [`${name}_outlines`]: { shape: [corners.length, 3], data: Float64Array.from(corners.flat()) },
    [`${name}_colors`]: { shape: [channels.length, 3], data: Float64Array.from(channels.flat()) },
    [`${name}_x`]: listed(panel.cells.x),
    [`${name}_y`]: listed(panel.cells.y),
    [`${name}_value`]: listed(panel.cells.value),
  })
  const key = drawMapKey(panel, printed, id)
  const isBar = (node: SvgNode) => isElement(node, 'rect') && String(attributesOf(node).fill).startsWith('url(')
  return [
    ...writeFrame(layout, frame, name),
    call('cells', [expression(name), name, style.thinLine]),
    ...drawNodes(drawOverCells(panel, printed)),
    ...key.filter(isBar).map((bar) => call('color_bar', [...boxOf(bar), [...mapStops[panel.colors]]])),
    ...drawNodes(key.filter((node) => !isBar(node))),
  ]
}

function writeSeries(layout: PrintLayout, place: number, key: string, axes: string, arrays: Arrays): string {
  const { panel, lines, style } = layout
  const series = panel.series[place]!
  const { x, y } = drawnPoints(series)
  Object.assign(arrays, { [`${key}_x`]: listed(x), [`${key}_y`]: listed(y) })
  const order = seriesRanks[series.role]
  const values = [expression(axes), key, plainText(series.name), seriesInk(series)]
  if (isDrawnAsDots(lines.strokes[place]!)) return call('dots', values, { size: dotWidth(series), order })
  const { width, opacity } = penOf(series, panel, style)
  const dashes = dashArray(series)?.split(' ').map(Number)
  return call('curve', values, { width, order, dashes, alpha: opacity })
}

function writeMatrix(
  panel: HeatmapPanel,
  box: Box,
  { style, id }: PlotOptions,
  name: string,
  arrays: Arrays,
): string[] {
  const nodes = drawHeatmap(panel, box, style, id)
  const stops = colorStops[panel.colors]
  const columns = placeColumns(panel, placedPixels)?.columns
  const { rows, columns: stride, data } = panel.matrix
  const shown = columns
    ? Float64Array.from({ length: rows * columns.length }, (_, k) => {
        return data[Math.floor(k / columns.length) * stride + columns[k % columns.length]!]!
      })
    : Float64Array.from(data)
  arrays[name] = { shape: [rows, columns?.length ?? stride], data: shown }
  const image = nodes.find((node) => isElement(node, 'image'))!
  const bar = nodes.findLast((node) => isElement(node, 'rect'))!
  const others = nodes.filter((node) => !['rect', 'image'].some((tag) => isElement(node, tag)))
  return [
    `${name} = ${call('matrix', [...boxOf(image), name, [...stops], ...panel.range])}`,
    call('color_bar', [...boxOf(bar), [...stops]]),
    ...drawNodes(others),
  ]
}

function isElement(node: SvgNode, tag: string): boolean {
  return typeof node !== 'string' && node.tag === tag
}

function attributesOf(node: SvgNode) {
  return (node as Exclude<SvgNode, string>).attributes
}

function boxOf(node: SvgNode): number[] {
  return ['x', 'y', 'width', 'height'].map((key) => Number(attributesOf(node)[key]))
}

/** Every circle in axes of its own, of one scale across and upwards. */
function writeCircles(panel: LinePanel, box: Box, { style }: PlotOptions, name: string, arrays: Arrays): string[] {
  const { cells, unit } = layOutCells(panel, box, style.smallSize)
  const circles = cells.flatMap((cell, place) => {
    const series = panel.series[place]!
    const own = `${name}_${place + 1}`
    const { scale } = circleRadius(matrixOf(series), 0, cell.radius)
    if (!Number.isFinite(scale) || scale <= 0) return []
    Object.assign(arrays, { [`${own}_x`]: listed(series.x), [`${own}_y`]: listed(series.y) })
    const reach = cell.radius / scale
    const corner = [box.x + (cell.x - cell.radius) / unit, box.y + (cell.y - cell.radius) / unit].map(rounded)
    const side = rounded((2 * cell.radius) / unit)
    return [
      `${own} = ${call('axes', [...corner, side, side])}`,
      `${own}.set(${`xlim=(${-reach}, ${reach}), ylim=(${-reach}, ${reach})`}); ${own}.set_axis_off()`,
      call('dots', [expression(own), own, plainText(series.name), seriesInk(series)], {
        size: 1.4,
        order: seriesRanks.points,
        clip: false,
      }),
    ]
  })
  return [...circles, ...drawNodes(withoutDots(drawCircles(panel, box, style)))]
}

function layOutCells({ series }: LinePanel, box: Box, smallSize: number) {
  const unit = screenText / smallSize
  return { unit, cells: arrangeCircles(series.length, { width: box.width * unit, height: box.height * unit }) }
}
const screenText = 11

function withoutDots(nodes: readonly SvgNode[]): SvgNode[] {
  return nodes.flatMap((node): SvgNode[] => {
    if (typeof node === 'string') return [node]
    const isDot = node.tag === 'circle' && node.attributes.fill !== 'none' && node.attributes.fill !== inks.text
    return isDot ? [] : [{ ...node, children: withoutDots(node.children) }]
  })
}

function cornersOf({ x, y, width, height }: Box): number[] {
  return [x, y, width, height].map(rounded)
}

function listed(values: Float64Array): ScriptArray {
  return { shape: [values.length], data: values }
}
