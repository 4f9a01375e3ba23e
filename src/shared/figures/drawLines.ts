import { finishLines, prepareLines, type Stroke } from '../charts/lineLayout.ts'
import { isDotted, type LinePanel, type Series } from '../panel.ts'
import type { Box } from './box.ts'
import { axesRoom, drawAxes, minMargins } from './drawAxes.ts'
import { seriesInk } from './drawLegend.ts'
import { drawMarks } from './drawMarks.ts'
import { round } from './drawText.ts'
import type { PrintLayout, PrintStyle } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

/** More single lines than this are drawn pale under a strong one. */
const mostClear = 4
/** Points across a dot. */
const widestDot = 2.8
/** What small text is high on screen; in such units charts are laid out for paper as they are for the screen. */
const screenText = 11

/** A line panel within a box, in points, without its title and legend; `id` is its own in the document. */
export function drawLines(panel: LinePanel, box: Box, style: PrintStyle, id: string): SvgNode[] {
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
    element(
      'g',
      { 'clip-path': `url(#${id})` },
      order(panel.series).flatMap((series) => drawSeries(series, layout)),
    ),
    ...drawMarks(layout),
  ]
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
      'stroke-dasharray': series.role === 'theory' ? '3 2' : undefined,
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
