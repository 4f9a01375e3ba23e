import { fitTicks } from '../charts/fitTicks.ts'
import type { Margins } from '../charts/plotArea.ts'
import type { Scale } from '../charts/scale.ts'
import { ticksOfAxis, type Tick } from '../charts/ticks.ts'
import type { Axis } from '../panel.ts'
import type { Box } from './box.ts'
import { drawText, round } from './drawText.ts'
import { inks, type AxesLayout, type PrintStyle } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'
import { printFace, textWidth, wrapText } from '../charts/textWidth.ts'

/** Labels stand at least so many heights apart, center to center; a larger plot has no more than so many. */
const [minAcross, leastUpwards, maxLabels] = [4, 1.9, 8]
const tickLength = { major: 2, minor: 1.2 } as const

/** Axes with ticks and labels, the title of the horizontal one below its right end. */
export function drawAxes(layout: AxesLayout): SvgNode[] {
  const { panel, lines, unit, box, style } = layout
  const { smallSize, thinLine } = style
  const x = (value: number) => box.x + lines.x.at(value) / unit
  const y = (value: number) => box.y + lines.y.at(value) / unit
  const [left, right] = [box.x + lines.area.left / unit, box.x + lines.area.right / unit]
  const [top, bottom] = [box.y + lines.area.top / unit, box.y + lines.area.bottom / unit]
  const line = lineOf(thinLine)
  const label = { size: smallSize, ink: inks.quiet }
  const { across, upwards } = ticksOf(layout)
  return [
    line(left, bottom, right, bottom),
    line(left, top, left, bottom),
    ...drawBreaks(layout),
    ...across.minor.map((at) => line(x(at), bottom, x(at), bottom + tickLength.minor)),
    ...upwards.minor.map((at) => line(left - tickLength.minor, y(at), left, y(at))),
    ...across.major.flatMap(({ at, label: words }) => [
      line(x(at), bottom, x(at), bottom + tickLength.major),
      drawText(x(at), bottom + 2.5 + smallSize, words, { ...label, anchor: 'middle' }, style),
    ]),
    ...upwards.major.flatMap(({ at, label: words }) => [
      line(left - tickLength.major, y(at), left, y(at)),
      drawText(left - 3.5, y(at) + 0.35 * smallSize, words, { ...label, anchor: 'end' }, style),
    ]),
    ...drawTitle(panel.x, { right, bottom }, box, style),
  ]
}

type DrawLine = (x1: number, y1: number, x2: number, y2: number) => SvgNode

function lineOf(width: number): DrawLine {
  return (x1, y1, x2, y2) =>
    element('line', {
      x1: round(x1),
      y1: round(y1),
      x2: round(x2),
      y2: round(y2),
      stroke: inks.line,
      'stroke-width': width,
    })
}

/** Where logarithmic axes have a place for 0. */
export function drawBreaks({ lines: { x, y, area }, unit, box, style }: AxesLayout): SvgNode[] {
  const [left, bottom] = [box.x + area.left / unit, box.y + area.bottom / unit]
  const line = lineOf(style.thinLine)
  return [
    ...(x.zeroGapPixels > 0 ? drawBreak(left + x.zeroGapPixels / unit / 2, bottom, 'across', line) : []),
    ...(y.zeroGapPixels > 0 ? drawBreak(left, bottom - y.zeroGapPixels / unit / 2, 'upwards', line) : []),
  ]
}

/** Two slanted strokes across an axis, where a logarithmic one ends and its place for 0 begins. */
function drawBreak(x: number, y: number, way: 'across' | 'upwards', line: DrawLine): SvgNode[] {
  return [-0.8, 0.8].map((apart) =>
    way === 'across'
      ? line(x + apart - 0.8, y + 2.2, x + apart + 0.8, y - 2.2)
      : line(x - 2.2, y + apart + 0.8, x + 2.2, y + apart - 0.8),
  )
}

