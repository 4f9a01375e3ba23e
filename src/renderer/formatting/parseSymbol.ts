export interface SymbolPart {
  text: string
  lowered: boolean
}

/** Splits a plain-text symbol at `_`, which lowers the word that follows: `MSE_test` → MSE, then test below. */
export function parseSymbol(symbol: string): SymbolPart[] {
  return symbol
    .split(/_([^\s_=+,]+)/)
    .map((text, index) => ({ text, lowered: index % 2 === 1 }))
    .filter(({ text }) => text !== '')
}
