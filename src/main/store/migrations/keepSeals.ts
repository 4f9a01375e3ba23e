import type { Database } from 'better-sqlite3'
import { RecordChecksums } from '../recordChecksums.ts'

/**
 * Changes rows of runs, of all or of the given ones; `change` is told whose records are true.
 * These are sealed anew, the others keep the checksum that says they are not.
 */
export function keepSeals(database: Database, change: (sound: string[]) => void, runIds?: readonly string[]): void {
  const before = new RecordChecksums(database)
  const among = runIds ? ' WHERE runId IN (SELECT value FROM json_each(?))' : ''
  const stored = database.prepare(`SELECT runId, recordChecksum FROM documents${among}`)
  const rows = stored.all(...(runIds ? [JSON.stringify(runIds)] : [])) as Record<string, string>[]
  const sound = rows.flatMap(({ runId, recordChecksum }) => (before.run(runId!) === recordChecksum ? [runId!] : []))
  change(sound)
  const after = new RecordChecksums(database)
  const seal = database.prepare('UPDATE documents SET recordChecksum = ? WHERE runId = ?')
  for (const runId of sound) seal.run(after.run(runId), runId)
}
