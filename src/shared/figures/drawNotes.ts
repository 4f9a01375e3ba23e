import { textWidth } from '../charts/textWidth.ts'
import { readMathematics } from '../formatting/readMathematics.ts'
import { drawText } from './drawText.ts'
import type { PanelLook } from './look.ts'
import { inks, type PrintLayout } from './printStyle.ts'
import type { SvgNode } from './svgNode.ts'

/** Words that begin at places of the axes, or end there where they would reach beyond the plot; none outside of it. */
export function drawNotes(
  notes: NonNullable<PanelLook['notes']>,
  { lines: { area, x, y }, unit, box, style }: PrintLayout,
): SvgNode[] {
  const inside = (at: number, from: number, to: number) => at >= from - 0.5 && at <= to + 0.5
  return notes.flatMap((note) => {
    const [across, upwards] = [x.at(note.x), y.at(note.y)]
    if (!inside(across, area.left, area.right) || !inside(upwards, area.top, area.bottom)) return []
    const words = readMathematics(note.text)
    const isBeyond = across / unit + textWidth(words, style.smallSize) > area.right / unit
    const look = { size: style.smallSize, ink: inks.text, halo: true, anchor: isBeyond ? 'end' : 'start' } as const
    return [drawText(box.x + across / unit, box.y + upwards / unit + 0.35 * style.smallSize, words, look, style)]
  })
}
