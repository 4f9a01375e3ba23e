import DatabaseConstructor from 'better-sqlite3'
import { hotRowChecksum, type HotRow } from '../../../src/main/store/hotRows.ts'
import { RecordChecksums } from '../../../src/main/store/recordChecksums.ts'

/** Makes every checksum over a run's rows fit what is there, as whoever changed them could; its content hash stays. */
export function sealRun(path: string, runId: string): void {
  const database = new DatabaseConstructor(path)
  try {
    const checksums = new RecordChecksums(database)
    const all = (sql: string) => database.prepare(sql).all(runId)
    for (const { part } of all('SELECT part FROM parts WHERE runId = ? ORDER BY part') as { part: number }[]) {
      const seal = database.prepare('UPDATE parts SET checksum = ? WHERE runId = ? AND part = ?')
      seal.run(checksums.part(runId, part), runId, part)
    }
    for (const { step } of all('SELECT step FROM snapshots WHERE runId = ?') as { step: number }[]) {
      const seal = database.prepare('UPDATE snapshots SET checksum = ? WHERE runId = ? AND step = ?')
      seal.run(checksums.snapshot(runId, step), runId, step)
    }
    let before = 0
    for (const row of all('SELECT step, tau, seconds, data FROM hotRows WHERE runId = ? ORDER BY step') as HotRow[]) {
      before = hotRowChecksum(row, before)
      database.prepare('UPDATE hotRows SET checksum = ? WHERE runId = ? AND step = ?').run(before, runId, row.step)
    }
    database.prepare('UPDATE documents SET recordChecksum = ? WHERE runId = ?').run(checksums.run(runId), runId)
  } finally {
    database.close()
  }
}
