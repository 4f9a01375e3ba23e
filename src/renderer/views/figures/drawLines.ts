import type { Axis, LinePanel, Series } from '../../../shared/panel.ts'
import { layOutLines, type LineLayout } from '../../charts/lineLayout.ts'
import type { Scale } from '../../charts/scale.ts'
import { makeTicks } from '../../charts/ticks.ts'
import { plainText } from '../../formatting/setSymbols.ts'
import { drawText, round, textWidth } from './drawText.ts'
import { inks, type PrintStyle } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

const mostNamed = 12
/** More single lines than this are drawn pale under a strong one. */
const mostClear = 4

/** Layout counts in half points: as many columns as a line is decimated to. */
const scale = 2
/** Distance of a legend's rows, in heights of its text. */
const legendLine = 1.25

/** A line panel within a box, in points; its legend only where the figure has none for all panels. */
export function drawLines(panel: LinePanel, box: Box, style: PrintStyle, ownLegend: boolean): SvgNode[] {
  const { smallSize } = style
  const legend = ownLegend ? legendRows(namedSeries(panel), box.width - 3.6 * smallSize, smallSize) : []
  const margins = {
    left: 3.6 * smallSize,
    right: 0.8 * smallSize,
    top: 2.1 * smallSize + legendHeight(legend.length, style),
    bottom: 2.9 * smallSize,
  }
  const layout = layOutLines(panel, {
    size: { width: box.width * scale, height: box.height * scale },
    margins: {
      left: margins.left * scale,
      right: margins.right * scale,
      top: margins.top * scale,
      bottom: margins.bottom * scale,
    },
  })
  const clip = `clip-${Math.round(box.x)}-${Math.round(box.y)}`
  const area = areaOf(layout, box)
  return [
    element('clipPath', { id: clip }, [
      element('rect', { x: area.x, y: round(area.y - 1), width: area.width, height: round(area.height + 2) }),
    ]),
    ...drawAxes(panel, layout, box, style),
    element('g', { 'clip-path': `url(#${clip})` }, [
      ...drawLevels(panel, layout, box, style),
      ...order(panel.series).flatMap((series) => drawSeries(series, panel, layout, box, style)),
    ]),
    ...drawLegend(legend, { x: box.x + margins.left, y: box.y + 1.6 * smallSize }, style),
  ]
}

export function seriesInk({ role, colour }: Pick<Series, 'role' | 'colour'>): string {
  if (role === 'start' || role === 'context') return inks.mute
  return colour === undefined ? inks.text : inks.palette[colour % inks.palette.length]!
}

/** Lines that a legend names: the strong ones where there are several, else all of them up to a dozen. */
export function namedSeries({ series }: LinePanel): Series[] {
  const strong = series.filter(({ role }) => role === 'mean' || role === 'theory')
  const named = strong.length > 1 ? strong : series.filter(({ role }) => role !== 'context' && role !== 'start')
  if (named.length <= 1) return []
  return named.length <= mostNamed ? named : strong
}

function order(series: readonly Series[]): Series[] {
  const ranks = { context: -1, start: 0, single: 1, points: 2, theory: 3, mean: 4 } as const
  return series.toSorted((a, b) => ranks[a.role] - ranks[b.role])
}

function areaOf({ area }: LineLayout, box: Box): Box {
  return {
    x: round(box.x + area.left / scale),
    y: round(box.y + area.top / scale),
    width: round((area.right - area.left) / scale),
    height: round((area.bottom - area.top) / scale),
  }
}

function drawAxes(panel: LinePanel, layout: LineLayout, box: Box, style: PrintStyle): SvgNode[] {
  const { smallSize, thinLine } = style
  const area = areaOf(layout, box)
  const [right, bottom] = [area.x + area.width, area.y + area.height]
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    element('line', {
      x1: round(x1),
      y1: round(y1),
      x2: round(x2),
      y2: round(y2),
      stroke: inks.line,
      'stroke-width': thinLine,
    })
  const label = { size: smallSize, ink: inks.quiet }
  const within = (pixel: number, [from, to]: readonly [number, number]) =>
    pixel >= Math.min(from, to) - 0.5 && pixel <= Math.max(from, to) + 0.5
  const shownAcross = (spacing: number) =>
    ticksOf(layout.x, panel.x, spacing * scale).filter(({ at }) => within(layout.x.at(at), layout.x.range))
  const longest = Math.max(0, ...shownAcross(5.5 * smallSize).map(({ label: words }) => textWidth(words, smallSize)))
  const across = apart(shownAcross(Math.max(5.5 * smallSize, longest + 1.5 * smallSize)), (tick) => ({
    at: layout.x.at(tick.at) / scale,
    width: textWidth(tick.label, smallSize) + smallSize,
  }))
  const upwards = ticksOf(layout.y, panel.y, 1.9 * smallSize * scale).filter(({ at }) =>
    within(layout.y.at(at), layout.y.range),
  )
  return [
    line(area.x, bottom, right, bottom),
    line(area.x, area.y, area.x, bottom),
    ...across.flatMap(({ at, label: words }) => {
      const x = box.x + layout.x.at(at) / scale
      return [
        line(x, bottom, x, bottom + 2),
        drawText(x, bottom + 2.5 + smallSize, words, { ...label, anchor: 'middle' }, style),
      ]
    }),
    ...upwards.flatMap(({ at, label: words }) => {
      const y = box.y + layout.y.at(at) / scale
      return [
        line(area.x - 2, y, area.x, y),
        drawText(area.x - 3.5, y + 0.35 * smallSize, words, { ...label, anchor: 'end' }, style),
      ]
    }),
    drawText(right, bottom + 2.3 * smallSize + 1, titleOf(panel.x), { ...label, ink: inks.text, anchor: 'end' }, style),
  ]
}

