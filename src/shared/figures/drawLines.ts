import { bandPath } from '../charts/bandPath.ts'
import { panelEntries, type LegendEntry } from '../charts/legend.ts'
import { finishLines, prepareLines, type Stroke } from '../charts/lineLayout.ts'
import { isDotted, type LinePanel, type Series } from '../panel.ts'
import type { Box } from './box.ts'
import { axesRoom, drawAxes, minMargins } from './drawAxes.ts'
import { cornerBox } from './cornerBox.ts'
import { bandOpacity, dashArray, drawInnerLegend, seriesInk } from './drawLegend.ts'
import { drawMarks } from './drawMarks.ts'
import { drawNotes } from './drawNotes.ts'
import { round } from './drawText.ts'
import type { PlotOptions, PrintLayout, PrintStyle } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

/** More single lines than this are drawn pale under a strong one. */
const mostClear = 4
/** Points across a dot. */
const widestDot = 2.8
/** What small text is high on screen; in such units charts are laid out for paper as they are for the screen. */
const screenText = 11

/** Of the plot, across and upwards. */
const insetShare = 0.42

/** A line panel within a box, in points, without its title and the legend above it. */
export function drawLines(panel: LinePanel, box: Box, { look, style, id }: PlotOptions): SvgNode[] {
  const layout = layOutPanel(panel, box, style)
  const plot = plotOf(layout)
  const { x: left, y: top, ...within } = plot
  const inset = insetOf(panel, plot, look)
  const room = layout.lines.strokes.some(isDrawnAsDots) ? widestDot / 2 : 1
  return [
    element('clipPath', { id }, [
      element('rect', {
        x: round(left - room),
        y: round(top - room),
        width: round(within.width + 2 * room),
        height: round(within.height + 2 * room),
      }),
    ]),
    ...drawAxes(layout),
    element('g', { 'clip-path': `url(#${id})` }, [
      ...drawBands(layout),
      ...order(panel.series).flatMap((series) => drawSeries(series, layout)),
    ]),
    ...drawMarks(layout),
    ...drawNotes(look.notes ?? [], layout),
    ...(inset ? drawInset(inset, style, id) : []),
    ...drawInnerLegend(innerEntries(panel, look.legend), look.legend, plot, style),
  ]
}

/** Scales and pixels of a line panel within a box that also holds its labels. */
export function layOutPanel(panel: LinePanel, box: Box, style: PrintStyle): PrintLayout {
  const unit = screenText / style.smallSize
  const size = { width: box.width * unit, height: box.height * unit }
  const min = minMargins(panel, box, style, unit)
  const prepared = prepareLines(panel, { size, margins: min })
  const tried = { panel, lines: finishLines(prepared, min), unit, box, style }
  return { ...tried, lines: finishLines(prepared, axesRoom(tried, min)) }
}

/** Where its axes are. */
export function plotOf({ lines: { area }, unit, box }: PrintLayout): Box {
  return {
    x: box.x + area.left / unit,
    y: box.y + area.top / unit,
    width: (area.right - area.left) / unit,
    height: (area.bottom - area.top) / unit,
  }
}

export function innerEntries(panel: LinePanel, legend: PlotOptions['look']['legend']): LegendEntry[] {
  return legend === 'above' || legend === 'none' ? [] : panelEntries(panel)
}

/** A part of the horizontal axis, larger, and its place in a corner of the plot. */
export function insetOf(
  panel: LinePanel,
  plot: Box,
  { inset }: PlotOptions['look'],
): { part: LinePanel; box: Box } | null {
  if (!inset || !(inset.from < inset.to) || (panel.x.scale === 'log' && inset.from <= 0)) return null
  const box = cornerBox(plot, { width: insetShare * plot.width, height: insetShare * plot.height }, inset.corner)
  const { min: _min, max: _max, ...y } = panel.y
  const part: LinePanel = {
    ...panel,
    x: { ...panel.x, label: '', symbol: '', min: inset.from, max: inset.to, zero: false },
    y,
    moments: [],
    levels: [],
    expectations: [],
  }
  return { part, box }
}

