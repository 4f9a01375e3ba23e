import type { Database } from 'better-sqlite3'

/** What a run is to be computed with, where it was asked for; nothing where its host chooses. */
export function askForBackends(database: Database): void {
  database.exec('ALTER TABLE documents ADD COLUMN backend TEXT')
}
