import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Database, Statement } from 'better-sqlite3'
import { exactJson } from './exactJson.ts'
import { bound } from './preparedOnce.ts'

/**
 * Checksums over all that is stored of a run. A run's own is over its rows as they stand, a snapshot's over its row and
 * what is known of its matrices, whose numbers have checksums themselves. Those of parts and of hot rows each go on from
 * the one before: the last stands for all of them, and for their number, however many there are. No run's id is in any
 * but its own, so that a run can be carried to another archive.
 */
export class RecordChecksums {
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(database: Database) {
    this.#statements = prepareStatements(database)
  }

  /** SHA-256 of the rows of a run; columns without a value are passed over, so that one may be added to a table. */
  run(runId: string): string {
    const hash = createHash('sha256')
    for (const [table, rows] of Object.entries(this.#statements.record)) {
      for (const row of rows.all(runId) as Row[]) hash.update(`${table} ${canonicalRow(row)}\n`)
    }
    return hash.digest('hex')
  }

  part(runId: string, part: number): number {
    const { row, chunks, before } = this.#statements.part
    const rows = [row.get(runId, part), ...chunks.all(runId, part)] as Row[]
    return crc32(rows.map(canonicalRow).join('\n'), (before.get(runId, part) as number | undefined) ?? 0)
  }

  snapshot(runId: string, step: number): number {
    const { row, matrices } = this.#statements.snapshot
    const rows = [row.get(runId, step), ...matrices.all(runId, step)] as Row[]
    return crc32(rows.map(canonicalRow).join('\n'))
  }
}

type Row = Record<string, string | number | Buffer | null>

/** Every value but `null` beside the name of its column; the checksum of the row itself is none of them. */
function canonicalRow(row: Row): string {
  const entries = Object.entries(row).filter(([name, value]) => value !== null && name !== 'recordChecksum')
  return exactJson(entries.map(([name, value]) => [name, Buffer.isBuffer(value) ? digestOf(value) : value]))
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function prepareStatements(database: Database) {
  const prepare = (sql: string): Statement => database.prepare(sql)
  // Migrations seal records of versions that had not every table.
  const has = (table: string) => database.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table) !== undefined
  return {
    record: {
      runs: prepare('SELECT * FROM runs WHERE id = ?'),
      experiments: prepare('SELECT * FROM experiments WHERE id = (SELECT experimentId FROM runs WHERE id = ?)'),
      documents: prepare('SELECT * FROM documents WHERE runId = ?'),
      tags: prepare(`SELECT tag FROM tags WHERE runId = ${bound} ORDER BY tag`),
      ...(has('latest')
        ? { latest: prepare(`SELECT name, value FROM latest WHERE runId = ${bound} ORDER BY name`) }
        : {}),
      events: prepare(`SELECT name, step, tau, value FROM events WHERE runId = ${bound} ORDER BY name`),
      measurementColumns: prepare(
        `SELECT position, name FROM measurementColumns WHERE runId = ${bound} ORDER BY position`,
      ),
      hotRows: prepare(`SELECT step, checksum FROM hotRows WHERE runId = ${bound} ORDER BY step DESC LIMIT 1`),
      parts: prepare(`SELECT part, checksum FROM parts WHERE runId = ${bound} ORDER BY part DESC LIMIT 1`),
      snapshots: prepare(`SELECT step, checksum FROM snapshots WHERE runId = ${bound} ORDER BY step`),
    },
    part: {
      row: prepare('SELECT part, count, firstStep, lastStep, columns FROM parts WHERE runId = ? AND part = ?'),
      chunks: prepare(
        `SELECT name, missing, minimum, maximum, minimumAt, maximumAt, checksum
         FROM chunks WHERE runId = ${bound} AND part = ${bound} ORDER BY name`,
      ),
      before: prepare(
        `SELECT checksum FROM parts WHERE runId = ${bound} AND part < ${bound} ORDER BY part DESC LIMIT 1`,
      ).pluck(),
    },
    snapshot: {
      row: prepare('SELECT step, tau, reason, given, scalars FROM snapshots WHERE runId = ? AND step = ?'),
      matrices: prepare(
        `SELECT name, dtype, rows, columns, checksum FROM matrices WHERE runId = ${bound} AND step = ${bound} ORDER BY name`,
      ),
    },
  }
}
