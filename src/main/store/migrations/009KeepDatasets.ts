import type { Database } from 'better-sqlite3'

/** The samples that runs are set before which come from a file: once each, under the hash that their specifications name. */
export function keepDatasets(database: Database): void {
  database.exec(`
    CREATE TABLE datasets (
      hash TEXT NOT NULL,
      name TEXT NOT NULL,
      rows INTEGER NOT NULL,
      columns INTEGER NOT NULL,
      checksum BLOB NOT NULL,
      data BLOB NOT NULL,
      PRIMARY KEY (hash, name)
    ) STRICT;
  `)
}
