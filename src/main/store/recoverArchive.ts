import { rmSync } from 'node:fs'
import DatabaseConstructor from 'better-sqlite3'
import { takeLock } from './archiveLock.ts'
import { distrustSchema } from './checkArchive.ts'
import { identifyFile, isSameFile, type FileIdentity } from './fileIdentity.ts'
import { locateForWriting } from './locateArchive.ts'
import { isOpenHere, refuseForeignLog } from './openToRead.ts'

/**
 * Takes back what a program that was killed had changed in part, and takes away what it left beside the archive: journal and lock.
 * Nothing is done where another program has the archive, or another file is in its place: the journal is not of that.
 */
export function recoverArchive(given: string, archive: FileIdentity): void {
  const path = locateForWriting(given)
  if (isOpenHere(path) || !isSameFile(identifyFile(path), archive)) return
  refuseForeignLog(path)
  const lock = takeLock(path)
  if (!lock) return
  try {
    const database = new DatabaseConstructor(path)
    try {
      distrustSchema(database)
      // The first look at the file is what takes back.
      database.pragma('user_version')
      // A journal that is still there is not needed, as the file was not changed yet; and while nobody else may write, it is nobody's.
      database.exec('BEGIN IMMEDIATE')
      rmSync(`${path}-journal`, { force: true })
      database.exec('ROLLBACK')
    } finally {
      database.close()
    }
  } finally {
    lock.release()
  }
}