/** On paper of its own. */
function drawInset({ part, box }: { part: LinePanel; box: Box }, style: PrintStyle, id: string): SvgNode[] {
  return [
    element('rect', {
      ...{ x: round(box.x), y: round(box.y), width: round(box.width), height: round(box.height) },
      fill: '#ffffff',
    }),
    ...drawLines(part, box, { look: { legend: 'none' }, style, id: `${id}-inset` }),
  ]
}

/** In the place that the layout has for them, which counts from the corner of the box. */
function drawBands({ panel, lines, unit, box }: PrintLayout): SvgNode[] {
  const shapes = (panel.bands ?? []).map((band) =>
    element('path', {
      d: bandPath(band, lines),
      fill: seriesInk({ role: 'single', ...band }),
      'fill-opacity': bandOpacity,
    }),
  )
  if (shapes.length === 0) return []
  const transform = `translate(${round(box.x)} ${round(box.y)}) scale(${1 / unit})`
  return [element('g', { transform }, shapes)]
}

function order(series: readonly Series[]): Series[] {
  return series.toSorted((a, b) => seriesRanks[a.role] - seriesRanks[b.role])
}

/** What is drawn over what: the higher over the lower. */
export const seriesRanks = { context: 0, start: 1, theory: 2, single: 3, points: 4, mean: 5 } as const

function drawSeries(series: Series, { panel, lines, unit, box, style }: PrintLayout): SvgNode[] {
  const stroke = lines.strokes[panel.series.indexOf(series)]!
  const left = box.x + lines.area.left / unit
  const top = box.y + lines.area.top / unit
  const points = Array.from({ length: stroke.points.length / 2 }, (_, k) => ({
    x: round(left + stroke.points[2 * k]! / unit),
    y: round(top + stroke.points[2 * k + 1]! / unit),
  }))
  const ink = seriesInk(series)
  if (isDrawnAsDots(stroke)) {
    return [element('path', { d: pathOfDots(points, dotWidth(series) / 2), fill: ink })]
  }
  const { width, opacity } = penOf(series, panel, style)
  return [
    element('path', {
      d: pathOf(points),
      fill: 'none',
      stroke: ink,
      'stroke-width': width,
      'stroke-linejoin': 'round',
      'stroke-dasharray': dashArray(series),
      'stroke-opacity': opacity,
    }),
  ]
}

/** By what a line is drawn; many single ones under a strong one are thin and pale. */
export function penOf(
  { role }: Series,
  { series }: LinePanel,
  { thinLine, line, strongLine }: PrintStyle,
): { width: number; opacity: number | undefined } {
  const crowded =
    series.some((each) => each.role === 'mean') && series.filter((each) => each.role === 'single').length > mostClear
  if (role === 'mean') return { width: strongLine, opacity: undefined }
  return role === 'single' && !crowded
    ? { width: line, opacity: undefined }
    : { width: thinLine, opacity: role === 'single' ? 0.6 : undefined }
}

/** Points across the dots of a series. */
export function dotWidth({ role }: Pick<Series, 'role'>): number {
  return role === 'start' ? 2 : widestDot
}

/** A line of one point would not show. */
export function isDrawnAsDots({ series, points }: Stroke): boolean {
  return isDotted(series) || points.length === 2
}

/** One path for all, each of two half circles: as elements of their own, those of many runs would be more than can be sent. */
function pathOfDots(points: readonly { x: number; y: number }[], r: number): string {
  const half = (across: number) => `a${r} ${r} 0 1 0 ${across} 0`
  const dot = `${half(2 * r)}${half(-2 * r)}`
  return points
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))
    .map(({ x, y }) => `M${round(x - r)} ${y}${dot}`)
    .join('')
}

/** Gaps end a piece of the line. */
function pathOf(points: readonly { x: number; y: number }[]): string {
  let pen = false
  return points
    .map(({ x, y }) => {
      if (!Number.isFinite(x) || !Number.isFinite(y)) {
        pen = false
        return ''
      }
      const move = pen ? 'L' : 'M'
      pen = true
      return `${move}${x} ${y}`
    })
    .join('')
}
