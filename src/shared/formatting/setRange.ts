/** A range as it is set in print: 0.2 … 0.98 becomes 0.2–0.98. */
export function setRange(text: string): string {
  return text.replace(/ … /g, '–')
}
