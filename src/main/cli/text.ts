import { printable } from '../../shared/printable.ts'

/** Columns padded to equal width, two spaces apart, or wider where a cell has become so since; no cell acts on the terminal. */
export function table(rows: readonly (readonly string[])[], widths = columnWidths(rows)): string {
  return rows
    .map((row) =>
      row
        .map(printable)
        .map((cell, i) => cell + ' '.repeat(Math.max(0, widths[i]! - [...cell].length)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The widths that the cells of these rows need, of a table that is printed in parts. */
export function columnWidths(rows: readonly (readonly string[])[], min: readonly number[] = []): readonly number[] {
  return rows.reduce<readonly number[]>(
    (found, row) => row.map((cell, i) => Math.max(found[i] ?? 0, [...printable(cell)].length)),
    min,
  )
}
