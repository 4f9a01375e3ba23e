import type { Database } from 'better-sqlite3'
import { RecordChecksums } from '../recordChecksums.ts'

/** Changes rows of runs. Records that were true before are sealed anew, the others keep the checksum that says they are not. */
export function keepSeals(database: Database, change: () => void): void {
  const before = new RecordChecksums(database)
  const rows = database.prepare('SELECT runId, recordChecksum FROM documents').all() as Record<string, string>[]
  const sound = rows.flatMap(({ runId, recordChecksum }) => (before.run(runId!) === recordChecksum ? [runId!] : []))
  change()
  const after = new RecordChecksums(database)
  const seal = database.prepare('UPDATE documents SET recordChecksum = ? WHERE runId = ?')
  for (const runId of sound) seal.run(after.run(runId), runId)
}
