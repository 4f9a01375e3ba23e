import type { Database } from 'better-sqlite3'
import { preparedOnce } from './preparedOnce.ts'

/** Those of the tags that each of the runs has. */
export function sharedTags(database: Database, tags: readonly string[], rowids: readonly number[]): string[] {
  const runs = JSON.stringify(rowids)
  return tags.filter((tag) => statements(database).without.get(runs, tag) === undefined)
}

const statements = preparedOnce((database) => ({
  without: database.prepare(
    `SELECT 1 FROM json_each(?) AS chosen CROSS JOIN runs ON runs.rowid = chosen.value
     WHERE NOT EXISTS (SELECT 1 FROM tags WHERE runId = runs.id AND tag = ?) LIMIT 1`,
  ),
}))
