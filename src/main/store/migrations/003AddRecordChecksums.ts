import type { Database } from 'better-sqlite3'
import { hotRowChecksum, type HotRow } from '../hotRows.ts'
import { RecordChecksums } from '../recordChecksums.ts'
import type { Tell } from './migrationProgress.ts'

/**
 * Checksums over all that is stored of a run. What a run was before cannot be known any more: they are of what is there,
 * and for what was computed its content hash still vouches, as it has. `columns` is how many columns a run had when a
 * part was sealed, each of which has a chunk in it from now on, empty where nothing was measured.
 */
export function addRecordChecksums(database: Database, tell?: Tell): void {
  database.exec(`
    ALTER TABLE documents ADD COLUMN recordChecksum TEXT NOT NULL DEFAULT '';
    ALTER TABLE hotRows ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE parts ADD COLUMN columns INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE parts ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE snapshots ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
    UPDATE parts SET columns = (SELECT count(*) FROM measurementColumns WHERE runId = parts.runId);
    INSERT INTO chunks (runId, name, part, missing, minimumAt, maximumAt, checksum, data)
      SELECT runId, name, part, count, -1, -1, 0, x'' FROM parts JOIN measurementColumns USING (runId)
      WHERE NOT EXISTS (
        SELECT 1 FROM chunks
        WHERE chunks.runId = parts.runId AND chunks.name = measurementColumns.name AND chunks.part = parts.part
      );
  `)
  const seal = createSeal(database)
  const runIds = database.prepare('SELECT id FROM runs').pluck().all() as string[]
  for (const [i, runId] of runIds.entries()) {
    seal(runId)
    tell?.((i + 1) / runIds.length)
  }
}

function createSeal(database: Database): (runId: string) => void {
  const checksums = new RecordChecksums(database)
  const parts = database.prepare('SELECT part FROM parts WHERE runId = ? ORDER BY part').pluck()
  const sealPart = database.prepare('UPDATE parts SET checksum = ? WHERE runId = ? AND part = ?')
  const steps = database.prepare('SELECT step FROM snapshots WHERE runId = ?').pluck()
  const sealSnapshot = database.prepare('UPDATE snapshots SET checksum = ? WHERE runId = ? AND step = ?')
  const hotRows = database.prepare('SELECT step, tau, seconds, data FROM hotRows WHERE runId = ? ORDER BY step')
  const sealHotRow = database.prepare('UPDATE hotRows SET checksum = ? WHERE runId = ? AND step = ?')
  const sealRun = database.prepare('UPDATE documents SET recordChecksum = ? WHERE runId = ?')
  return (runId) => {
    for (const part of parts.all(runId) as number[]) sealPart.run(checksums.part(runId, part), runId, part)
    for (const step of steps.all(runId) as number[]) sealSnapshot.run(checksums.snapshot(runId, step), runId, step)
    let before = 0
    for (const row of hotRows.all(runId) as HotRow[]) {
      before = hotRowChecksum(row, before)
      sealHotRow.run(before, runId, row.step)
    }
    sealRun.run(checksums.run(runId), runId)
  }
}
