import type { Database } from 'better-sqlite3'
import type { Repetition } from '../../shared/run.ts'

const most = 20

/**
 * The other runs of a run's specification (its name apart) and seed, the newest first: whether they came to the same bits, `null` where one of the two has not come to its end or another number of steps.
 */
export function findRepetitions(database: Database, runId: string): Repetition[] {
  const rows = database
    .prepare(
      `SELECT other.id AS runId, other.name, other.contentHash = own.contentHash AS agrees
       FROM runs own JOIN runs other ON other.setup = own.setup AND other.seed = own.seed AND other.id <> own.id
       JOIN documents ownText ON ownText.runId = own.id JOIN documents text ON text.runId = other.id AND text.givenStart = ownText.givenStart
       WHERE own.id = ? AND other.binnedAt IS NULL AND json_remove(text.spec, '$.name') = json_remove(ownText.spec, '$.name')
       ORDER BY other.createdAt DESC, other.rowid DESC LIMIT ${most}`,
    )
    .all(runId) as { runId: string; name: string; agrees: number | null }[]
  return rows.map(({ agrees, ...run }) => ({ ...run, agrees: agrees === null ? null : agrees === 1 }))
}
