import { panelEntries } from '../charts/legend.ts'
import { linesWithin } from '../charts/linesWithin.ts'
import {
  aboveAxis,
  besideTick,
  layOutParallel,
  titleDistance,
  type ParallelLayout,
  type PlacedAxis,
} from '../charts/parallelLayout.ts'
import { piecesOf } from '../charts/parallelLines.ts'
import { printFace } from '../charts/textWidth.ts'
import type { ParallelPanel } from '../panel.ts'
import type { Box } from './box.ts'
import { dashArray, drawInnerLegend, seriesInk } from './drawLegend.ts'
import { drawText, round } from './drawText.ts'
import { beyondColor } from './palettes.ts'
import { inks, type PlotOptions, type PrintStyle } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

/** What small text is high on screen; in such units charts are laid out for paper as they are for the screen. */
const screenText = 11
/** Points across a dot, and to either side of an axis: ticks, and the part that is looked at. */
const [dot, tick, rangeHalf] = [1.8, 1.6, 2.4] as const
const rangeOpacity = 0.25

/** Parallel coordinates within a box, in points, without the legend above them. */
export function drawParallel(panel: ParallelPanel, box: Box, options: PlotOptions): SvgNode[] {
  const printed = layOutPrintedParallel(panel, box, options.style)
  return [
    ...drawLinesAcross(panel, printed, options.style),
    ...drawUprightAxes(panel, printed, options.style),
    ...drawLegendWithin(panel, printed, options),
  ]
}

/** The legend where it stands in a corner of the plot. */
export function drawLegendWithin(
  panel: ParallelPanel,
  { layout: { area }, x, y, unit }: PrintedParallel,
  { look, style }: PlotOptions,
): SvgNode[] {
  const size = { width: (area.right - area.left) / unit, height: (area.bottom - area.top) / unit }
  const plot = { x: x(area.left), y: y(area.top), ...size }
  return drawInnerLegend(panelEntries(panel), look.legend, plot, style)
}

/** Its layout, and where pixels of it lie in points of the figure. */
export interface PrintedParallel {
  layout: ParallelLayout
  unit: number
  x: (pixel: number) => number
  y: (pixel: number) => number
}

export function layOutPrintedParallel(panel: ParallelPanel, box: Box, style: PrintStyle): PrintedParallel {
  const unit = screenText / style.smallSize
  const size = { width: box.width * unit, height: box.height * unit }
  const layout = layOutParallel(panel, size, printFace(screenText), { top: 0.4 * screenText, left: 0, right: 0 })
  return { layout, unit, x: (pixel) => round(box.x + pixel / unit), y: (pixel) => round(box.y + pixel / unit) }
}

/** What lines are drawn by, the paler the more there are, and their inks: of each group, beyond, and of those that stand back. */
export function parallelPen(panel: ParallelPanel, style: PrintStyle) {
  const count = linesWithin(panel).filter(Boolean).length
  const strength = count <= 40 ? 1 : count <= 150 ? 0.7 : 0.4
  return {
    width: count <= 40 ? style.line : style.thinLine,
    backWidth: style.thinLine,
    opacity: strength === 1 ? undefined : strength,
    colors: panel.groups.map((group) => seriesInk({ role: 'single', ...group })),
    beyond: inks.mute,
    back: beyondColor,
    dashes: dashArray({ role: 'context', dash: 'dashed' })!,
  }
}

function drawLinesAcross(panel: ParallelPanel, { layout, x, y }: PrintedParallel, style: PrintStyle): SvgNode[] {
  const pen = parallelPen(panel, style)
  const kept = linesWithin(panel)
  const draw = (line: number): SvgNode[] => {
    const { solid, broken, dots } = piecesOf(panel, layout, line)
    const isKept = kept[line]!
    const ink = isKept ? pen.colors[panel.groupOf[line]!]! : pen.back
    const path = (points: readonly number[], stroke: string, dashes?: string) =>
      points.length > 0 ? [element('path', { d: pathOf(points, x, y), stroke, 'stroke-dasharray': dashes })] : []
    return [
      ...path(solid, ink),
      ...path(broken, isKept ? pen.beyond : pen.back, pen.dashes),
      ...dots.flatMap((at, k) =>
        k % 2 === 0 ? [element('circle', { cx: x(at), cy: y(dots[k + 1]!), r: dot / 2, fill: ink })] : [],
      ),
    ]
  }
  // What they have in common stands once: of very many lines a drawing could not be sent else.
  return [false, true].flatMap((isKept) => {
    const drawn = [...kept.keys()].filter((line) => kept[line] === isKept).flatMap(draw)
    const look = {
      fill: 'none',
      'stroke-width': isKept ? pen.width : pen.backWidth,
      'stroke-linejoin': 'round',
      'stroke-opacity': isKept ? pen.opacity : undefined,
    }
    return drawn.length > 0 ? [element('g', look, drawn)] : []
  })
}

