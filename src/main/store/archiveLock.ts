import DatabaseConstructor, { SqliteError, type Database } from 'better-sqlite3'

/**
 * Takes the right to write an archive, or gives `undefined` where another process has it. The right is an open
 * transaction on a file beside the archive: the system ends it with the process, however that dies.
 */
export function lockArchive(path: string): Database | undefined {
  const lock = new DatabaseConstructor(`${path}.lock`, { timeout: 0 })
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if (error instanceof SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined
    throw error
  }
}
