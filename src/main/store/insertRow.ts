import type { Database } from 'better-sqlite3'
import { preparedText } from './preparedOnce.ts'

/** Inserts a row whose keys are the names of columns. */
export function insertRow(database: Database, table: string, row: Record<string, unknown>): void {
  const names = Object.keys(row)
  const values = names.map((name) => `@${name}`)
  preparedText(database)(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${values.join(', ')})`).run(row)
}
