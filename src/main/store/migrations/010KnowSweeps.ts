import type { Database } from 'better-sqlite3'

/** The folders of sweeps that an archive knows; all else about them is in the folders. `computes`: its host goes on with it. */
export function knowSweeps(database: Database): void {
  database.exec(`
    CREATE TABLE sweeps (
      path TEXT PRIMARY KEY,
      computes INTEGER NOT NULL DEFAULT 0 CHECK (computes IN (0, 1))
    ) STRICT;
  `)
}
