export interface TextPiece {
  text: string
  italic: boolean
  level: 'base' | 'below' | 'above'
}

const marked =
  /(?<file>(?<!\S)\S+\.(?:npz|npy|json|csv|grokscope)(?!\w))|\$(?<marked>[^$]+)\$|(?<greek>[αβγδεηθκλρστφ]+)|‖(?<inNorm>[^‖]{1,30})‖|\b(?<symbol>[A-Za-z])(?=_)|(?<![a-z\d]{2})_(?:\{(?<belowLong>[^}]+)\}|(?<below>[A-Za-z0-9]+))|\^(?:\{(?<aboveLong>[^}]+)\}|(?<above>[A-Za-z0-9]+))/g

/**
 * Splits plain words from symbols, which are set in italics: what stands between `$`, Greek letters, letters within
 * ‖ ‖ and letters before `_`. `_x` or `_{xy}` is lowered, `^x` or `^{xy}` raised, also between `$`; `_` after a word is left as it is, and so is
 * all of a word that is the name of a file.
 */
export function setSymbols(text: string): TextPiece[] {
  const pieces: TextPiece[] = []
  const add = (words: string, italic: boolean, level: TextPiece['level'] = 'base') => {
    if (words !== '') pieces.push({ text: words, italic, level })
  }
  let from = 0
  for (const match of text.matchAll(marked)) {
    add(text.slice(from, match.index), false)
    from = match.index + match[0].length
    const found = match.groups!
    const italic = found.greek ?? found.symbol
    const below = found.belowLong ?? found.below
    const above = found.aboveLong ?? found.above
    if (found.file !== undefined) add(found.file, false)
    else if (found.marked !== undefined) pieces.push(...setMarked(found.marked))
    else if (italic !== undefined) add(italic, true)
    else if (below !== undefined) add(below, false, 'below')
    else if (above !== undefined) add(above, false, 'above')
    else pieces.push(...setNorm(found.inNorm!))
  }
  add(text.slice(from), false)
  return pieces
}

/** The text without its marks, as a screen reader or a title says it. */
export function plainText(text: string): string {
  return setSymbols(text)
    .map((piece) => piece.text)
    .join('')
}

/** Its letters in italics, but for what is lowered or raised. */
function setMarked(inside: string): TextPiece[] {
  return inside.split(/([_^](?:\{[^}]+\}|[A-Za-z0-9α-ω]+))/).flatMap((part): TextPiece[] => {
    const shifted = /^([_^])\{?([^}]+)\}?$/.exec(part)
    if (shifted) return [{ text: shifted[2]!, italic: false, level: shifted[1] === '_' ? 'below' : 'above' }]
    const pieces = part.split(/([\p{L}]+)/u).filter((piece) => piece !== '')
    return pieces.map((text) => ({ text, italic: /\p{L}/u.test(text), level: 'base' }))
  })
}

function setNorm(inside: string): TextPiece[] {
  const bar: TextPiece = { text: '‖', italic: false, level: 'base' }
  const letters = inside.replace(/(?<![_A-Za-z])[A-Za-z](?![A-Za-z_])/g, '$$$&$$')
  return [bar, ...setSymbols(letters), bar]
}