/** Gaps end a piece of the line. */
function pathOf(points: readonly number[], x: (pixel: number) => number, y: (pixel: number) => number): string {
  let path = ''
  for (let k = 0; k < points.length; k += 2) {
    if (Number.isNaN(points[k])) continue
    path += `${k === 0 || Number.isNaN(points[k - 2]) ? 'M' : 'L'}${x(points[k]!)} ${y(points[k + 1]!)}`
  }
  return path
}

/** Axes with their ticks, words and parts that are looked at, over the lines. */
function drawUprightAxes(panel: ParallelPanel, printed: PrintedParallel, style: PrintStyle): SvgNode[] {
  const { layout, x, y } = printed
  const pen = { stroke: inks.line, 'stroke-width': style.thinLine }
  const across = (at: number, height: number, reach: number) =>
    element('line', { x1: round(at - reach), x2: round(at + reach), y1: height, y2: height, ...pen })
  return layout.axes.flatMap((axis, k) => {
    const at = x(axis.x)
    const { major, minor } = axis.ticks
    return [
      element('line', { x1: at, x2: at, y1: y(layout.area.top), y2: y(layout.area.bottom), ...pen }),
      ...minor.map((value) => across(at, y(axis.scale.at(value)), tick / 2)),
      ...major.map((value) => across(at, y(axis.scale.at(value.at)), tick)),
      ...drawAround(panel, k, printed, style),
      ...major.map((value) =>
        drawText(
          x(axis.x + (axis.side === 'left' ? -besideTick : besideTick)),
          y(axis.scale.at(value.at)) + 0.35 * style.smallSize,
          value.label,
          { ...labelLook(axis), size: style.smallSize },
          style,
        ),
      ),
    ]
  })
}

function labelLook({ side }: PlacedAxis) {
  return { ink: inks.quiet, halo: true, anchor: side === 'left' ? ('end' as const) : ('start' as const) }
}

/** What stands at an axis besides its ticks: what it is called, the part that is looked at, its break before 0. */
export function drawAround(
  panel: ParallelPanel,
  k: number,
  { layout: { axes, area }, x, y, unit }: PrintedParallel,
  style: PrintStyle,
): SvgNode[] {
  const { scale, title, titleX, anchor, x: pixel } = axes[k]!
  const at = x(pixel)
  const line = titleDistance(printFace(screenText))
  const words = title.map((each, place) =>
    drawText(
      x(titleX),
      y(area.top - aboveAxis - (title.length - 1 - place) * line),
      each,
      { size: style.smallSize, ink: inks.text, anchor },
      style,
    ),
  )
  const broken =
    scale.zeroGapPixels > 0
      ? [-0.8, 0.8].map((apart) => {
          const middle = y(area.bottom - scale.zeroGapPixels / 2) + apart
          const [y1, y2] = [round(middle + 0.8), round(middle - 0.8)]
          return element('line', {
            ...{ x1: round(at - 2.2), x2: round(at + 2.2), y1, y2 },
            ...{ stroke: inks.line, 'stroke-width': style.thinLine },
          })
        })
      : []
  const { range } = panel.axes[k]!
  if (!range) return [...words, ...broken]
  const [low, high] = range.map((value) => {
    const found = scale.at(value)
    return Number.isNaN(found) ? area.bottom : Math.max(area.top, Math.min(area.bottom, found))
  }) as [number, number]
  const corner = { x: round(at - rangeHalf), y: y(Math.min(low, high)) }
  const part = element('rect', {
    ...{ ...corner, width: 2 * rangeHalf, height: round(Math.max(0.5, Math.abs(low - high) / unit)) },
    ...{ fill: inks.text, 'fill-opacity': rangeOpacity },
  })
  return [...words, ...broken, part]
}
