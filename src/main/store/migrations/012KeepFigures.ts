import type { Database } from 'better-sqlite3'

/** Figures that people compose, each as a document (`shared/figures/composition.ts`): what it shows is read from the runs. */
export function keepFigures(database: Database): void {
  database.exec(`
    CREATE TABLE figures (
      id TEXT PRIMARY KEY,
      document TEXT NOT NULL
    ) STRICT;
  `)
}