/** Of ticks in ascending order those whose labels stand clear of the one before. */
function apart<Tick>(ticks: readonly Tick[], place: (tick: Tick) => { at: number; width: number }): Tick[] {
  const kept: Tick[] = []
  for (const tick of ticks) {
    const last = kept.at(-1)
    const [own, before] = [place(tick), last && place(last)]
    if (!before || own.at - before.at >= (own.width + before.width) / 2) kept.push(tick)
  }
  return kept
}

export function titleOf({ label, symbol }: Axis): string {
  return symbol ? `${label} $${symbol}$`.trim() : label
}

function ticksOf(axis: Scale, words: Axis, spacing: number) {
  return words.ticks ? [...words.ticks] : makeTicks(axis, spacing).major
}

function drawLevels({ levels = [] }: LinePanel, layout: LineLayout, box: Box, style: PrintStyle): SvgNode[] {
  const area = areaOf(layout, box)
  return levels.flatMap(({ at }) => {
    const y = round(box.y + layout.y.at(at) / scale)
    if (!Number.isFinite(y)) return []
    const dash = { stroke: inks.mute, 'stroke-width': style.thinLine, 'stroke-dasharray': '1.5 1.5' }
    return [element('line', { x1: area.x, x2: area.x + area.width, y1: y, y2: y, ...dash })]
  })
}

function drawSeries(series: Series, panel: LinePanel, layout: LineLayout, box: Box, style: PrintStyle): SvgNode[] {
  const stroke = layout.strokes[panel.series.indexOf(series)]!
  const left = box.x + layout.area.left / scale
  const top = box.y + layout.area.top / scale
  const points = Array.from({ length: stroke.points.length / 2 }, (_, k) => ({
    x: round(left + stroke.points[2 * k]! / scale),
    y: round(top + stroke.points[2 * k + 1]! / scale),
  }))
  const ink = seriesInk(series)
  // A line of one point would not show.
  if (series.role === 'points' || series.role === 'start' || points.length === 1) {
    const r = series.role === 'start' ? 1 : 1.4
    return points
      .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))
      .map(({ x, y }) => element('circle', { cx: x, cy: y, r, fill: ink }))
  }
  const widths = {
    context: style.thinLine,
    single: style.thinLine,
    theory: style.line,
    mean: style.strongLine,
  } as const
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

/** The names of series in rows of a width, in points. */
export function legendRows(named: readonly Series[], width: number, size: number): Series[][] {
  const rows: Series[][] = []
  let used = Infinity
  for (const series of named) {
    const item = itemWidth(series, size)
    if (used + item > width) {
      rows.push([])
      used = 0
    }
    rows.at(-1)!.push(series)
    used += item
  }
  return rows
}

function itemWidth({ name }: Series, size: number): number {
  return textWidth(plainText(name), size) + 2.6 * size
}

/** Height of a legend of so many rows. */
export function legendHeight(rows: number, { smallSize }: PrintStyle): number {
  return legendLine * rows * smallSize
}

/** Rows of a legend from their top left corner. */
export function drawLegend(rows: readonly Series[][], from: { x: number; y: number }, style: PrintStyle): SvgNode[] {
  return rows.flatMap((row, place) => drawLegendRow(row, from.x, from.y + legendHeight(place, style), style))
}

function drawLegendRow(row: readonly Series[], left: number, top: number, style: PrintStyle): SvgNode[] {
  const { smallSize } = style
  let x = left
  return row.flatMap((series) => {
    const from = x
    x += itemWidth(series, smallSize)
    const y = round(top + 0.7 * smallSize)
    return [
      element('line', {
        x1: round(from),
        x2: round(from + 1.3 * smallSize),
        y1: y,
        y2: y,
        stroke: seriesInk(series),
        'stroke-width': style.strongLine,
        'stroke-dasharray': series.role === 'theory' ? '3 2' : undefined,
      }),
      drawText(from + 1.7 * smallSize, top + smallSize, series.name, { size: smallSize, ink: inks.text }, style),
    ]
  })
}
