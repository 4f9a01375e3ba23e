import type { Database } from 'better-sqlite3'
import { RecordChecksums } from '../recordChecksums.ts'
import { partOf, type Tell } from './migrationProgress.ts'

interface Which {
  /** Without them, all. */
  runIds?: readonly string[]
  tell?: Tell
}

/**
 * Changes rows of runs, of all or of the given ones; `change` is told whose records are true.
 * These are sealed anew, the others keep the checksum that says they are not.
 */
export function keepSeals(
  database: Database,
  change: (sound: string[], tell: Tell) => void,
  { runIds, tell = () => undefined }: Which = {},
): void {
  const before = new RecordChecksums(database)
  const among = runIds ? ' WHERE runId IN (SELECT value FROM json_each(?))' : ''
  const stored = database.prepare(`SELECT runId, recordChecksum FROM documents${among}`)
  const rows = stored.all(...(runIds ? [JSON.stringify(runIds)] : [])) as Record<string, string>[]
  const sound: string[] = []
  const tellLooked = partOf(tell, 0, 0.3)
  for (const [i, { runId, recordChecksum }] of rows.entries()) {
    if (before.run(runId!) === recordChecksum) sound.push(runId!)
    tellLooked((i + 1) / rows.length)
  }
  change(sound, partOf(tell, 0.3, 0.7))
  const after = new RecordChecksums(database)
  const seal = database.prepare('UPDATE documents SET recordChecksum = ? WHERE runId = ?')
  const tellSealed = partOf(tell, 0.7, 1)
  for (const [i, runId] of sound.entries()) {
    seal.run(after.run(runId), runId)
    tellSealed((i + 1) / sound.length)
  }
}
