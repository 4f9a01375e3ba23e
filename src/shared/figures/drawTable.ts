import { textWidth, wrapText } from '../charts/textWidth.ts'
import type { RowMark, TablePanel } from '../panel.ts'
import type { Box } from './box.ts'
import { drawText, round } from './drawText.ts'
import { inks, type PrintStyle } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

/** Of the size of the text. */
const lineDistance = 1.2
const rowGap = 0.45
const columnGap = 1.2
/** Of the width of a table: for each column but the first at most, and what the first needs to stand beside them. */
const widestShare = 0.26
const leastShare = 0.33

interface Block {
  lines: readonly string[]
  x: number
  y: number
  anchor: 'start' | 'end'
  isQuiet: boolean
}

interface TableLayout {
  size: number
  blocks: Block[]
  /** Below the names of the columns, where they have a line of their own. */
  rule?: number
  /** Where each row begins. */
  tops: number[]
  height: number
}

/** How much room a table takes; it is set in the small size, whatever the height of other panels. */
export function tableHeight(panel: TablePanel, width: number, style: PrintStyle): number {
  return layOutTable(panel, width, style).height
}

/**
 * Rows under the names of their columns and a rule, each behind a sign of what became of it; where there is no room for
 * columns, each with the others below its first, by their names.
 */
export function drawTable(panel: TablePanel, box: Box, style: PrintStyle): SvgNode[] {
  const { size, blocks, rule, tops } = layOutTable(panel, box.width, style)
  const words = blocks.flatMap(({ lines, x, y, anchor, isQuiet }) =>
    lines.map((line, k) => {
      const baseline = box.y + y + (1 + k * lineDistance) * size
      return drawText(box.x + x, baseline, line, { size, anchor, ink: isQuiet ? inks.quiet : inks.text }, style)
    }),
  )
  const marks = tops.map((top, row) =>
    drawMark(panel.marks[row]!, { x: box.x, y: box.y + top + 0.2 * size, side: 0.8 * size }, style),
  )
  if (rule === undefined) return [...marks, ...words]
  const [y, pen] = [round(box.y + rule), { stroke: inks.line, 'stroke-width': style.thinLine }]
  return [element('line', { x1: round(box.x), x2: round(box.x + box.width), y1: y, y2: y, ...pen }), ...marks, ...words]
}

function layOutTable(panel: TablePanel, width: number, style: PrintStyle): TableLayout {
  const size = style.smallSize
  const gap = columnGap * size
  const others = panel.columns.slice(1).map(({ label, cells }) => {
    const widest = (parts: readonly string[]) => Math.max(...parts.map((words) => textWidth(words, size)))
    const all = [label, ...cells]
    // What cannot be broken has its room.
    return Math.max(
      Math.min(widest(all), widestShare * width),
      widest(all.flatMap((words) => wrapText(words, size, 0))),
    )
  })
  // Places are rounded.
  const first = width - 0.02 - gap - others.reduce((sum, each) => sum + each + gap, 0)
  return first >= leastShare * width
    ? layOutColumns(panel, [first, ...others], size)
    : layOutList(panel, width - gap, size)
}

function layOutColumns({ columns, marks }: TablePanel, widths: readonly number[], size: number): TableLayout {
  const gap = columnGap * size
  const rights = widths.map((_, place) => widths.slice(0, place + 1).reduce((sum, each) => sum + gap + each, 0))
  const blocks: Block[] = []
  let top = rowGap * size
  const add = (cells: readonly string[], isQuiet: boolean) => {
    const row = cells.map((words, place) => ({
      lines: wrapText(words, size, widths[place]!),
      // What is stated begins at one place, numbers end at one.
      ...(place === 0 ? { x: gap, anchor: 'start' as const } : { x: rights[place]!, anchor: 'end' as const }),
      ...{ y: top, isQuiet },
    }))
    blocks.push(...row)
    top += heightOf(Math.max(1, ...row.map(({ lines }) => lines.length)), size)
  }
  add(
    columns.map(({ label }) => label),
    true,
  )
  const rule = top - (rowGap / 2) * size
  const tops = marks.map((_, row) => {
    const own = top
    add(
      columns.map(({ cells }) => cells[row]!),
      false,
    )
    return own
  })
  return { size, blocks, rule, tops, height: top }
}

function layOutList({ columns, marks }: TablePanel, width: number, size: number): TableLayout {
  const [first, ...others] = columns
  const blocks: Block[] = []
  let top = rowGap * size
  const tops = marks.map((_, row) => {
    const own = top
    const stated = wrapText(first!.cells[row]!, size, width)
    const found = wrapText(others.map(({ label, cells }) => `${label} ${cells[row]!}`).join(', '), size, width)
    const below = top + stated.length * lineDistance * size
    const x = columnGap * size
    const anchor = 'start'
    blocks.push(
      { lines: stated, x, y: top, anchor, isQuiet: false },
      { lines: found, x, y: below, anchor, isQuiet: true },
    )
    top += heightOf(stated.length + found.length, size)
    return own
  })
  return { size, blocks, tops, height: top }
}

function heightOf(lines: number, size: number): number {
  return (lines * lineDistance + rowGap) * size
}

/** A tick, a cross, or a ring around nothing. */
function drawMark(mark: RowMark, { x, y, side }: { x: number; y: number; side: number }, style: PrintStyle): SvgNode {
  const pen = { fill: 'none', 'stroke-width': style.line }
  const at = (across: number, down: number) => `${round(x + across * side)} ${round(y + down * side)}`
  switch (mark) {
    case 'holds':
      return element('path', {
        d: `M${at(0.05, 0.55)}L${at(0.35, 0.9)}L${at(0.95, 0.1)}`,
        stroke: inks.expected,
        ...pen,
      })
    case 'fails':
      return element('path', {
        d: `M${at(0.1, 0.1)}L${at(0.9, 0.9)}M${at(0.9, 0.1)}L${at(0.1, 0.9)}`,
        stroke: inks.text,
        ...pen,
      })
    case 'open':
      return element('circle', {
        cx: round(x + side / 2),
        cy: round(y + side / 2),
        r: round(0.4 * side),
        stroke: inks.mute,
        ...pen,
      })
  }
}
