/** What spreadsheets take for the beginning of a formula, full-width signs too. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/

/**
 * A cell of CSV (RFC 4180), in quotes where it needs them. A text that a spreadsheet would execute gets an apostrophe
 * before it; a number is written with all its digits, and its sign is no formula.
 */
export function quoteCsv(cell: string | number): string {
  if (typeof cell === 'number') return String(cell)
  const text = formula.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Lines of cells as the text of a file that spreadsheets open. */
export function csvText(lines: readonly (readonly (string | number)[])[]): string {
  return lines.map((cells) => `${cells.map(quoteCsv).join(',')}\r\n`).join('')
}
