import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { applicationId, migrations } from './migrations/migrate.ts'
import { openForReading, openForWriting, writeRenewed, type Renew } from './openFile.ts'
import { isOpenHere, openDirectly, openTaken, openTemporary } from './openToRead.ts'

/** The version that this program writes. */
export const newestVersion = migrations.length

/**
 * Brings an archive to the newest version: the file itself, or where `copy` names a file that is not there yet, a copy. The
 * file's own steps are transactions in place: only the tables of a step are written anew, in free space of the file or
 * behind it, while a copy would need room for every matrix too.
 */
export function renewArchive(path: string, copy?: string): void {
  const file = copy === undefined ? openForWriting(path) : openForReading(path, migrations, renewInto(copy))
  file.close()
}

/** Takes the copy that `renewArchive` made elsewhere, and makes one where there is none. */
export function takeRenewed(copy: string): Renew {
  return (database, steps) =>
    existsSync(copy) ? openTaken(copy) : openTemporary((target) => writeRenewed(database, target, steps))
}

function renewInto(copy: string): Renew {
  return (database, steps) => {
    writeRenewed(database, copy, steps)
    return openDirectly(copy)
  }
}

/**
 * The version of an archive, where it is an earlier one than the newest, as its header says: newer entries may be in the log. Nothing
 * of what is open in this process, whose locks would go with the look, or is no archive.
 */
export function earlierVersionOf(path: string): number | undefined {
  const header = Buffer.alloc(72)
  try {
    if (!statSync(path).isFile() || isOpenHere(path)) return undefined
    const file = openSync(path, 'r')
    try {
      if (readSync(file, header, 0, header.length, 0) < header.length) return undefined
    } finally {
      closeSync(file)
    }
  } catch {
    // Whoever opens it says why that cannot be.
    return undefined
  }
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return undefined
  // https://www.sqlite.org/fileformat.html, 1.3: the user version at 60, the application's id at 68.
  const version = header.readInt32BE(60)
  const isEarlier = header.readInt32BE(68) === applicationId && version > 0 && version < newestVersion
  return isEarlier ? version : undefined
}
