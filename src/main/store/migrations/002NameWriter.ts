import type { Database } from 'better-sqlite3'

/** Who may write: which process on which host, under which name it opened which file, and what its lock is. */
export function nameWriter(database: Database): void {
  database.exec(`
    DROP TABLE writer;
    CREATE TABLE writer (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      token TEXT NOT NULL,
      pid INTEGER NOT NULL,
      host TEXT NOT NULL,
      since INTEGER NOT NULL,
      path TEXT NOT NULL,
      device TEXT NOT NULL,
      inode TEXT NOT NULL,
      lockInode TEXT NOT NULL
    ) STRICT;
  `)
}
