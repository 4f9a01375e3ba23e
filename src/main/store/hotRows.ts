import { crc32 } from 'node:zlib'

/** A row as it is measured: its numbers in the order in which the run's columns first appeared. */
export interface HotRow {
  step: number
  tau: number
  seconds: number
  data: Buffer
}

export interface StoredHotRow extends HotRow {
  checksum: number
}

/** Goes on from the checksum of the row before, 0 before the first, so that none can be lost between two of them. */
export function hotRowChecksum({ step, tau, seconds, data }: HotRow, before: number): number {
  return crc32(data, crc32(new Uint8Array(Float64Array.of(step, tau, seconds).buffer), before))
}

/** The step of the first row that is not as it was stored, or not after the one it was stored after. */
export function brokenHotRow(rows: Iterable<StoredHotRow>): number | undefined {
  let before = 0
  for (const row of rows) {
    if (hotRowChecksum(row, before) !== row.checksum) return row.step
    before = row.checksum
  }
  return undefined
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
