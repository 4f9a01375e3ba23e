import type { Database } from 'better-sqlite3'

/** Statements that functions ask for at every call, each prepared once for a database: that takes longer than to run them. */
export function preparedOnce<Statements>(prepare: (database: Database) => Statements) {
  const known = new WeakMap<Database, Statements>()
  return (database: Database): Statements => {
    const statements = known.get(database) ?? prepare(database)
    known.set(database, statements)
    return statements
  }
}
