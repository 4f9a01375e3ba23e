import { randomUUID } from 'node:crypto'
import { accessSync, constants, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import { lockArchive } from './archiveLock.ts'
import { checkIdentity, checkRows, unreadable } from './checkArchive.ts'
import { migrate, migrations, versionOf, type Migration } from './migrations/migrate.ts'
import { explain } from './sqliteFailures.ts'

export interface OpenFile {
  database: Database
  path: string
  close: () => void
}

/** Opens an archive to write in it, making it and the folders above it if they are not there. */
export function openForWriting(given: string, steps = migrations): OpenFile {
  const path = locateForWriting(resolve(given))
  return explain(path, () => {
    const database = new DatabaseConstructor(path)
    let lock: Database | undefined
    try {
      distrustSchema(database)
      if (!isEmpty(database)) checkIdentity(database, path, steps)
      lock = lockArchive(path)
      if (!lock) throw lockedBy(database, path)
      if (isEmpty(database)) database.pragma('auto_vacuum = INCREMENTAL')
      migrate(database, steps)
      database.pragma('journal_mode = WAL')
      database.pragma('synchronous = FULL')
      database.pragma(`journal_size_limit = ${2 ** 26}`)
      database.prepare('INSERT OR REPLACE INTO writer VALUES (1, ?, ?)').run(process.pid, Date.now())
      return { database, path, close: () => [database, lock].forEach((open) => open?.close()) }
    } catch (error) {
      database.close()
      lock?.close()
      throw error
    }
  })
}

/** Opens an archive to read in it, while others may read and one may write. */
export function openForReading(given: string, steps = migrations): OpenFile {
  const path = locateForReading(resolve(given))
  return explain(path, () => {
    const database = new DatabaseConstructor(path, { readonly: true, fileMustExist: true })
    try {
      distrustSchema(database)
      checkIdentity(database, path, steps)
      checkRows(database, path)
      if (versionOf(database) === steps.length) return { database, path, close: () => database.close() }
      const newer = migratedCopy(database, steps)
      database.close()
      return { ...newer, path }
    } catch (error) {
      database.close()
      throw error
    }
  })
}

function locateForWriting(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found) {
    refuseUnlessFile(found, path)
    if ((found.mode & 0o222) === 0 || !isAllowed(path, constants.W_OK)) throw unreadable(path, 'is read-only')
    return realpathSync(path)
  }
  const folder = dirname(path)
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw unreadable(path, `cannot be made: its folder ${folder} cannot (${(error as Error).message})`)
  }
  return join(realpathSync(folder), basename(path))
}

function locateForReading(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new LabError('NOT_FOUND', `there is no archive ${path}`)
  refuseUnlessFile(found, path)
  if (found.size === 0) throw unreadable(path, 'is empty')
  if (!isAllowed(path, constants.R_OK)) throw unreadable(path, 'may not be read by this user')
  return realpathSync(path)
}

function refuseUnlessFile(found: { isDirectory(): boolean; isFile(): boolean }, path: string): void {
  if (found.isDirectory()) throw unreadable(path, 'is a folder; an archive is a file')
  if (!found.isFile()) throw unreadable(path, 'is not a file')
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

function distrustSchema(database: Database): void {
  database.pragma('trusted_schema = OFF')
  database.pragma('cell_size_check = ON')
}

function isEmpty(database: Database): boolean {
  return database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
}

/** The archive, brought to the newest version in a copy that goes when it is closed. */
function migratedCopy(database: Database, steps: readonly Migration[]): Omit<OpenFile, 'path'> {
  const copy = join(tmpdir(), `grokscope-${randomUUID()}`)
  try {
    database.prepare('VACUUM INTO ?').run(copy)
    const writable = new DatabaseConstructor(copy)
    try {
      migrate(writable, steps)
    } finally {
      writable.close()
    }
    const newer = new DatabaseConstructor(copy, { readonly: true })
    distrustSchema(newer)
    const close = () => {
      newer.close()
      rmSync(copy, { force: true })
    }
    return { database: newer, close }
  } catch (error) {
    rmSync(copy, { force: true })
    throw error
  }
}

function lockedBy(database: Database, path: string): LabError {
  const isMade = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'writer'").get() !== undefined
  const pid = isMade ? database.prepare('SELECT pid FROM writer').pluck().get() : undefined
  const holder = typeof pid === 'number' ? `process ${pid}` : 'another process'
  return new LabError('ARCHIVE_LOCKED', `${path} is open in ${holder}, and one process at a time may write in it`)
}
