import { randomInt } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { preparedText } from './preparedOnce.ts'

/** Without letters and digits that are taken for one another. */
const letters = '23456789abcdefghjkmnpqrstvwxyz'

/** A short id that no row of the table has, for people to type. */
export function freshId(database: Database, table: 'runs' | 'experiments'): string {
  const isTaken = preparedText(database)(`SELECT 1 FROM ${table} WHERE id = ?`)
  for (;;) {
    const id = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('')
    if (!isTaken.get(id)) return id
  }
}
