import type { Database, Statement } from 'better-sqlite3'

/**
 * Lets `check` refuse the first write of every transaction, within it, and every write outside of one; reading goes on.
 * It holds for each statement that the database prepares from now on, so that no way of writing can be forgotten.
 */
export function guardWrites(database: Database, check: () => void): void {
  let isChecked = false
  const ensure = () => {
    if (isChecked && database.inTransaction) return
    check()
    isChecked = true
  }
  const prepare = database.prepare.bind(database) as (sql: string) => Statement
  const transaction = database.transaction.bind(database)

  database.prepare = ((sql: string) => {
    const statement = prepare(sql)
    return statement.readonly ? statement : guarded(statement, ensure)
  }) as Database['prepare']
  database.transaction = ((run: (...input: unknown[]) => unknown) =>
    transaction((...input: unknown[]) => {
      isChecked = false
      return run(...input)
    })) as Database['transaction']
}

function guarded(statement: Statement, ensure: () => void): Statement {
  for (const way of ['run', 'get', 'all', 'iterate'] as const) {
    const execute = statement[way].bind(statement) as (...input: unknown[]) => never
    statement[way] = (...input: unknown[]) => {
      ensure()
      return execute(...input)
    }
  }
  return statement
}
