/** What is said where no font has some letters of a figure. */
export function describeMissingLetters(letters: readonly string[]): string {
  const [some, more] = [letters.slice(0, 10), letters.length - 10]
  const named = `${some.join(' ')}${more > 0 ? ` and ${more} more` : ''}`
  return `No font on this machine has ${named}: □ stands for ${letters.length === 1 ? 'it' : 'each'}. Install one that has (Noto Sans CJK, say).`
}
