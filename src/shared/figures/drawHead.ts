import type { LegendEntry } from '../charts/legend.ts'
import type { Panel } from '../panel.ts'
import type { Box } from './box.ts'
import { roomLeft, titleOf } from './drawAxes.ts'
import { drawLegend, legendHeight } from './drawLegend.ts'
import { drawText, type TextLook } from './drawText.ts'
import { inks, type PrintStyle } from './printStyle.ts'
import type { SvgNode } from './svgNode.ts'
import { textWidth, wrapText } from '../charts/textWidth.ts'

/** What stands above a panel's plot. */
export interface PanelHead {
  letter: string
  lines: { words: string; look: TextLook }[]
  legend: LegendEntry[][]
}

/** Of the size of the text. */
const lineDistance = 1.2

/**
 * Title and caption where asked for, and the title of the vertical axis; a matrix has no such title without its own, since
 * what it shows stands at the scale of its colors.
 */
export function panelHead(
  panel: Panel | null,
  {
    letter,
    legend,
    titled,
    title,
  }: { letter: string; legend: LegendEntry[][]; titled: boolean; title: string | undefined },
  width: number,
  style: PrintStyle,
): PanelHead {
  const { fontSize, smallSize } = style
  const room = width - letterRoom(letter, style)
  const wrap = (words: string, look: TextLook) =>
    wrapText(words, look.size, room).map((line) => ({ words: line, look }))
  const plain = { size: fontSize, ink: inks.text }
  const lines: PanelHead['lines'] = []
  if (panel && titled) {
    // Bold letters are up to a tenth wider.
    const bold = wrapText(panel.title, 1.1 * fontSize, room)
    lines.push(...bold.map((words) => ({ words, look: { ...plain, bold: true } })))
    if (panel.caption) lines.push(...wrap(panel.caption, { size: smallSize, ink: inks.quiet }))
  }
  const own = panel && !titled ? (title ?? ownTitle(panel)) : ''
  if (own !== '') lines.push(...wrap(own, plain))
  const hasAxis = panel && 'y' in panel && !(panel.kind === 'lines' && panel.each)
  const axis = hasAxis ? titleOf(panel.y) : ''
  const size = own === '' && panel?.kind === 'lines' ? fontSize : smallSize
  if (axis !== '') lines.push(...wrap(axis, { ...plain, size }))
  return { letter, lines, legend }
}

export function headHeight({ lines, legend }: PanelHead, style: PrintStyle): number {
  const text = lines.reduce((sum, { look }) => sum + lineDistance * look.size, 0)
  return Math.max(text, lineDistance * style.fontSize) + legendHeight(legend.length, style)
}

export function drawHead({ letter, lines, legend }: PanelHead, box: Box, style: PrintStyle): SvgNode[] {
  const { fontSize } = style
  const left = box.x + letterRoom(letter, style)
  let top = box.y
  const words = lines.map((line) => {
    const baseline = top + line.look.size
    top += lineDistance * line.look.size
    return drawText(left, baseline, line.words, line.look, style)
  })
  const own = letter
    ? [drawText(box.x, box.y + fontSize, letter, { size: fontSize, ink: inks.text, bold: true }, style)]
    : []
  return [...own, ...words, ...drawLegend(legend, { x: box.x + roomLeft(style), y: top }, style)]
}

function letterRoom(letter: string, { fontSize }: PrintStyle): number {
  // Bold letters are up to a tenth wider.
  return letter ? Math.max(1.1 * fontSize, 1.1 * textWidth(letter, fontSize) + 0.4 * fontSize) : 0
}

/** What stands above a matrix, a map or small multiples where nothing else is said. */
function ownTitle(panel: Panel): string {
  if (panel.kind === 'lines') return panel.each ? panel.title : ''
  // Each of its axes says what it is.
  if (panel.kind === 'parallel') return ''
  return panel.kind === 'map' ? panel.valueLabel || panel.title : panel.title
}
