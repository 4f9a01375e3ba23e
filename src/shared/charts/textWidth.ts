import { plainText } from '../formatting/setSymbols.ts'

/**
 * Widths over the size, at most, in the faces of print (`printFonts.ts`), upright and italic: of letters of East Asia,
 * of others without their accents, and of whole blocks of signs. The first that fits holds.
 */
const widths = [
  [/[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef]/, 1],
  [/[\u2009\u200a'⁄]/, 0.205],
  [/[ !,.:;ijl|ιı¦‘’ⁱ]/, 0.286],
  [/[-`ft{}¡´·¸łŧ‐‑′‹›\u00ad]/, 0.334],
  [/["()I[\]Ι₁¹]/, 0.357],
  [/[*/\\rτ¨°º“”„‖⟨⟩⁰⁴-⁹₀-₉²³]/, 0.436],
  [/[\sJ^csvxyzγεζκνξςª•″]/, 0.503],
  [/[$0-9?_abdegkopqδηθλουχ¢£¥§«¯»ðþđĸ‒–†‡€⁺⁻₊₋ℓ√≈≠≤≥∂∀∃]/, 0.557],
  [/[#LhnuΓαβμρµ÷ŋħℏ~≡]/, 0.586],
  [/[FTZΖΣΤσ¤¬¶¿ßøŁŦ]/, 0.618],
  [/[BEPSXYΒΕΞΡΥΧφ×Þℤ∈∋∧∨∪ďľť]/, 0.667],
  [/[+<=>ACKRVΑΔΚΛπ±ℂ−∞∑∩]/, 0.722],
  [/[&DGHNOQUwΗΘΝΟΠψω©®ÐØŊĐℝℕ∼≃∝⊂⊃⊆⊇⊕⊖⊗⊘⊙⊥]/, 0.781],
  [/[ΦΨΩĦ∇∏]/, 0.84],
  [/[%MmΜæ]/, 0.9],
  [/[W¼½¾ÆŒœ—…™@‰]/, 1.02],
  // Cyrillic; arrows and operators, a few of which are wide.
  [/[а-џ]/, 0.91],
  [/[Ѐ-Я]/, 1.07],
  [/[≔≕≪≫∟⊶⊷⋉-⋌⋰⋲⋺←→↔↖-↙↦↼↽⇀⇁⇌⇐⇒⇔]/, 1],
  [/[‱⁇₧₨↩↪⋯⋱⋘⋙∬-∰℀-\u218f]/, 1.43],
  [/[\u2190-\u22ff]/, 0.91],
  [/[\p{M}\p{Cf}]/u, 0],
] as const
/** As wide as the widest letters of Arabic. */
const anyOther = 1.25
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
  const [base = letter] = letter.normalize('NFD')
  const width = widthAmong(letter) ?? widthAmong(base) ?? anyOther
  known.set(letter, width)
  return width
}

function widthAmong(letter: string): number | undefined {
  return widths.find(([letters]) => letters.test(letter))?.[1]
}

/** Lines of words no wider than a room, where a single word is not wider itself; symbols stay whole. */
export function wrapText(words: string, size: number, room: number): string[] {
  return wrapWords(words, printFace(size), room)
}

/** The same in any face. */
export function wrapWords(words: string, { widthOf }: TypeFace, room: number): string[] {
  const lines: string[] = []
  for (const word of words.split(/ (?=(?:[^$]*\$[^$]*\$)*[^$]*$)/)) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word
    if (lines.length > 0 && widthOf(longer) <= room) lines[lines.length - 1] = longer
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

/**
 * Names in a room each: of those that would be the same there, what all of them begin with is left out, from a word on, or as
 * much of it as need be.
 */
export function fitNames(names: readonly string[], face: TypeFace, room: number): string[] {
  const fitted = names.map((name) => fitText(name, face, room))
  return names.map((name, place) => {
    const alike = names.filter((other, at) => fitted[at] === fitted[place] && other !== name)
    if (alike.length === 0) return fitted[place]!
    const shared = alike.reduce((least, other) => Math.min(least, sharedBeginning(name, other)), name.length)
    const start = wordStarts(name).findLast((index) => index <= shared) ?? 0
    const rest = fitText(`…${name.slice(start)}`, face, room)
    if (start === 0 || rest === '……') return fitted[place]!
    return rest.endsWith(name.slice(start)) ? withBeginning(name, start, face, room) : rest
  })
}

/** Letters of a name's end that are worth as much as its beginning, such as a seed with its number; and of a beginning that says something. */
const [mostOfEnd, leastOfBeginning] = [8, 3]

/** A name whose end from a place on finds room: with the words before that, where they are few, and what it begins with. */
function withBeginning(name: string, start: number, { widthOf }: TypeFace, room: number): string {
  const fits = (at: number) => widthOf(`…${name.slice(at)}`) <= room
  const words = wordStarts(name).filter((at) => at <= start && name.length - at <= mostOfEnd)
  const end = `…${name.slice(words.find(fits) ?? start)}`
  let beginning = name.slice(0, name.length - end.length)
  while (beginning !== '' && widthOf(`${beginning.trimEnd()}${end}`) > room) beginning = beginning.slice(0, -1)
  return beginning.trimEnd().length < leastOfBeginning ? end : `${beginning.trimEnd()}${end}`
}

/** Behind a space or a sign, and at a capital behind a small letter. */
function wordStarts(name: string): number[] {
  return [...name.matchAll(/(?<=[\s,:=/._-])[^\s,:=/._-]|(?<=\p{Ll})\p{Lu}/gu)].map(({ index }) => index)
}

function sharedBeginning(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length++
  return length
}
