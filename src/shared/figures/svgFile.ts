/** Markup of a drawing as a file of its own. */
export function toSvgText(markup: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${markup}\n`
}
