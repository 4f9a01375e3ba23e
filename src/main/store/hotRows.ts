/** A row as it is measured: its numbers in the order in which the run's columns first appeared. */
export interface HotRow {
  step: number
  tau: number
  seconds: number
  data: Buffer
}

/** The columns of consecutive hot rows; a row from before a column appeared is too short for it and holds NaN there. */
export function hotColumns(rows: readonly HotRow[], names: readonly string[]): Map<string, Float64Array<ArrayBuffer>> {
  const columns = new Map<string, Float64Array<ArrayBuffer>>([
    ['step', Float64Array.from(rows, ({ step }) => step)],
    ['tau', Float64Array.from(rows, ({ tau }) => tau)],
    ['seconds', Float64Array.from(rows, ({ seconds }) => seconds)],
  ])
  for (const [position, name] of names.entries()) {
    columns.set(
      name,
      Float64Array.from(rows, ({ data }) =>
        data.length >= 8 * (position + 1) ? data.readDoubleLE(8 * position) : NaN,
      ),
    )
  }
  return columns
}
