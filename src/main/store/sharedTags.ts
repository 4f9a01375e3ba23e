import type { Database } from 'better-sqlite3'
import { preparedOnce } from './preparedOnce.ts'

/** Those of the tags that each of the runs has. */
export function sharedTags(database: Database, tags: readonly string[], rowids: readonly number[]): string[] {
  const { without } = statements(database)
  // Of many runs, the first tell of most tags that not all have them.
  return [rowids.slice(0, 100), rowids].reduce<readonly string[]>((shared, among) => {
    if (shared.length === 0) return shared
    const runs = JSON.stringify(among)
    return shared.filter((tag) => without.get(runs, tag) === undefined)
  }, tags) as string[]
}

const statements = preparedOnce((database) => ({
  without: database.prepare(
    `SELECT 1 FROM json_each(?) AS chosen CROSS JOIN runs ON runs.rowid = chosen.value
     WHERE NOT EXISTS (SELECT 1 FROM tags WHERE runId = runs.id AND tag = ?) LIMIT 1`,
  ),
}))
