import { utimesSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { heartbeatMilliseconds, lockedArchive, movedArchive, writerOf, type ArchiveWriter } from './archiveWriter.ts'
import { identifyFile, isSameFile } from './fileIdentity.ts'
import { readAnew } from './readAnew.ts'

/** Keeps an eye on the archive that this process writes. */
export interface WriterWatch {
  /** Refuses to go on where the file at the path is no longer the archive, or is another process's to write. */
  check(): void
  /** Whether something else was written into the file itself; false where that cannot be told. */
  isOverwritten(): boolean
  end(): void
}

export function watchArchive(database: Database, writer: ArchiveWriter): WriterWatch {
  const { path, token } = writer
  const tokenNow = database.prepare('SELECT token FROM writer').pluck()
  let seen = identifyFile(path)
  const isThere = () => isSameFile(identifyFile(path), writer)
  /** The file is written without this process only by someone who knows nothing of SQLite, `cp` say. */
  const isOverwritten = () => {
    const now = identifyFile(path)
    if (now?.modified === seen?.modified && now?.size === seen?.size) return false
    if (!holdsToken(path, token)) return true
    seen = now
    return false
  }
  const heartbeat = setInterval(() => touch(path, isThere), heartbeatMilliseconds).unref()

  return {
    check() {
      if (!isThere()) throw movedArchive(path, 'was moved, deleted or replaced while it was open')
      if (isOverwritten()) throw movedArchive(path, 'was overwritten by another file while it was open')
      if (tokenNow.get() !== token) throw lockedArchive(path, writerOf(database, path))
    },
    isOverwritten() {
      try {
        return isThere() && isOverwritten()
      } catch {
        return false
      }
    },
    end: () => clearInterval(heartbeat),
  }
}

function holdsToken(path: string, token: string): boolean {
  return readAnew(path, (database) => database.prepare('SELECT token FROM writer').pluck().get() === token) ?? false
}

function touch(path: string, isThere: () => boolean): void {
  try {
    if (isThere()) utimesSync(path, new Date(), new Date())
  } catch {
    // Other hosts then judge by what is written.
  }
}
