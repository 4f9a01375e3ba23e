import DatabaseConstructor, { type Database, type Statement } from 'better-sqlite3'
import { onTestFinished } from 'vitest'

/** What is about to be asked of SQLite, and of which database. */
export interface Asked {
  database: Database
  sql: string
  how: (typeof ofDatabases)[number] | (typeof ofStatements)[number]
}

const ofDatabases = ['prepare', 'pragma', 'exec'] as const
const ofStatements = ['run', 'get', 'all', 'iterate'] as const

/**
 * Lets something happen before everything that is asked of a database in a file, by whatever call, until the test ends or the
 * returned function is called. What it asks itself is not told of; what it throws is thrown in the place of the answer.
 */
export function beforeEveryStatement(happen: (asked: Asked) => void): () => void {
  let isHappening = false
  const tell = (asked: Asked) => {
    if (isHappening || asked.database.name === ':memory:') return
    isHappening = true
    try {
      happen(asked)
    } finally {
      isHappening = false
    }
  }
  const probe = new DatabaseConstructor(':memory:')
  const statements = Object.getPrototypeOf(probe.prepare('SELECT 1')) as Statement
  probe.close()
  const restore = [
    ...ofDatabases.map((how) =>
      intercept(DatabaseConstructor.prototype as Database, how, (database, sql) =>
        tell({ database, sql: String(sql), how }),
      ),
    ),
    ...ofStatements.map((how) =>
      intercept(statements, how, ({ database, source }) => tell({ database, sql: source, how })),
    ),
  ]
  const end = () => restore.splice(0).forEach((restoreOne) => restoreOne())
  onTestFinished(end)
  return end
}

function intercept<Of extends object>(
  prototype: Of,
  name: keyof Of,
  before: (self: Of, ...input: unknown[]) => void,
): () => void {
  const original = prototype[name] as (...input: unknown[]) => unknown
  prototype[name] = function (this: Of, ...input: unknown[]) {
    before(this, ...input)
    return original.apply(this, input)
  } as Of[keyof Of]
  return () => void (prototype[name] = original as Of[keyof Of])
}
