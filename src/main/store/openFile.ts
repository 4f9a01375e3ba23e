import { rmSync } from 'node:fs'
import DatabaseConstructor, { SqliteError, type Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import { isBusy, takeLock, type ArchiveLock } from './archiveLock.ts'
import {
  claimArchive,
  isBeingWritten,
  livingWriter,
  lockedArchive,
  movedArchive,
  nameOfLog,
  refuseTakenPlace,
  releaseArchive,
  writerOf,
  type ArchiveWriter,
} from './archiveWriter.ts'
import { checkIdentity, checkRows, distrustSchema } from './checkArchive.ts'
import { identifyFile, isSameFile, type FoundFile } from './fileIdentity.ts'
import { fileSystem } from './fileSystem.ts'
import { locateForReading, locateForWriting } from './locateArchive.ts'
import { applicationId, applicationOf, migrate, migrations, versionOf, type Migration } from './migrations/migrate.ts'
import {
  doesKeepLog,
  nameOpenHere,
  noteOpen,
  openToRead,
  openWithoutLog,
  refuseForeignLog,
  type Opened,
} from './openToRead.ts'
import { readAnew } from './readAnew.ts'
import { renewedCopy, type Renew } from './renewedCopy.ts'
import { reading, unsuitableFileSystem } from './sqliteFailures.ts'
import { guardWrites } from './writeGuard.ts'
import { watchArchive } from './writerWatch.ts'

export interface OpenFile {
  database: Database
  path: string
  /** Whether a living program writes it: without one, no run in it is running. */
  isWritten: () => boolean
  /** Throws where the file at the path is no longer what was opened, or what was opened to be read is closed. */
  check: () => void
  close: () => void
}

/** How often it is tried again where programs that come at once by different names keep a log from each other. */
const collisions = 8
/** The more come at once, the further apart they must come: each pause may be twice as long as the one before. */
const firstPauseMilliseconds = 200
const longestPauseMilliseconds = 2000

/** Opens an archive to write in it, making it and the folders above it if they are not there. */
export function openForWriting(given: string, steps = migrations): OpenFile {
  for (let collision = 0; collision < collisions; collision++) {
    const file = tryToWrite(given, steps)
    if (file) return file
    pause(Math.random() * Math.min(firstPauseMilliseconds * 2 ** collision, longestPauseMilliseconds))
  }
  throw lockedArchive(given, undefined)
}

/** Gives nothing where another program keeps the log, of which this one is rid then too. */
function tryToWrite(given: string, steps: readonly Migration[]): OpenFile | undefined {
  const path = nameOpenHere(locateForWriting(given))
  const open = () => {
    refuseForeignLog(path)
    const database = new DatabaseConstructor(path)
    const file = identifyFile(path)
    const requireFile = () => {
      if (file && isSameFile(identifyFile(path), file)) return file
      throw movedArchive(path, 'was moved, deleted or replaced while it was being opened')
    }
    let lock: ArchiveLock | undefined
    try {
      distrustSchema(database)
      if (!isEmpty(database)) {
        checkIdentity(database, path, steps)
        const name = nameOfLog(database, path)
        if (name !== path) {
          leaveName(database, path)
          return tryToWrite(name, steps)
        }
      }
      lock = takeLock(path)
      const other = livingWriter(database, path, lock)
      if (!lock && !other && fileSystem.canLock(path) === false) throw unsuitableFileSystem(path, fileSystem)
      if (!lock || other) throw lockedArchive(path, other)
      const gone = writerOf(database, path)
      if (isEmpty(database)) database.pragma('auto_vacuum = INCREMENTAL')
      else {
        checkRows(database, path)
        if (!settleLog(database, path)) {
          database.close()
          lock.release()
          return undefined
        }
      }
      migrate(database, steps, { check: requireFile })
      const writer = claimArchive(database, path, { lock, gone, file: requireFile() })
      return beginToWrite({ database, writer, lock, reader: openLog(database, writer) })
    } catch (error) {
      database.close()
      lock?.release()
      // It is the reason then for whatever failed.
      if (file) requireFile()
      throw error
    }
  }
  return reading(path, () => followingLog(path, open, (name) => tryToWrite(name, steps)))
}

/** Opens an archive to read in it, while others may read and one may write: one of an earlier version in the copy that `renew` makes. */
export function openForReading(given: string, steps = migrations, renew: Renew = renewedCopy): OpenFile {
  const path = nameOpenHere(locateForReading(given))
  const open = () => {
    const file = identifyFile(path)
    const opened = openToRead(path)
    try {
      checkIdentity(opened.database, path, steps)
      const name = nameOfLog(opened.database, path)
      if (name !== path) {
        opened.close()
        return openForReading(name, steps, renew)
      }
      refuseTakenPlace(opened.database, path)
      checkRows(opened.database, path)
      if (versionOf(opened.database) === steps.length) return readable(opened, path, file)
      const newer = renew(opened.database, path, steps)
      opened.close()
      return readable(newer, path, file)
    } catch (error) {
      opened.close()
      throw error
    }
  }
  return reading(path, () => followingLog(path, open, (name) => openForReading(name, steps, renew)))
}

/** Opens a file that cannot be read without the log beside another name of it by that name. */
function followingLog<File>(path: string, open: () => File, openAs: (name: string) => File): File {
  try {
    return open()
  } catch (error) {
    const isDamaged = error instanceof SqliteError && error.code.startsWith('SQLITE_CORRUPT')
    const name = isDamaged && doesKeepLog(path) ? nameInFile(path) : path
    if (name === path) throw error
    return openAs(name)
  }
}

function nameInFile(path: string): string {
  const { database, close } = openWithoutLog(path)
  try {
    return nameOfLog(database, path)
  } finally {
    close()
  }
}

/** Closes a database and takes away what SQLite made beside a name under which nobody writes. */
function leaveName(database: Database, path: string): void {
  database.close()
  if (identifyFile(`${path}-wal`)?.size === 0n) removeLog(path)
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

function isEmpty(database: Database): boolean {
  return database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
}

/**
 * Takes the log into the file, where two programs that come by different names see what each other writes; says whether
 * that could be. While a reader keeps the log it cannot; of a file with one name it may stay, since there is no other log
 * of it.
 */
function settleLog(database: Database, path: string): boolean {
  database.pragma('busy_timeout = 500')
  try {
    database.pragma('journal_mode = DELETE')
    return true
  } catch (error) {
    if (!isBusy(error)) throw error
    return identifyFile(path)?.names === 1n
  } finally {
    database.pragma('busy_timeout = 5000')
  }
}

/**
 * Lets changes go into a log beside the file, and opens a second connection on it that only reads: whoever closes a
 * log as the last writes it into the file, unless it is such a one.
 */
function openLog(database: Database, writer: ArchiveWriter): Database {
  let reader: Database | undefined
  try {
    // The claim must stand in the file itself, where it is seen under every name, not in a log beside one of them.
    database.pragma('wal_checkpoint(TRUNCATE)')
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma(`journal_size_limit = ${2 ** 26}`)
    // SQLite looks for the file by its name to open the log: of one that was moved, only a connection that has it open already can end it.
    database.pragma('user_version')
    reader = new DatabaseConstructor(writer.path, { readonly: true })
    reader.pragma('user_version')
    return reader
  } catch (error) {
    reader?.close()
    endLog(database, writer)
    throw error
  }
}

/** Leaves one plain file, readable anywhere; while another reader keeps the log, that stays, with nothing in it. */
function endLog(database: Database, writer: ArchiveWriter): void {
  try {
    releaseArchive(database, writer)
    database.pragma('busy_timeout = 0')
    database.pragma('wal_checkpoint(TRUNCATE)')
    database.pragma('journal_mode = DELETE')
  } catch {
    // Nothing of it must be done now: what is stored is in the file or in its log, and the next writer finds it there.
  }
}

/** Until it is closed a lock must not go with the last reference to its archive. */
const held = new Set<OpenToWrite>()

interface OpenToWrite {
  database: Database
  reader: Database
  writer: ArchiveWriter
  lock: ArchiveLock
}

function beginToWrite(open: OpenToWrite): OpenFile {
  const { database, writer, lock } = open
  const { path } = writer
  const noteClosed = noteOpen(path)
  const watch = watchArchive(database, writer)
  guardWrites(database, watch.check)
  held.add(open)
  const close = () => {
    if (!held.delete(open)) return
    watch.end()
    if (watch.isOverwritten()) leaveOverwritten(open)
    else leave(open)
    noteClosed()
    lock.release()
  }
  return { database, path, isWritten: () => true, check: watch.check, close }
}

function leave({ database, reader, writer }: OpenToWrite): void {
  reader.close()
  endLog(database, writer)
  database.close()
}

/** What the log holds is of the file that was there, and must not get into the one that took its place. */
function leaveOverwritten({ database, reader }: OpenToWrite): void {
  database.close()
  reader.close()
  removeLog(database.name)
}

function removeLog(path: string): void {
  for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
}

/** What has taken the place of `file` may have a log, which SQLite finds by its name and would read into what it has open. */
function readable({ database, close }: Opened, path: string, file: FoundFile | undefined): OpenFile {
  const isCopy = database.name !== path
  // One that was looked at alone is closed already.
  const [kind, version] = database.open ? [kindIn(database), versionOf(database)] : ['', 0]
  let seen = file
  const check = () => {
    if (!database.open) throw new LabError('NOT_FOUND', `${path} was closed while it was being read; open it again`)
    const now = identifyFile(path)
    // Nothing holds a file that is read in a copy: some file systems give it another number when they look again.
    const isThere = now && (isSameFile(now, file) || (isCopy && isUnchanged(now, file)))
    if (!isThere) {
      throw movedArchive(path, 'was moved, deleted or replaced since it was opened; nothing more is read of it')
    }
    if (isCopy || isUnchanged(now, seen)) return
    if (!isReadAsItIs(database, path, kind)) {
      const what = 'was overwritten by another file since it was opened; nothing more is read of it'
      throw upgradedArchive(path, version) ?? movedArchive(path, what)
    }
    seen = now
  }
  return { database, path, isWritten: () => isBeingWritten(database, path), check, close }
}

function isUnchanged(now: FoundFile, before: FoundFile | undefined): boolean {
  return now.modified === before?.modified && now.size === before.size
}

/**
 * Whoever knows nothing of SQLite, `cp` say, leaves a connection with pages of the file before beside those of the one now. Another archive of
 * the same version that is read whole is not told from what a program has written.
 */
function isReadAsItIs(database: Database, path: string, kind: string): boolean {
  // Between both looks another program may have written in it.
  const isAlike = (now: Database) =>
    kindIn(now) === kind && Array.from({ length: 3 }).some(() => runsIn(database) === runsIn(now))
  return readAnew(path, isAlike) ?? false
}

/** Where a newer version has brought it to one of its own meanwhile, that. */
function upgradedArchive(path: string, version: number): LabError | undefined {
  const found = readAnew(path, (now) => (applicationOf(now) === applicationId ? versionOf(now) : 0)) ?? 0
  if (found <= version) return undefined
  const what = `was upgraded to version ${found} by a newer Grokscope since it was opened; nothing more is read of it`
  return new LabError('ARCHIVE_NEWER', `${path} ${what}`)
}

/** What no program that writes an archive changes: whose file it is, in which version, with which tables. */
function kindIn(database: Database): string {
  return ['application_id', 'user_version', 'schema_version']
    .map((name) => String(database.pragma(name, { simple: true })))
    .join(' ')
}

function runsIn(database: Database): string {
  return JSON.stringify(database.prepare('SELECT count(*), min(id), max(id) FROM runs').raw().get())
}
