import type { Database } from 'better-sqlite3'
import { keepSeals } from './keepSeals.ts'

/** As many training pairs as a run was given with its start; before, as many as its specification says. */
export function countGivenPairs(database: Database): void {
  const given = 'SELECT length(train) / 4 FROM documents WHERE runId = id AND givenStart = 1 AND train NOTNULL'
  const runIds = database.prepare(`SELECT id FROM runs WHERE trainPairs <> (${given})`).pluck().all() as string[]
  const update = database.prepare(`UPDATE runs SET trainPairs = (${given}) WHERE id = ?`)
  keepSeals(database, () => runIds.forEach((runId) => update.run(runId)), { runIds })
}