/** The title of a horizontal axis, its lines ending at the right border of what it belongs to, or as far right as they need. */
export function drawTitle(
  axis: Axis,
  { right, bottom }: { right: number; bottom: number },
  box: Box,
  style: PrintStyle,
): SvgNode[] {
  const { smallSize } = style
  const lines = titleLines(axis, box, style)
  const widest = Math.max(0, ...lines.map((words) => textWidth(words, smallSize)))
  return lines.map((words, place) =>
    drawText(
      Math.max(right, box.x + widest + 0.5),
      bottom + 2.5 + (2.3 + 1.2 * place) * smallSize,
      words,
      { size: smallSize, ink: inks.text, anchor: 'end' },
      style,
    ),
  )
}

/** Points below a plot for its labels and the title of its axis. */
export function roomBelow(axis: Axis, box: Box, style: PrintStyle): number {
  return 2.5 + (1.6 + 1.2 * titleLines(axis, box, style).length) * style.smallSize
}

/** Points left of a plot where labels are short: plots above one another begin at one place. */
export function roomLeft({ smallSize }: PrintStyle): number {
  return 3.6 * smallSize
}

export function titleOf({ label, symbol }: Axis): string {
  return symbol ? `${label} $${symbol}$`.trim() : label
}

/** Margins around a plot whose labels are short, in units of its layout. */
export function minMargins({ x }: { x: Axis }, box: Box, style: PrintStyle, unit: number): Margins {
  return {
    left: roomLeft(style) * unit,
    right: 0.8 * style.smallSize * unit,
    top: 0.6 * style.smallSize * unit,
    bottom: roomBelow(x, box, style) * unit,
  }
}

/** Margins that hold all labels of a layout, none smaller than the least. */
export function axesRoom(layout: AxesLayout, min: Margins): Margins {
  const { unit, style } = layout
  const { upwards, longest } = ticksOf(layout)
  const widest = Math.max(0, ...upwards.major.map(({ label }) => textWidth(label, style.smallSize)))
  return {
    ...min,
    left: Math.max(min.left, (widest + 4) * unit),
    // The last label may stand at the very end of the axis.
    right: Math.max(min.right, (longest / 2 + 0.5) * unit),
  }
}

/** Lines of the title of a horizontal axis. */
export function titleLines(axis: Axis, box: Box, style: PrintStyle): string[] {
  const words = titleOf(axis)
  return words === '' ? [] : wrapText(words, style.smallSize, box.width - roomLeft(style))
}

/** Ticks that a layout has room for: with their labels, and short ones without. */
export function ticksOf({ panel, lines, unit, style: { smallSize } }: AxesLayout) {
  const { left, right, top, bottom } = lines.area
  const perLabel = (length: number, min: number) => Math.max(min * smallSize * unit, length / maxLabels)
  const width = ({ label }: Tick) => textWidth(label, smallSize)
  const between = 0.7 * smallSize
  const longest = Math.max(0, ...ticksWithin(lines.x, panel.x, perLabel(right - left, minAcross), 0).major.map(width))
  const spacing = perLabel(right - left, Math.max(minAcross, longest / smallSize + 1.5))
  const across = ticksWithin(lines.x, panel.x, spacing, (longest + between) * unit)
  const upwards = ticksWithin(lines.y, panel.y, perLabel(bottom - top, leastUpwards))
  const pointOf = (at: number) => lines.x.at(at) / unit
  const fitted = fitTicks(across.major, pointOf, printFace(smallSize), between)
  const place = (tick: Tick) => ({ at: pointOf(tick.at), width: width(tick) + between })
  return { across: { ...across, major: apart(fitted, place) }, upwards, longest }
}

function ticksWithin(scale: Scale, words: Axis, spacing: number, clear?: number) {
  const [from, to] = scale.range
  const shows = (value: number) => {
    const pixel = scale.at(value)
    return pixel >= Math.min(from, to) - 0.5 && pixel <= Math.max(from, to) + 0.5
  }
  const { major, minor } = ticksOfAxis(scale, words, spacing, clear)
  return { major: major.filter(({ at }) => shows(at)), minor: minor.filter(shows) }
}

/** Of ticks in ascending order those whose labels stand clear of the one before. */
function apart(ticks: readonly Tick[], place: (tick: Tick) => { at: number; width: number }): Tick[] {
  const kept: Tick[] = []
  for (const tick of ticks) {
    const last = kept.at(-1)
    const [own, before] = [place(tick), last && place(last)]
    if (!before || own.at - before.at >= (own.width + before.width) / 2) kept.push(tick)
  }
  return kept
}
