import type { Database } from 'better-sqlite3'
import { brokenHotRow, type StoredHotRow } from './hotRows.ts'
import { bound, preparedOnce } from './preparedOnce.ts'
import type { RecordChecksums } from './recordChecksums.ts'
import { hasItsFacets } from './runFacets.ts'

/**
 * Where what is stored of a run is not what was stored; of each kind the first place. The numbers of sealed columns and
 * of matrices are not read: their own checksums are compared whenever they are.
 */
export function recordDifferences(database: Database, checksums: RecordChecksums, runId: string): string[] {
  const { record, parts, snapshots, hotRows } = statements(database)
  const stored = record.get(runId)
  const part = firstDifferent(parts.all(runId) as Checksum[], (key) => checksums.part(runId, key))
  const snapshot = firstDifferent(snapshots.all(runId) as Checksum[], (key) => checksums.snapshot(runId, key))
  const hotRow = brokenHotRow(hotRows.iterate(runId) as Iterable<StoredHotRow>)
  return [
    ...(stored === checksums.run(runId) ? [] : ['its record is not what was stored']),
    ...(hasItsFacets(database, runId) ? [] : ['what lists say of its specification is not what was stored']),
    ...(part === undefined ? [] : [`part ${part} of its measurements is not what was stored`]),
    ...(hotRow === undefined ? [] : [`what it measured at step ${hotRow} is not what was stored`]),
    ...(snapshot === undefined ? [] : [`its snapshot of step ${snapshot} is not what was stored`]),
  ]
}

interface Checksum {
  key: number
  checksum: number
}

function firstDifferent(rows: readonly Checksum[], checksumOf: (key: number) => number): number | undefined {
  return rows.find((row) => row.checksum !== checksumOf(row.key))?.key
}

const statements = preparedOnce((database) => ({
  record: database.prepare('SELECT recordChecksum FROM documents WHERE runId = ?').pluck(),
  parts: database.prepare(`SELECT part AS key, checksum FROM parts WHERE runId = ${bound} ORDER BY part`),
  snapshots: database.prepare(`SELECT step AS key, checksum FROM snapshots WHERE runId = ${bound} ORDER BY step`),
  hotRows: database.prepare(
    `SELECT step, tau, seconds, data, checksum FROM hotRows WHERE runId = ${bound} ORDER BY step`,
  ),
}))
