import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import DatabaseConstructor, { SqliteError, type Database } from 'better-sqlite3'
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
    const given = openOrCopy(path)
    try {
      checkIdentity(given.database, path, steps)
      checkRows(given.database, path)
      if (versionOf(given.database) === steps.length) return { ...given, path }
      const newer = migratedCopy(given.database, steps)
      given.close()
      return { ...newer, path }
    } catch (error) {
      given.close()
      throw error
    }
  })
}

function locateForWriting(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found) {
    refuseUnlessFile(found, path)
    if ((found.mode & 0o222) === 0 || !isAllowed(path, constants.W_OK)) throw unreadable(path, 'is read-only')
    return insideWritable(realpathSync(path))
  }
  const folder = dirname(path)
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw unreadable(path, `cannot be made: its folder ${folder} cannot (${(error as Error).message})`)
  }
  return insideWritable(join(realpathSync(folder), basename(path)))
}

/** SQLite keeps its log and the lock beside the archive. */
function insideWritable(path: string): string {
  if (!isAllowed(dirname(path), constants.W_OK)) throw unreadable(path, 'is in a folder that this user may not write')
  return path
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

type Opened = Omit<OpenFile, 'path'>

/** Where SQLite may not make the files that it needs beside the archive, on a read-only medium say, a copy is read. */
function openOrCopy(path: string): Opened {
  try {
    return openReadOnly(path)
  } catch (error) {
    if (!(error instanceof SqliteError) || error.code !== 'SQLITE_READONLY_DIRECTORY') throw error
    return openTemporary((copy) => {
      copyFileSync(path, copy)
      if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`)
    })
  }
}

/** The archive, brought to the newest version in a copy. */
function migratedCopy(database: Database, steps: readonly Migration[]): Opened {
  return openTemporary((copy) => {
    database.prepare('VACUUM INTO ?').run(copy)
    const writable = new DatabaseConstructor(copy)
    try {
      distrustSchema(writable)
      migrate(writable, steps)
    } finally {
      writable.close()
    }
  })
}

/** A file that goes when it is closed. */
function openTemporary(make: (path: string) => void): Opened {
  const folder = mkdtempSync(join(tmpdir(), 'grokscope-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const path = join(folder, 'archive')
    make(path)
    const { database, close } = openReadOnly(path)
    return { database, close: () => [close, remove].forEach((end) => end()) }
  } catch (error) {
    remove()
    throw error
  }
}

function openReadOnly(path: string): Opened {
  const database = new DatabaseConstructor(path, { readonly: true, fileMustExist: true })
  try {
    distrustSchema(database)
    versionOf(database)
    return { database, close: () => database.close() }
  } catch (error) {
    database.close()
    throw error
  }
}

function lockedBy(database: Database, path: string): LabError {
  const isMade = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'writer'").get() !== undefined
  const pid = isMade ? database.prepare('SELECT pid FROM writer').pluck().get() : undefined
  const holder = typeof pid === 'number' ? `process ${pid}` : 'another process'
  return new LabError('ARCHIVE_LOCKED', `${path} is open in ${holder}, and one process at a time may write in it`)
}
