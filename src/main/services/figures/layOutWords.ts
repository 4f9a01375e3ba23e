import createBidi from 'bidi-js'
import type { SvgNode } from '../../../shared/figures/svgNode.ts'
import { printable } from '../../../shared/printable.ts'
import { inFaces, type FaceChoice, type PrintFont } from './printFonts.ts'

type Element = Exclude<SvgNode, string>

/** A piece of a line of words, of one face, size and direction; x and y are where its baseline begins, on the left. */
export interface WordRun {
  text: string
  font: PrintFont
  size: number
  x: number
  y: number
}

interface Piece extends Omit<WordRun, 'x'> {
  width: number
  /** Odd where it is read from the right (Unicode's bidirectional algorithm). */
  level: number
}

const bidi = createBidi()

/**
 * A `text` of a drawing as pieces from left to right: its symbols in italics, raised and lowered, each letter in the
 * first face that has it, and what is written from the right as it is read.
 */
export function layOutWords(
  { attributes, children }: Element,
  family: FaceChoice['family'],
  onMissing: (letter: string) => void,
): WordRun[] {
  const size = Number(attributes['font-size'])
  const spans = (children as Element[]).map((span) => ({ ...span, words: printable(span.children.join('')) }))
  const whole = spans.map(({ words }) => words).join('')
  const { levels } = bidi.getEmbeddingLevels(whole, 'ltr')
  let y = Number(attributes.y)
  let at = 0
  const pieces = spans.flatMap(({ attributes: own, words }): Piece[] => {
    const choice = {
      family: own['font-family'] === undefined ? family : ('serif' as const),
      bold: attributes['font-weight'] === 'bold',
      italic: own['font-style'] === 'italic',
    }
    y += Number(own.dy ?? 0)
    const inner = Number(own['font-size'] ?? size)
    return inFaces(words, choice, onMissing).flatMap(({ text, font }) => {
      const parts = inLevels(text, levels.subarray(at, at + text.length))
      at += text.length
      return parts.map((part) => ({ ...part, font, size: inner, y, width: widthOf(part.text, font) * inner }))
    })
  })
  const total = pieces.reduce((sum, { width }) => sum + width, 0)
  const before = { start: 0, middle: total / 2, end: total }[String(attributes['text-anchor'] ?? 'start')] ?? 0
  let x = Number(attributes.x) - before
  return inVisualOrder(pieces).map(({ text, font, size: own, y: baseline, width }) => {
    const run = { text, font, size: own, x, y: baseline }
    x += width
    return run
  })
}

function widthOf(text: string, { font }: PrintFont): number {
  return font.layout(text).advanceWidth / font.unitsPerEm
}

/** Parts of one level each, brackets in those from the right turned round. */
function inLevels(text: string, levels: Uint8Array): { text: string; level: number }[] {
  const parts: { text: string; level: number }[] = []
  for (let at = 0; at < text.length; at++) {
    const level = levels[at]!
    const letter = level % 2 === 1 ? (bidi.getMirroredCharacter(text[at]!) ?? text[at]!) : text[at]!
    const last = parts.at(-1)
    if (last?.level === level) last.text += letter
    else parts.push({ text: letter, level })
  }
  return parts
}

/** Rule L2: from the highest level down, what is at a level or above is turned round. */
function inVisualOrder(pieces: readonly Piece[]): Piece[] {
  const order = [...pieces]
  for (let level = Math.max(0, ...pieces.map((piece) => piece.level)); level > 0; level--) {
    for (let from = 0; from < order.length; from++) {
      if (order[from]!.level < level) continue
      let to = from
      while (to < order.length && order[to]!.level >= level) to++
      order.splice(from, to - from, ...order.slice(from, to).reverse())
      from = to
    }
  }
  return order
}
