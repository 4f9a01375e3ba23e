import { crc32 } from 'node:zlib'
import type { Database, Statement } from 'better-sqlite3'
import type { Measurements } from '../../shared/run.ts'
import { extremesOf } from './bucketExtremes.ts'
import { hotColumns, hotRowChecksum, type HotRow } from './hotRows.ts'
import { bound } from './preparedOnce.ts'
import { RecordChecksums } from './recordChecksums.ts'

/** Rows that a part holds when it is sealed while its run goes on; at the end of a run a part may be shorter. */
export const rowsPerPart = 4096

export interface MeasuredRow {
  step: number
  tau: number
  seconds: number
  values: Measurements
}

/** Writes what runs measure: hot rows first, which are sealed into Float64 columns once there are enough of them. */
export class MeasurementStore {
  readonly #statements: ReturnType<typeof prepareStatements>
  readonly #checksums: RecordChecksums
  readonly #cursors = new Map<string, Cursor>()

  constructor(database: Database) {
    this.#statements = prepareStatements(database)
    this.#checksums = new RecordChecksums(database)
  }

  /**
   * Takes a row unless its step is there already, as it is when a resumed run passes again where it has been. It is stored by
   * `flush`, or sealed before that: rows that are sealed in the transaction that brings them are never hot.
   */
  append(runId: string, { step, tau, seconds, values }: MeasuredRow): void {
    const cursor = this.#cursor(runId)
    if (step <= cursor.lastStep) return
    const names = Object.keys(values)
    for (const name of names) if (!cursor.columns.has(name)) this.#addColumn(runId, cursor, name)
    const row = new Float64Array(cursor.columns.size).fill(NaN)
    for (const [name, value] of Object.entries(values)) row[cursor.columns.get(name)!] = value
    cursor.waiting.push({ step, tau, seconds, data: Buffer.from(row.buffer) })
    cursor.lastStep = step
    if (cursor.hotRows + cursor.waiting.length >= rowsPerPart) this.seal(runId)
  }

  /** Stores the rows of a run that were taken and not sealed; to be called in the transaction that took them. */
  flush(runId: string): void {
    const cursor = this.#cursor(runId)
    for (const row of cursor.waiting) {
      const { step, tau, seconds, data } = row
      cursor.checksum = hotRowChecksum(row, cursor.checksum)
      this.#statements.insertRow.run(runId, step, tau, seconds, data, cursor.checksum)
    }
    cursor.hotRows += cursor.waiting.length
    cursor.waiting = []
  }

  /** Turns the hot rows of a run into the next part of its columns. */
  seal(runId: string): void {
    const cursor = this.#cursor(runId)
    const stored = cursor.hotRows === 0 ? [] : (this.#statements.hotRows.all(runId) as HotRow[])
    const rows = [...stored, ...cursor.waiting]
    if (rows.length === 0) return
    const part = this.#statements.nextPart.get(runId) as number
    this.#statements.insertPart.run(runId, part, rows.length, rows[0]!.step, rows.at(-1)!.step, cursor.columns.size)
    for (const [name, values] of hotColumns(rows, [...cursor.columns.keys()])) {
      const { missing, minimum, maximum, minAt, maxAt } = extremesOf(values, 0, values.length)
      // Where nothing was measured, an empty chunk tells that from one that is gone.
      const bytes = missing === values.length ? new Uint8Array() : new Uint8Array(values.buffer)
      this.#statements.insertChunk.run(runId, name, part, missing, minimum, maximum, minAt, maxAt, crc32(bytes), bytes)
    }
    this.#statements.sealPart.run(this.#checksums.part(runId, part), runId, part)
    if (stored.length > 0) this.#statements.deleteHotRows.run(runId)
    cursor.waiting = []
    cursor.hotRows = 0
    cursor.checksum = 0
  }

  /** To be called where a run has settled, after `flush`; where it goes on, what is stored of it is looked up again. */
  forgetCursor(runId: string): void {
    this.#cursors.delete(runId)
  }

  /** Must be called where a transaction that wrote here was rolled back, or rows were removed. */
  forgetCursors(): void {
    this.#cursors.clear()
  }

  #cursor(runId: string): Cursor {
    const known = this.#cursors.get(runId)
    if (known) return known
    const names = this.#statements.columns.all(runId) as string[]
    const extent = this.#statements.extent.get({ runId }) as Omit<Cursor, 'columns' | 'waiting'>
    const cursor = { columns: new Map(names.map((name, position) => [name, position])), waiting: [], ...extent }
    this.#cursors.set(runId, cursor)
    return cursor
  }

  #addColumn(runId: string, cursor: Cursor, name: string): void {
    this.#statements.insertColumn.run(runId, cursor.columns.size, name)
    cursor.columns.set(name, cursor.columns.size)
  }
}

interface Cursor {
  /** Positions in a row's data by column name. */
  columns: Map<string, number>
  /** Rows that are not stored yet. */
  waiting: HotRow[]
  hotRows: number
  lastStep: number
  /** Of the last hot row; 0 where there is none. */
  checksum: number
}

function prepareStatements(database: Database) {
  const prepare = (sql: string): Statement => database.prepare(sql)
  return {
    columns: prepare(`SELECT name FROM measurementColumns WHERE runId = ${bound} ORDER BY position`).pluck(),
    insertColumn: prepare('INSERT INTO measurementColumns (runId, position, name) VALUES (?, ?, ?)'),
    insertRow: prepare('INSERT INTO hotRows (runId, step, tau, seconds, data, checksum) VALUES (?, ?, ?, ?, ?, ?)'),
    hotRows: prepare(`SELECT step, tau, seconds, data FROM hotRows WHERE runId = ${bound} ORDER BY step`),
    deleteHotRows: prepare('DELETE FROM hotRows WHERE runId = ?'),
    extent: prepare(
      `SELECT count(*) AS hotRows,
              coalesce(max(step), (SELECT max(lastStep) FROM parts WHERE runId = (SELECT @runId)), -1) AS lastStep,
              coalesce((SELECT checksum FROM hotRows WHERE runId = (SELECT @runId) ORDER BY step DESC LIMIT 1), 0) AS checksum
       FROM hotRows WHERE runId = (SELECT @runId)`,
    ),
    nextPart: prepare(`SELECT coalesce(max(part) + 1, 0) FROM parts WHERE runId = ${bound}`).pluck(),
    insertPart: prepare(
      'INSERT INTO parts (runId, part, count, firstStep, lastStep, columns) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    sealPart: prepare('UPDATE parts SET checksum = ? WHERE runId = ? AND part = ?'),
    insertChunk: prepare(
      `INSERT INTO chunks (runId, name, part, missing, minimum, maximum, minimumAt, maximumAt, checksum, data)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
  }
}
