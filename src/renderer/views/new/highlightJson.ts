export interface JsonPiece {
  text: string
  kind: 'key' | 'text' | 'number' | 'plain'
}

const piece = /("(?:[^"\\\n]|\\.)*")(\s*:)?|-?\b\d[\d.eE+-]*/g

/** One line of JSON in pieces to be coloured; together they are the line, letter for letter. */
export function highlightJson(line: string): JsonPiece[] {
  const pieces: JsonPiece[] = []
  let from = 0
  for (const match of line.matchAll(piece)) {
    if (match.index > from) pieces.push({ text: line.slice(from, match.index), kind: 'plain' })
    const [whole, quoted, colon] = match
    pieces.push({ text: quoted ?? whole, kind: quoted === undefined ? 'number' : colon ? 'key' : 'text' })
    if (colon) pieces.push({ text: colon, kind: 'plain' })
    from = match.index + whole.length
  }
  if (from < line.length) pieces.push({ text: line.slice(from), kind: 'plain' })
  return pieces
}
