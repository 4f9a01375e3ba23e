/** The text, or its beginning and an ellipsis where it is longer than `most` characters. */
export function shorten(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max).replace(/[\ud800-\udbff]$/, '')}…` : text
}
