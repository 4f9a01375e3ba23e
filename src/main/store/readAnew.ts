import DatabaseConstructor, { SqliteError, type Database } from 'better-sqlite3'

/** Asks the file at a path and not what a connection remembers of it; undefined where it is no archive, or does not fit its log. */
export function readAnew<Answer>(path: string, read: (database: Database) => Answer): Answer | undefined {
  let fresh: Database | undefined
  try {
    fresh = new DatabaseConstructor(path, { readonly: true, fileMustExist: true })
    return read(fresh)
  } catch (error) {
    if (error instanceof SqliteError && foreign.some((code) => error.code.startsWith(code))) return undefined
    throw error
  } finally {
    fresh?.close()
  }
}

/** What it means to SQLite that a file is no archive, has other tables, or does not fit its log. */
const foreign = ['SQLITE_NOTADB', 'SQLITE_CORRUPT', 'SQLITE_ERROR']
