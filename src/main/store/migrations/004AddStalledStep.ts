import type { Database } from 'better-sqlite3'

/** Where a run came to a dead end. */
export function addStalledStep(database: Database): void {
  database.exec('ALTER TABLE runs ADD COLUMN stalledStep INTEGER')
}
