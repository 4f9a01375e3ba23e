import { textWidth, type TypeFace } from '../../shared/charts/textWidth.ts'
import { setSymbols, type TextPiece } from '../../shared/formatting/setSymbols.ts'

/** Of the words of charts, in pixels. */
export const chartText = 11

export type Weight = 'normal' | 'medium' | 'bold'

/** Of symbols, and of what is raised or lowered, over the size of their text; as the style sheet sets them. */
const [symbolShare, smallShare] = [1.1, 0.75]
/** Without a page, as in a test, there is nothing to measure with. */
const pen = typeof document === 'undefined' ? null : document.createElement('canvas').getContext('2d')
const known = new Map<string, number>()

/** Pixels that words take on this screen, in the faces that it has. */
export function screenWidth(words: string, size: number = chartText, weight: Weight = 'normal'): number {
  if (!pen) return textWidth(words, size)
  // Digits are as wide as one another in charts and tables.
  const alike = words.replace(/\d/g, '0')
  const key = `${weight} ${size} ${alike}`
  const found =
    known.get(key) ?? setSymbols(alike).reduce((sum, piece) => sum + pieceWidth(pen, piece, size, weight), 0)
  known.set(key, found)
  return found
}

/** The words of charts as they are set on this screen. */
export const screenFace: TypeFace = { size: chartText, widthOf: screenWidth }

function pieceWidth(pen: CanvasRenderingContext2D, { text, italic, level }: TextPiece, size: number, weight: Weight) {
  const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name)
  pen.font = italic
    ? `italic ${token(`--w-${weight}`)} ${symbolShare * size}px ${token('--font-math')}`
    : `${token(`--w-${weight}`)} ${level === 'base' ? size : smallShare * size}px ${token('--font')}`
  return pen.measureText(text).width
}
