/** The line and the character in it, both from 1, as editors count them. */
export function placeIn(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n')
  return `line ${lines.length}, character ${lines.at(-1)!.length + 1}`
}
