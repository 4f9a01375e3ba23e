import type { Database, Statement } from 'better-sqlite3'

/** Statements that functions ask for at every call, each prepared once for a database: that takes longer than to run them. */
export function preparedOnce<Statements>(prepare: (database: Database) => Statements) {
  const known = new WeakMap<Database, Statements>()
  return (database: Database): Statements => {
    const statements = known.get(database) ?? prepare(database)
    known.set(database, statements)
    return statements
  }
}

/**
 * What a column shall be, in a statement that joins tables, puts rows in order or takes the greatest: with a bare `?`, SQLite as
 * better-sqlite3 builds it (`SQLITE_ENABLE_STAT4`) plans such a statement anew for every value, which takes longer than to run it.
 */
export const bound = '(SELECT ?)'

/** The same of statements whose text depends on what they are for: one for each text. */
export const preparedText = preparedOnce((database) => {
  const known = new Map<string, Statement>()
  return (text: string): Statement => {
    const statement = known.get(text) ?? database.prepare(text)
    known.set(text, statement)
    return statement
  }
})
