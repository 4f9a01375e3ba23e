import { printable } from '../../shared/printable.ts'

/** Columns padded to equal width, two spaces apart; no cell acts on the terminal. */
export function table(given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map(printable))
  const widths = rows.reduce<number[]>(
    (found, row) => row.map((cell, i) => Math.max(found[i] ?? 0, [...cell].length)),
    [],
  )
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell + ' '.repeat(widths[i]! - [...cell].length))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
