import { bandPath } from '../charts/bandPath.ts'
import { legendEntries, type LegendEntry } from '../charts/legend.ts'
import { finishLines, prepareLines, type Stroke } from '../charts/lineLayout.ts'
import { isDotted, type LinePanel, type Series } from '../panel.ts'
import type { Box } from './box.ts'
import { axesRoom, drawAxes, minMargins } from './drawAxes.ts'
import { cornerBox } from './cornerBox.ts'
import { dashArray, drawInnerLegend, seriesInk } from './drawLegend.ts'
import { drawMarks } from './drawMarks.ts'
import { drawNotes } from './drawNotes.ts'
import { round } from './drawText.ts'
import type { PlotOptions, PrintLayout } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

/** More single lines than this are drawn pale under a strong one. */
const mostClear = 4
/** Points across a dot. */
const widestDot = 2.8
/** What small text is high on screen; in such units charts are laid out for paper as they are for the screen. */
const screenText = 11

/** Opaque enough to be seen under lines, and pale enough to be printed under others. */
const bandOpacity = 0.16
/** Of the plot, across and upwards. */
const insetShare = 0.42

/** A line panel within a box, in points, without its title and the legend above it. */
export function drawLines(panel: LinePanel, box: Box, { look, style, id }: PlotOptions): SvgNode[] {
  const unit = screenText / style.smallSize
  const size = { width: box.width * unit, height: box.height * unit }
  const min = minMargins(panel, box, style, unit)
  const prepared = prepareLines(panel, { size, margins: min })
  const tried = { panel, lines: finishLines(prepared, min), unit, box, style }
  const layout = { ...tried, lines: finishLines(prepared, axesRoom(tried, min)) }
  const { area } = layout.lines
  const [left, top] = [box.x + area.left / unit, box.y + area.top / unit]
  const within = { width: (area.right - area.left) / unit, height: (area.bottom - area.top) / unit }
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
    ...drawInset(panel, { x: left, y: top, ...within }, { look, style, id }),
    ...drawInnerLegend(innerEntries(panel, look.legend), look.legend, { x: left, y: top, ...within }, style),
  ]
}

function innerEntries({ series }: LinePanel, legend: PlotOptions['look']['legend']): LegendEntry[] {
  return legend === 'above' || legend === 'none' ? [] : legendEntries(series)
}

/** A part of the horizontal axis in a corner of the plot, larger, on paper of its own. */
function drawInset(panel: LinePanel, plot: Box, { look: { inset }, style, id }: PlotOptions): SvgNode[] {
  if (!inset || !(inset.from < inset.to) || (panel.x.scale === 'log' && inset.from <= 0)) return []
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
  const ranks = { context: 0, start: 1, theory: 2, single: 3, points: 4, mean: 5 } as const
  return series.toSorted((a, b) => ranks[a.role] - ranks[b.role])
}

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
    const r = series.role === 'start' ? 1 : widestDot / 2
    return points
      .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))
      .map(({ x, y }) => element('circle', { cx: x, cy: y, r, fill: ink }))
  }
  const widths: Partial<Record<Series['role'], number>> = {
    context: style.thinLine,
    single: style.thinLine,
    theory: style.thinLine,
    mean: style.strongLine,
  }
  const crowded =
    panel.series.some(({ role }) => role === 'mean') &&
    panel.series.filter(({ role }) => role === 'single').length > mostClear
  const single = series.role === 'single' && !crowded ? style.line : widths[series.role]
  return [
    element('path', {
      d: pathOf(points),
      fill: 'none',
      stroke: ink,
      'stroke-width': single,
      'stroke-linejoin': 'round',
      'stroke-dasharray': dashArray(series),
      'stroke-opacity': series.role === 'single' && crowded ? 0.6 : undefined,
    }),
  ]
}

/** A line of one point would not show. */
function isDrawnAsDots({ series, points }: Stroke): boolean {
  return isDotted(series) || points.length === 2
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
