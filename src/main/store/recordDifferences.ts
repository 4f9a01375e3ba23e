import type { Database } from 'better-sqlite3'
import { brokenHotRow, type StoredHotRow } from './hotRows.ts'
import type { RecordChecksums } from './recordChecksums.ts'
import { hasItsFacets } from './runFacets.ts'

/**
 * Where what is stored of a run is not what was stored; of each kind the first place. The numbers of sealed columns and
 * of matrices are not read: their own checksums are compared whenever they are.
 */
export function recordDifferences(database: Database, checksums: RecordChecksums, runId: string): string[] {
  const stored = database.prepare('SELECT recordChecksum FROM documents WHERE runId = ?').pluck().get(runId)
  const part = firstDifferent(database, 'parts', 'part', runId, (key) => checksums.part(runId, key))
  const snapshot = firstDifferent(database, 'snapshots', 'step', runId, (key) => checksums.snapshot(runId, key))
  const hotRow = firstDifferentHotRow(database, runId)
  return [
    ...(stored === checksums.run(runId) ? [] : ['its record is not what was stored']),
    ...(hasItsFacets(database, runId) ? [] : ['what lists say of its specification is not what was stored']),
    ...(part === undefined ? [] : [`part ${part} of its measurements is not what was stored`]),
    ...(hotRow === undefined ? [] : [`what it measured at step ${hotRow} is not what was stored`]),
    ...(snapshot === undefined ? [] : [`its snapshot of step ${snapshot} is not what was stored`]),
  ]
}

function firstDifferent(
  database: Database,
  table: 'parts' | 'snapshots',
  key: string,
  runId: string,
  checksumOf: (key: number) => number,
): number | undefined {
  const rows = database.prepare(`SELECT ${key} AS key, checksum FROM ${table} WHERE runId = ? ORDER BY ${key}`)
  return (rows.all(runId) as { key: number; checksum: number }[]).find((row) => row.checksum !== checksumOf(row.key))
    ?.key
}

function firstDifferentHotRow(database: Database, runId: string): number | undefined {
  const rows = database.prepare('SELECT step, tau, seconds, data, checksum FROM hotRows WHERE runId = ? ORDER BY step')
  return brokenHotRow(rows.iterate(runId) as Iterable<StoredHotRow>)
}
