import { barTicks, shareOf, statesInKey } from '../charts/mapColors.ts'
import { frameOf, hatch, layOutMap, type MapLayout } from '../charts/mapLayout.ts'
import { textWidth } from '../charts/textWidth.ts'
import type { MapPanel } from '../panel.ts'
import type { Box } from './box.ts'
import { axesRoom, drawAxes, minMargins } from './drawAxes.ts'
import { drawText, round } from './drawText.ts'
import { beyondColor, kindColors, mapColorAt, mapStops, missingColor } from './palettes.ts'
import { inks, type AxesLayout, type PrintStyle } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

/** What small text is high on screen; in such units charts are laid out for paper as they are for the screen. */
const screenText = 11
/** Colors are so many at most, so that cells of one color are one path. */
const levels = 255
/** Points that a cell has at least to bear a mark. */
const leastMarked = 5

/** A map within a box, in points: cells, lines through them, axes, and what the colors say. */
export function drawMap(panel: MapPanel, box: Box, style: PrintStyle, id: string): SvgNode[] {
  const printed = layOutPrintedMap(panel, box, style)
  const { frame, layout } = printed
  return [
    element('rect', { ...frame, fill: missingColor }),
    ...drawCells(panel, printed),
    ...drawOverCells(panel, printed),
    element('rect', { ...frame, fill: 'none', stroke: inks.line, 'stroke-width': style.thinLine }),
    ...drawAxes(layout),
    ...drawMapKey(panel, printed, id),
  ]
}

/** A map laid out for paper: its axes, and in points of the figure its frame and the outline of each cell. */
export interface PrintedMap {
  layout: AxesLayout & { lines: MapLayout }
  frame: Box
  outlines: readonly Float64Array[]
  /** Points between the frame and what the colors say. */
  before: number
}

export function layOutPrintedMap(panel: MapPanel, box: Box, style: PrintStyle): PrintedMap {
  const unit = screenText / style.smallSize
  const key = keyOf(panel, style)
  const size = { width: box.width * unit, height: box.height * unit }
  const min = minMargins(panel, box, style, unit)
  const tried = { panel, lines: layOutMap(panel, size, min), unit, box, style }
  const room = axesRoom(tried, min)
  const lines = layOutMap(panel, size, { ...room, right: Math.max(room.right, key.width * unit) })
  const { area } = lines
  const layout = { ...tried, lines }
  return {
    layout,
    frame: {
      x: round(box.x + area.left / unit),
      y: round(box.y + area.top / unit),
      width: round((area.right - area.left) / unit),
      height: round((area.bottom - area.top) / unit),
    },
    outlines: lines.outlines.map((outline) => toPoints(outline, layout)),
    before: key.before,
  }
}

function toPoints(pixels: Float64Array, { box, unit }: AxesLayout): Float64Array {
  return pixels.map((pixel, k) => round((k % 2 === 0 ? box.x : box.y) + pixel / unit))
}

/** Marks of cells without a value, contours, and the boundary with its band. */
export function drawOverCells(panel: MapPanel, printed: PrintedMap): SvgNode[] {
  const { lines, style } = printed.layout
  const place = (pixels: Float64Array) => toPoints(pixels, printed.layout)
  return [
    ...drawMarksOfCells(panel, printed),
    ...lines.contours.map(({ line }) =>
      element('path', { d: pathOf(place(line)), fill: 'none', stroke: inks.text, 'stroke-width': style.thinLine }),
    ),
    ...drawBoundary(lines.boundary, place, style),
  ]
}

/** Cells of one color together. */
function drawCells(panel: MapPanel, { outlines, layout: { style } }: PrintedMap): SvgNode[] {
  const byColor = new Map<string, string[]>()
  outlines.forEach((outline, cell) => {
    if (outline.length === 0) return
    const fill = cellColor(panel, cell)
    byColor.set(fill, [...(byColor.get(fill) ?? []), pathOf(outline)])
  })
  return [...byColor].map(([fill, d]) =>
    // Its own color around it, so that no paper shines through between neighbors.
    element('path', { d: d.join(''), fill, stroke: fill, 'stroke-width': style.thinLine }),
  )
}

/** What stands on cells without a value. */
function drawMarksOfCells(panel: MapPanel, { outlines, layout: { style } }: PrintedMap): SvgNode[] {
  const [hatches, crosses, dashes]: [string[], string[], string[]] = [[], [], []]
  outlines.forEach((outline, cell) => {
    if (outline.length === 0) return
    const state = panel.cells.state[cell]!
    if (state === 'missing' || state === 'undecided') hatches.push(pathOf(hatch(outline, 3).map(round)))
    const { x, y, width, height } = frameOf(outline)
    if (Math.min(width, height) < leastMarked) return
    if (state === 'failed')
      crosses.push(
        `M${r(x - 1.2)} ${r(y - 1.2)}L${r(x + 1.2)} ${r(y + 1.2)}M${r(x - 1.2)} ${r(y + 1.2)}L${r(x + 1.2)} ${r(y - 1.2)}`,
      )
    if (state === 'censored') dashes.push(`M${r(x - 1.2)} ${r(y)}L${r(x + 1.2)} ${r(y)}`)
  })
  const stroke = (d: readonly string[], ink: string) =>
    d.length > 0 ? [element('path', { d: d.join(''), fill: 'none', stroke: ink, 'stroke-width': style.thinLine })] : []
  return [...stroke(hatches, inks.mute), ...stroke(dashes, inks.line), ...stroke(crosses, inks.text)]
}

