import { existsSync } from 'node:fs'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import { distrustSchema } from './checkArchive.ts'
import { migrate, type Migration } from './migrations/migrate.ts'
import { openDirectly, openTaken, openTemporary, type Opened } from './openToRead.ts'
import { explain, isOfMachine } from './sqliteFailures.ts'

/** Opens a copy of the archive at `path`, which is open as `database`, that is at the newest version. */
export type Renew = (database: Database, path: string, steps: readonly Migration[]) => Opened

/** A copy that goes when it is closed. */
export const renewedCopy: Renew = (database, path, steps) =>
  openTemporary((copy) => writeRenewed(database, path, copy, steps))

/** Makes the copy where a file is named that is not there yet. */
export function renewInto(copy: string): Renew {
  return (database, path, steps) => {
    writeRenewed(database, path, copy, steps)
    return openDirectly(copy)
  }
}

/** Takes the copy that `renewInto` made in another process, and makes one where there is none. */
export function takeRenewed(copy: string): Renew {
  return (database, path, steps) => (existsSync(copy) ? openTaken(copy) : renewedCopy(database, path, steps))
}

/** Makes none: for who asks only whether it is an archive. */
export const leftAsItIs: Renew = (database) => ({ database, close: () => undefined })

/** Writes an archive to a new file, and brings that to the newest version. What the machine refuses is said of the copy too. */
function writeRenewed(database: Database, path: string, copy: string, steps: readonly Migration[]): void {
  try {
    database.prepare('VACUUM INTO ?').run(copy)
    const writable = new DatabaseConstructor(copy)
    try {
      distrustSchema(writable)
      migrate(writable, steps, { path })
    } finally {
      writable.close()
    }
  } catch (error) {
    throw isOfMachine(error) ? failureOfCopy(path, copy, error) : explained(path, error)
  }
}

function failureOfCopy(path: string, copy: string, error: unknown): unknown {
  const failure = explained(copy, error)
  if (!(failure instanceof LabError)) return failure
  const { code, message, detail } = failure
  return new LabError(code, `${path} is read in a copy that is brought to this version: ${message}`, detail)
}

function explained(path: string, error: unknown): unknown {
  try {
    return explain(path, () => {
      throw error
    })
  } catch (failure) {
    return failure
  }
}
