import { setSymbols } from '../formatting/setSymbols.ts'
import type { PrintStyle } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

export interface TextLook {
  size: number
  ink: string
  anchor?: 'start' | 'middle' | 'end'
  bold?: boolean
  /** On a border of paper, so that it can be read over lines. */
  halo?: boolean
}

/** Of the size of their text, for subscripts and superscripts. */
const smallShare = 0.75
const shifts = { base: 0, below: 0.22, above: -0.35 } as const

/** Words with their symbols in italics, raised and lowered, as `setSymbols` says. */
export function drawText(x: number, y: number, words: string, look: TextLook, style: PrintStyle): SvgNode {
  let height = 0
  const pieces = setSymbols(words).map((piece) => {
    const needed = shifts[piece.level] * look.size
    const dy = needed - height
    height = needed
    return element(
      'tspan',
      {
        dy: dy === 0 ? undefined : round(dy),
        'font-size': piece.level === 'base' ? undefined : round(Math.max(style.minSize, look.size * smallShare)),
        'font-family': piece.italic ? style.mathFamily : undefined,
        'font-style': piece.italic ? 'italic' : undefined,
      },
      [piece.text],
    )
  })
  return element(
    'text',
    {
      x: round(x),
      y: round(y),
      'font-size': look.size,
      fill: look.ink,
      'text-anchor': look.anchor === 'start' ? undefined : look.anchor,
      'font-weight': look.bold ? 'bold' : undefined,
      ...(look.halo
        ? { stroke: '#ffffff', 'stroke-width': 2, 'stroke-linejoin': 'round', 'paint-order': 'stroke' }
        : {}),
    },
    pieces,
  )
}

/** Hundredths of a point. */
export function round(value: number): number {
  return Math.round(value * 100) / 100
}
