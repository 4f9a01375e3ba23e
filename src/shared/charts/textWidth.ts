import { plainText } from '../formatting/setSymbols.ts'

/** Widths of Helvetica over its size; the other faces of print are as wide or narrower. */
const widths = [
  [/\u2009/, 0.2],
  [/[ijl']/, 0.222],
  [/[\sft.,:;/!|[\]I\\]/, 0.278],
  [/[r()\-{}]/, 0.334],
  // Faces lend these from one another, some wider.
  [/[⁻⁰¹²³⁴-⁹₀-₉]/, 0.46],
  [/[cksvxyzJ]/, 0.5],
  [/[a-z0-9L_–]/, 0.556],
  [/[=+−×<>~]/, 0.584],
  [/[FTZα-ω]/, 0.611],
  [/[ABEKPSVXY&]/, 0.667],
  [/[CDHNRU]/, 0.722],
  [/[GOQ∇]/, 0.778],
  [/[MW%m…w]/, 0.944],
] as const
const anyOther = 0.6
const known = new Map<string, number>()

/** Letters at a size, as wide as they are where they are set: in print, or on a screen. */
export interface TypeFace {
  size: number
  /** Of words with the marks of their symbols. */
  widthOf: (words: string) => number
}

export function printFace(size: number): TypeFace {
  return { size, widthOf: (words) => textWidth(words, size) }
}

/** How wide words are at most when set at a size, without the marks of their symbols. */
export function textWidth(words: string, size: number): number {
  let width = 0
  for (const letter of plainText(words)) width += known.get(letter) ?? letterWidth(letter)
  return width * size
}

function letterWidth(letter: string): number {
  const width = widths.find(([letters]) => letters.test(letter))?.[1] ?? anyOther
  known.set(letter, width)
  return width
}

/** Lines of words no wider than a room, where a single word is not wider itself; symbols stay whole. */
export function wrapText(words: string, size: number, room: number): string[] {
  const lines: string[] = []
  for (const word of words.split(/ (?=(?:[^$]*\$[^$]*\$)*[^$]*$)/)) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word
    if (lines.length > 0 && textWidth(longer, size) <= room) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** The words, or as many letters of them as there is room for, and an ellipsis. */
export function fitText(words: string, { widthOf }: TypeFace, room: number): string {
  if (widthOf(words) <= room) return words
  let kept = plainText(words)
  while (kept.length > 1 && widthOf(`${kept}…`) > room) kept = kept.slice(0, -1)
  return `${kept.trimEnd()}…`
}
