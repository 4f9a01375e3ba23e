import type { Database } from 'better-sqlite3'
import { storeFacetsOf } from '../runFacets.ts'
import { keepSeals } from './keepSeals.ts'
import type { Tell } from './migrationProgress.ts'

/**
 * Events and facets under the names that they have since, and the version of each content hash. Specifications stay as
 * they were written, since the content hashes are of that.
 */
export function takePresentNames(database: Database, tell?: Tell): void {
  const change = () => {
    database.exec(`
      ALTER TABLE runs ADD COLUMN contentHashVersion INTEGER NOT NULL DEFAULT 1;
      UPDATE OR IGNORE events SET name = 'memorized' WHERE name = 'memorised';
      UPDATE OR IGNORE events SET name = 'generalized' WHERE name = 'generalised';
    `)
    renameFacets(database)
  }
  keepSeals(database, change, { tell })
}

function renameFacets(database: Database): void {
  const setups = database.prepare(
    'SELECT setup, spec FROM runs JOIN documents ON runId = runs.id GROUP BY setup ORDER BY min(runs.rowid)',
  )
  const describe = database.prepare('UPDATE runs SET setup = ? WHERE setup = ?')
  for (const { setup, spec } of setups.all() as { setup: string; spec: string }[]) {
    describe.run(storeFacetsOf(database, spec), setup)
  }
  database.exec('DELETE FROM facets WHERE setup NOT IN (SELECT setup FROM runs)')
}
