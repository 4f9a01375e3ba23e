import type { Database } from 'better-sqlite3'
import { outcomes } from '../../shared/errors.ts'

export interface KnownSweep {
  /** Of its folder. */
  path: string
  /** Whether the archive's host goes on with it until it is complete. */
  computes: boolean
}

/** The folders of sweeps that an archive knows, in the order in which it came to know them. */
export class KnownSweeps {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(): KnownSweep[] {
    const rows = this.#database.prepare('SELECT path, computes FROM sweeps ORDER BY rowid').all()
    return (rows as { path: string; computes: number }[]).map(({ path, computes }) => ({
      path,
      computes: computes === 1,
    }))
  }

  /** Adds it, or changes whether it is computed. */
  set({ path, computes }: KnownSweep): void {
    this.#database
      .prepare(
        'INSERT INTO sweeps (path, computes) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET computes = excluded.computes',
      )
      .run(path, computes ? 1 : 0)
  }

  forget(path: string): void {
    this.#database.prepare('DELETE FROM sweeps WHERE path = ?').run(path)
  }

  /** The runs that are tagged as those of a sweep, by their own keys; of several one that has ended (not by the machine), then one that is not in the bin, else the first. */
  runsOf(key: string): Map<string, { id: string; hasEnded: boolean }> {
    const rows = this.#database
      .prepare(
        `SELECT substr(specificationHash, 1, 20), id,
           status = 'finished' OR (status = 'failed' AND coalesce(code, '') IN (SELECT value FROM json_each(?))) AS hasEnded
         FROM runs JOIN tags ON runId = id WHERE tag = ? ORDER BY hasEnded, binnedAt IS NULL, runs.rowid DESC`,
      )
      .raw()
      .all(JSON.stringify(outcomes), `sweep:${key}`) as [string, string, number][]
    return new Map(rows.map(([run, id, hasEnded]) => [run, { id, hasEnded: hasEnded === 1 }]))
  }

  /** The ids of runs that were added to cells of a sweep, with their cells: those tagged `sweep:KEY:CELL`, in the bin too. */
  addedTo(key: string): Map<string, number> {
    const prefix = `sweep:${key}:`
    const rows = this.#database
      .prepare('SELECT runId, substr(tag, ?) FROM tags JOIN runs ON id = runId WHERE tag GLOB ? ORDER BY runs.rowid')
      .raw()
      .all(prefix.length + 1, `${prefix}*`) as [string, string][]
    return new Map(rows.map(([runId, cell]) => [runId, Number(cell)]))
  }
}
