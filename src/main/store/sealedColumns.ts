import { crc32 } from 'node:zlib'
import type { Database } from 'better-sqlite3'
import type { Extremes } from './bucketExtremes.ts'
import { damagedPart, timeColumns, type MeasurementLayout, type Part } from './measurementLayout.ts'
import { preparedOnce } from './preparedOnce.ts'

/** Memory that columns may keep, so that looking at another range of the same curves reads nothing again. */
const cacheBytes = 2 ** 27

const statements = preparedOnce((database) => ({
  chunk: database.prepare(
    `SELECT length(data) AS bytes, missing, checksum, CASE length(data) WHEN ? THEN data END AS data
     FROM chunks WHERE runId = ? AND name = ? AND part = ?`,
  ),
  extremes: database.prepare(
    `SELECT part, minimum, maximum, minimumAt AS minAt, maximumAt AS maxAt
     FROM chunks WHERE runId = ? AND name = ? AND missing = 0`,
  ),
}))

/** Reads sealed columns part by part, as far as they are asked for, and remembers those asked for last. */
export class SealedColumns {
  readonly #statements: ReturnType<typeof statements>
  readonly #cache = new Map<string, SealedColumn>()

  constructor(database: Database) {
    this.#statements = statements(database)
  }

  column(layout: MeasurementLayout, name: string): SealedColumn {
    const key = `${layout.runId} ${name}`
    const known = this.#cache.get(key)
    const before = known?.isPartOf(layout) ? known : undefined
    const column =
      before?.values.length === layout.sealedRows
        ? before
        : new SealedColumn(layout, (part, values) => this.readPart(layout, name, part, values), before)
    this.#cache.delete(key)
    this.#cache.set(key, column)
    this.#trim()
    return column
  }

  /** Fills `values` with a part of a column: NaN where nothing was measured yet, or nothing in the whole of the part. */
  readPart(
    { runId, names }: MeasurementLayout,
    name: string,
    { part, count, columns }: Part,
    values: Float64Array,
  ): void {
    const chunk = this.#statements.chunk.get(8 * count, runId, name, part) as ChunkRow | undefined
    if (!chunk && isMeasuredBy(columns, names, name)) throw damagedPart(runId, name, part, 'is missing')
    if (!chunk || (chunk.bytes === 0 && chunk.missing === count)) {
      values.fill(NaN)
      return
    }
    const { bytes, checksum, data } = chunk
    if (!data) throw damagedPart(runId, name, part, `takes ${bytes} bytes for ${count} numbers`)
    if (crc32(data) !== checksum) throw damagedPart(runId, name, part, 'fails its checksum')
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength).set(data)
  }

  /** Least and greatest value of each part that has no NaN. */
  extremes(runId: string, name: string): Map<number, Extremes> {
    const rows = this.#statements.extremes.all(runId, name) as (Extremes & { part: number })[]
    return new Map(rows.map(({ part, ...extremes }) => [part, extremes]))
  }

  #trim(): void {
    let bytes = 0
    for (const { values } of this.#cache.values()) bytes += values.byteLength
    for (const [key, { values }] of this.#cache) {
      if (bytes <= cacheBytes || this.#cache.size === 1) return
      this.#cache.delete(key)
      bytes -= values.byteLength
    }
  }
}

type ReadPart = (part: Part, values: Float64Array) => void

/** The sealed rows of one column; a part is read when it is first needed, and never again, as it does not change. */
export class SealedColumn {
  readonly values: Float64Array
  readonly #parts: readonly Part[]
  readonly #isRead: Uint8Array
  readonly #read: ReadPart

  constructor(layout: MeasurementLayout, read: ReadPart, shorter?: SealedColumn) {
    this.values = new Float64Array(layout.sealedRows)
    this.#parts = layout.parts
    this.#isRead = new Uint8Array(layout.parts.length)
    this.#read = read
    if (!shorter) return
    this.values.set(shorter.values)
    this.#isRead.set(shorter.#isRead)
  }

  /** Whether a run still begins with these parts: one that was removed may come again, computed elsewhere. */
  isPartOf({ parts }: MeasurementLayout): boolean {
    return this.#parts.every(({ count, checksum }, i) => parts[i]?.count === count && parts[i].checksum === checksum)
  }

  part(index: number): Float64Array {
    const part = this.#parts[index]!
    const values = this.values.subarray(part.start, part.start + part.count)
    if (!this.#isRead[index]) {
      this.#read(part, values)
      this.#isRead[index] = 1
    }
    return values
  }
}

/** Whether a part that was sealed when a run had so many columns has this one in it. */
function isMeasuredBy(columns: number, names: readonly string[], name: string): boolean {
  return timeColumns.includes(name) || names.slice(0, columns).includes(name)
}

interface ChunkRow {
  bytes: number
  missing: number
  checksum: number
  data: Buffer | null
}