const r = round
const noValueColors = {
  censored: beyondColor,
  undecided: beyondColor,
  failed: missingColor,
  missing: missingColor,
} as const

/** As `#rrggbb`. */
export function cellColor(panel: MapPanel, cell: number): string {
  const state = panel.cells.state[cell]!
  return state === 'value' ? colorOf(panel, panel.cells.value[cell]!) : noValueColors[state]
}

function colorOf(panel: MapPanel, value: number): string {
  if (panel.kinds) return kindColors[value % kindColors.length]!
  return mapColorAt(panel.colors, Math.round(shareOf(panel, value) * levels) / levels)
}

function drawBoundary(
  boundary: MapLayout['boundary'],
  place: (pixels: Float64Array) => Float64Array,
  { line }: PrintStyle,
): SvgNode[] {
  if (!boundary) return []
  return [
    ...boundary.band.map((piece) =>
      element('path', { d: `${pathOf(place(piece))}Z`, fill: inks.text, 'fill-opacity': 0.18, stroke: 'none' }),
    ),
    element('path', {
      d: pathOf(place(boundary.middle)),
      fill: 'none',
      stroke: inks.text,
      'stroke-width': 1.5 * line,
      'stroke-linejoin': 'round',
    }),
  ]
}

/** How much room the colors take beside a map, and how far from it they begin. */
function keyOf(panel: MapPanel, { smallSize }: PrintStyle): { before: number; width: number } {
  const before = 0.8 * smallSize
  const words = [...keyEntries(panel).map(({ words: own }) => own), ...(panel.kinds ? [] : barLabels(panel))]
  const widest = Math.max(...words.map((each) => textWidth(each, smallSize)), 0)
  return { before, width: before + 1.1 * smallSize + widest + 1 }
}

function barLabels(panel: MapPanel): string[] {
  return barTicks(panel, 300).map(({ label }) => label)
}

/** What stands for itself beside the colors: kinds, what lies beyond, and what is undecided. */
function keyEntries(panel: MapPanel): { fill: string; words: string; isHatched: boolean }[] {
  const states = statesInKey(panel).map(({ state, words }) => ({
    fill: noValueColors[state],
    words,
    isHatched: state === 'undecided',
  }))
  const kinds = (panel.kinds ?? []).map((words, kind) => ({
    fill: kindColors[kind % kindColors.length]!,
    words,
    isHatched: false,
  }))
  return [...states, ...kinds]
}

/** Entries below one another, and under them the bar of an amount. */
export function drawMapKey(panel: MapPanel, { frame, before, layout: { style } }: PrintedMap, id: string): SvgNode[] {
  const { y, height } = frame
  const x = frame.x + frame.width + before
  const { smallSize, thinLine } = style
  const [width, beside] = [0.7 * smallSize, 2]
  const label = { size: smallSize, ink: inks.quiet }
  const swatch = (top: number, tall: number, fill: string) =>
    element('rect', {
      x: round(x),
      y: round(top),
      width: round(width),
      height: round(tall),
      fill,
      stroke: inks.line,
      'stroke-width': thinLine,
    })
  const hatching = (top: number, tall: number) => {
    const [right, bottom] = [x + width, top + tall]
    const lines = hatch(Float64Array.of(x, top, right, top, right, bottom, x, bottom, x, top), 2)
    return element('path', {
      d: pathOf(lines.map(round)),
      fill: 'none',
      stroke: inks.mute,
      'stroke-width': thinLine,
    })
  }
  const entries = keyEntries(panel).flatMap(({ fill, words, isHatched }, place) => {
    const top = y + 1.4 * place * smallSize
    return [
      swatch(top, 0.8 * smallSize, fill),
      ...(isHatched ? [hatching(top, 0.8 * smallSize)] : []),
      drawText(x + width + beside, top + 0.75 * smallSize, words, label, style),
    ]
  })
  if (panel.kinds || !panel.cells.state.includes('value')) return entries
  // The number at the top of the bar is to stand clear of what is above.
  const top = y + 2 * keyEntries(panel).length * smallSize
  const bar = Math.max(1, y + height - top)
  const stops = mapStops[panel.colors]
  return [
    ...entries,
    element(
      'linearGradient',
      { id, x1: 0, y1: 1, x2: 0, y2: 0 },
      stops.map((color, place) => element('stop', { offset: round(place / (stops.length - 1)), 'stop-color': color })),
    ),
    swatch(top, bar, `url(#${id})`),
    ...barTicks(panel, (bar * screenText) / smallSize).flatMap(({ at, label: words }) => [
      element('line', {
        x1: round(x + width),
        x2: round(x + width + 1.5),
        y1: round(top + (1 - at) * bar),
        y2: round(top + (1 - at) * bar),
        stroke: inks.line,
        'stroke-width': thinLine,
      }),
      drawText(x + width + beside + 1, top + (1 - at) * bar + 0.35 * smallSize, words, label, style),
    ]),
  ]
}

/** Gaps end a piece of the line. */
function pathOf(points: Float64Array): string {
  let path = ''
  let pen = false
  for (let k = 0; k < points.length; k += 2) {
    const [x, y] = [points[k]!, points[k + 1]!]
    if (Number.isNaN(x) || Number.isNaN(y)) pen = false
    else {
      path += `${pen ? 'L' : 'M'}${x} ${y}`
      pen = true
    }
  }
  return path
}
