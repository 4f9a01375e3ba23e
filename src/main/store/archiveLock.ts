import { existsSync, rmSync } from 'node:fs'
import DatabaseConstructor, { SqliteError, type Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import { identifyFile } from './fileIdentity.ts'

/** A reader that looks whether the lock is held keeps it for a moment; longer than this, a writer has it. */
const patienceMilliseconds = 500

export interface ArchiveLock {
  readonly path: string
  readonly inode: string | undefined
  release(): void
}

export function lockPathOf(archive: string): string {
  return `${archive}.lock`
}

/**
 * Takes the lock beside an archive, or gives `undefined` where another process has it. It is an open transaction on
 * a file of its own: the system ends it with the process, however that dies.
 */
export function takeLock(archive: string): ArchiveLock | undefined {
  const path = lockPathOf(archive)
  if (existsSync(path) && !identifyFile(path)) throw noLock(path)
  const database = new DatabaseConstructor(path, { timeout: patienceMilliseconds })
  try {
    database.pragma('journal_mode = MEMORY')
    database.pragma('locking_mode = EXCLUSIVE')
    database.exec('BEGIN EXCLUSIVE')
    const inode = identifyFile(path)?.inode
    return { path, inode, release: () => release(database, inode) }
  } catch (error) {
    database.close()
    if (isBusy(error)) return undefined
    throw error instanceof SqliteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code) ? noLock(path) : error
  }
}

function noLock(path: string): LabError {
  return new LabError(
    'ARCHIVE_UNREADABLE',
    `${path} has the name of the archive’s lock but is not a lock: move it away`,
  )
}

/** Whether a process holds this lock; `unknown` where it is not there, or cannot be asked. */
export function probeLock(path: string): 'held' | 'free' | 'unknown' {
  let database: Database | undefined
  try {
    database = new DatabaseConstructor(path, { readonly: true, fileMustExist: true, timeout: 0 })
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    return 'free'
  } catch (error) {
    return isBusy(error) ? 'held' : 'unknown'
  } finally {
    database?.close()
  }
}

function release(database: Database, inode: string | undefined): void {
  const remove = () => {
    if (identifyFile(database.name)?.inode === inode) rmSync(database.name, { force: true })
  }
  // Before it is free, so that nobody can have taken it meanwhile; Windows removes no file that is open.
  if (process.platform !== 'win32') remove()
  database.close()
  if (process.platform === 'win32') remove()
}

export function isBusy(error: unknown): boolean {
  return error instanceof SqliteError && error.code.startsWith('SQLITE_BUSY')
}
