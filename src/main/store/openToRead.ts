import { closeSync, copyFileSync, existsSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { SqliteError, type Database } from 'better-sqlite3'
import { diskLimits, LabError } from '../../shared/errors.ts'
import { makeTemporaryFolder } from '../files/temporaryFolder.ts'
import { lockPathOf, probeLock } from './archiveLock.ts'
import { movedArchive } from './archiveWriter.ts'
import { distrustSchema, unreadable } from './checkArchive.ts'
import { identifyFile, isSameFile } from './fileIdentity.ts'

export interface Opened {
  database: Database
  close: () => void
}

/**
 * Opens a database to read in it, and leaves nothing beside it. A log that no program keeps is read in a copy, unless
 * all that SQLite needs for it is there already: to read it in place, SQLite would make files and leave them.
 */
export function openToRead(path: string): Opened {
  refuseForeignLog(path)
  if (!isOpenHere(path) && probeLock(lockPathOf(path)) !== 'held' && doesKeepLog(path)) {
    if (!existsSync(`${path}-wal`) || !existsSync(`${path}-shm`)) return openCopy(path)
  }
  try {
    return openDirectly(path)
  } catch (error) {
    if (!(error instanceof SqliteError) || !/^SQLITE_(READONLY|CANTOPEN)/.test(error.code)) throw error
    return openCopy(path)
  }
}

/** A log that was not written for this file would be taken for its newest entries. */
export function refuseForeignLog(path: string): void {
  const log = identifyFile(`${path}-wal`)
  if (!log || log.size === 0n || isOpenHere(path) || doesKeepLog(path)) return
  // A program that just opens or closes the archive makes the log, or takes it away, between two looks.
  if (!isSameFile(identifyFile(`${path}-wal`), log) || probeLock(lockPathOf(path)) === 'held') return
  throw movedArchive(path, `does not belong to the log beside it, ${path}-wal: move that away first`)
}

/** A file that goes when it is closed. */
export function openTemporary(make: (path: string) => void): Opened {
  const folder = makeTemporaryFolder()
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const path = join(folder, 'archive')
    make(path)
    const { database, close } = openDirectly(path)
    return { database, close: () => [close, remove].forEach((end) => end()) }
  } catch (error) {
    remove()
    throw error
  }
}

/** The same with a file that is there. */
export function openTaken(path: string): Opened {
  return openTemporary((target) => renameSync(path, target))
}

/** Files open in this process, by their identity: under which name, and how often. */
const openHere = new Map<string, { path: string; times: number }>()

/** Notes that a file is open here; the returned function notes that it is closed. */
export function noteOpen(path: string): () => void {
  const key = keyOf(path)
  const noted = openHere.get(key) ?? { path, times: 0 }
  openHere.set(key, noted)
  noted.times += 1
  return () => {
    noted.times -= 1
    if (noted.times === 0) openHere.delete(key)
  }
}

/** The name under which a file is open in this process: under two at once, SQLite would mix up their logs. */
export function nameOpenHere(path: string): string {
  const name = openHere.get(keyOf(path))?.path ?? path
  if (name !== path && !isSameFile(identifyFile(name), identifyFile(path))) {
    throw movedArchive(path, `is still open in this program as ${name}, from where it was moved: close it there first`)
  }
  return name
}

/** Whoever closes a file of which this process has locks gives them all back: what is open here is not touched. */
export function isOpenHere(path: string): boolean {
  return openHere.has(keyOf(path))
}

function keyOf(path: string): string {
  const file = identifyFile(path)
  return file ? `${file.device}:${file.inode}` : path
}

export function openDirectly(path: string): Opened {
  const database = new DatabaseConstructor(path, { readonly: true, fileMustExist: true })
  try {
    distrustSchema(database)
    // The first look at the file itself.
    database.pragma('user_version')
    const noteClosed = noteOpen(path)
    const close = () => {
      database.close()
      noteClosed()
    }
    return { database, close }
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * A file whose log lies beside another name, as it is. What a program is taking from the log into the file, or was when it
 * was killed, is there in part: the file may be shorter than it says. By a size of zero SQLite measures it instead
 * (https://www.sqlite.org/fileformat.html, 1.3.8); whatever is read must be what that program does not change.
 */
export function openWithoutLog(path: string): Opened {
  return openTemporary((target) => {
    copyIfThere(path, target)
    const file = openSync(target, 'r+')
    try {
      // Changes go through a journal (18 and 19), and no size is known (28 to 31).
      writeSync(file, Uint8Array.of(1, 1), 0, 2, 18)
      writeSync(file, new Uint8Array(4), 0, 4, 28)
    } finally {
      closeSync(file)
    }
  })
}

const attempts = 3

/** A copy with the log in it; of a file that is written meanwhile, another one. */
function openCopy(path: string): Opened {
  const companions = ['', '-wal', '-journal']
  const state = () => companions.map((suffix) => describe(`${path}${suffix}`)).join()
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = state()
    const copy = openTemporary((target) => {
      for (const suffix of companions) copyIfThere(`${path}${suffix}`, `${target}${suffix}`)
      recover(target)
    })
    if (state() === before) return copy
    copy.close()
  }
  throw new LabError('ARCHIVE_LOCKED', `${path} is being written by a program that does not keep its lock`)
}

function describe(path: string): string {
  const file = identifyFile(path)
  return file ? `${file.device} ${file.inode} ${file.size} ${file.modified}` : ''
}

function copyIfThere(path: string, target: string): void {
  if (!existsSync(path)) return
  try {
    copyFileSync(path, target)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    const what = `cannot be copied to ${target}, to be read there`
    if (code in diskLimits) throw new LabError('DISK_FULL', `${path} ${what}: ${diskLimits[code]}`)
    throw unreadable(path, `${what}: ${message}`)
  }
}

/** Takes what a log or a journal holds into the database. */
function recover(path: string): void {
  const database = new DatabaseConstructor(path)
  try {
    distrustSchema(database)
    database.pragma('journal_mode = DELETE')
  } finally {
    database.close()
  }
}

/** Byte 18 of a SQLite file is 1 where changes go through a journal, 2 where they go into a log. */
export function doesKeepLog(path: string): boolean {
  if (!existsSync(path)) return false
  const header = new Uint8Array(20)
  const file = openSync(path, 'r')
  try {
    readSync(file, header, 0, header.length, 0)
  } finally {
    closeSync(file)
  }
  return header[18] === 2
}
