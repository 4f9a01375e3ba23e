export interface TextPiece {
  text: string
  italic: boolean
  lowered: boolean
}

const symbols = /(‖[^‖]+‖²?|[αβγδεηθκλτσ]|\b[A-Za-z]_(?:\{[^}]+\}|\w+)|\b[A-Z](?=\b)(?!\w))/

/** Splits plain words from symbols (Greek letters, norms, lone capitals, `F_k`), which are set in italics. */
export function setSymbols(text: string): TextPiece[] {
  return text.split(symbols).flatMap((part, index) => {
    if (part === '') return []
    if (index % 2 === 0) return [{ text: part, italic: false, lowered: false }]
    const [base, below] = part.split('_') as [string, string?]
    const pieces = [{ text: base, italic: true, lowered: false }]
    if (below) pieces.push({ text: below.replace(/[{}]/g, ''), italic: false, lowered: true })
    return pieces
  })
}
