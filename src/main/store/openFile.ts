import { randomUUID } from 'node:crypto'
import { accessSync, constants, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import { lockArchive } from './archiveLock.ts'
import { applicationId, migrate, migrations, newerVersion, versionOf, type Migration } from './migrations/migrate.ts'
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

function checkIdentity(database: Database, path: string, steps: readonly Migration[]): void {
  const found = database.pragma('application_id', { simple: true }) as number
  if (found !== applicationId) throw unreadable(path, 'is a SQLite database, but not a Grokscope archive')
  const version = versionOf(database)
  if (version > steps.length) throw newerVersion(path, version, steps.length)
  checkSchema(database, path, steps.slice(0, version))
}

/** Refuses a file whose tables, triggers and views are not letter for letter those that the migrations make. */
function checkSchema(database: Database, path: string, steps: readonly Migration[]): void {
  const expected = new DatabaseConstructor(':memory:')
  try {
    migrate(expected, steps)
    const [given, wanted] = [schemaOf(database), schemaOf(expected)]
    if (given.length === wanted.length && given.every((definition, i) => definition === wanted[i])) return
    const stranger = given.find((definition) => !wanted.includes(definition)) ?? wanted.find((w) => !given.includes(w))
    throw unreadable(path, `has not the tables of an archive: ${stranger?.slice(0, 80)}…`)
  } finally {
    expected.close()
  }
}

function schemaOf(database: Database): string[] {
  const definitions = database
    .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_stat%' ORDER BY name")
    .pluck()
    .all() as string[]
  return definitions.map((sql) => sql.replaceAll(/\s+/g, ' '))
}

/** Types and constraints of all rows that are read without a checksum of their own. */
function checkRows(database: Database, path: string): void {
  for (const table of ['experiments', 'runs', 'documents', 'tags', 'events', 'measurementColumns', 'snapshots']) {
    const [finding] = database.pragma(`quick_check('${table}')`) as { quick_check: string }[]
    if (finding?.quick_check !== 'ok') throw unreadable(path, `is damaged: ${finding?.quick_check}`)
  }
  const orphan = database
    .prepare(
      `SELECT id FROM runs WHERE id NOT IN (SELECT runId FROM documents)
       OR experimentId NOT IN (SELECT id FROM experiments) LIMIT 1`,
    )
    .pluck()
    .get()
  if (orphan !== undefined) throw unreadable(path, `is damaged: run ${String(orphan)} lacks its specification`)
}

function lockedBy(database: Database, path: string): LabError {
  const isMade = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'writer'").get() !== undefined
  const pid = isMade ? database.prepare('SELECT pid FROM writer').pluck().get() : undefined
  const holder = typeof pid === 'number' ? `process ${pid}` : 'another process'
  return new LabError('ARCHIVE_LOCKED', `${path} is open in ${holder}, and one process at a time may write in it`)
}

function unreadable(path: string, what: string): LabError {
  return new LabError('ARCHIVE_UNREADABLE', `${path} ${what}`)
}
