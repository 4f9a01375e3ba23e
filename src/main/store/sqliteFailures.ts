import { SqliteError } from 'better-sqlite3'
import { diskLimits, LabError, type ErrorCode } from '../../shared/errors.ts'
import { diskLimit } from './diskLimit.ts'
import { fileSystem, type FileSystem } from './fileSystem.ts'

interface Guards {
  /** Throws where the archive is no longer there, which is then the reason for whatever failed. */
  check: () => void
  /** Which functions only read. */
  reads: (name: string) => boolean
  /** Whether it is looked for before and after each, so that nothing is read of what was put in its place. */
  isKept: boolean
}

/** The same object, whose functions say what failures mean for the archive at `path`. */
export function explained<Part extends object>(path: string, part: Part, { check, reads, isKept }: Guards): Part {
  return new Proxy(part, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      const guard = reads(String(key)) ? reading : explain
      return (...input: unknown[]): unknown => {
        const call = (): unknown => value.apply(target, input)
        return guard(path, isKept ? () => between(check, call) : call, { check })
      }
    },
  })
}

function between<Output>(check: () => void, run: () => Output): Output {
  check()
  const output = run()
  check()
  return output
}

export function explain<Output>(
  path: string,
  run: () => Output,
  { check = () => {}, place = fileSystem }: { check?: () => void; place?: FileSystem } = {},
): Output {
  try {
    return run()
  } catch (error) {
    check()
    const ofSystem = diskLimits[(error as NodeJS.ErrnoException).code ?? '']
    if (ofSystem) throw new LabError('DISK_FULL', `${path} cannot grow: ${ofSystem}`)
    if (!(error instanceof SqliteError)) throw error
    const limit = failedWrite.test(error.code) ? diskLimit(path) : undefined
    if (limit) throw new LabError('DISK_FULL', `${path} cannot grow: ${limit}`, error.code)
    if (isUnsuitable(error.code, path, place)) throw unsuitableFileSystem(path, place, error.code)
    const failure = failures.find(({ prefix }) => error.code.startsWith(prefix))
    if (!failure) throw error
    throw new LabError(failure.code, `${path} ${failure.meaning}`, error.code)
  }
}

export function unsuitableFileSystem(path: string, place: FileSystem, detail?: string): LabError {
  const what = 'where files cannot be locked or shared in memory as an archive needs it; nobody else has it open'
  return new LabError('FILE_SYSTEM', `${path} lies on ${place.describe(path)}, ${what}`, detail)
}

/** Whether it is the file system that refuses. SQLite says "busy" too where the system answers ENOLCK. */
function isUnsuitable(code: string, path: string, place: FileSystem): boolean {
  if (code === 'SQLITE_IOERR_SHMSIZE') return !place.isFull(path)
  if (refusals.some((prefix) => code.startsWith(prefix))) return true
  return /^SQLITE_(BUSY|CANTOPEN)/.test(code) && place.canLock(path) === false
}

const refusals = [
  'SQLITE_PROTOCOL',
  'SQLITE_NOLFS',
  'SQLITE_IOERR_SHM',
  'SQLITE_IOERR_LOCK',
  'SQLITE_IOERR_RDLOCK',
  'SQLITE_IOERR_UNLOCK',
  'SQLITE_IOERR_CHECKRESERVEDLOCK',
]

/** What may mean that there is no room, in SQLite's words for every other error of a disk. */
const failedWrite = /^SQLITE_IOERR(_(WRITE|FSYNC|DIR_FSYNC|TRUNCATE|SHMOPEN|SHMSIZE|SHMMAP))?$/

/**
 * Whatever else goes wrong while an archive is read is said of the archive too. What SQLite finds wrong with a file is no
 * defect of this program; of any other error the log is given the cause.
 */
export function reading<Output>(path: string, read: () => Output, options: { check?: () => void } = {}): Output {
  try {
    return explain(path, read, options)
  } catch (error) {
    if (error instanceof LabError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    const message = `${path} is damaged: ${reason}`
    if (error instanceof SqliteError) throw new LabError('ARCHIVE_UNREADABLE', message, error.code)
    throw new LabError('ARCHIVE_UNREADABLE', message, undefined, { cause: error })
  }
}

const failures: readonly { prefix: string; code: ErrorCode; meaning: string }[] = [
  { prefix: 'SQLITE_NOTADB', code: 'ARCHIVE_UNREADABLE', meaning: 'is not an archive: it is no SQLite database' },
  { prefix: 'SQLITE_CORRUPT', code: 'ARCHIVE_UNREADABLE', meaning: 'is damaged' },
  { prefix: 'SQLITE_FULL', code: 'DISK_FULL', meaning: 'cannot grow: the disk is full' },
  { prefix: 'SQLITE_READONLY', code: 'ARCHIVE_UNREADABLE', meaning: 'cannot be written' },
  { prefix: 'SQLITE_PERM', code: 'ARCHIVE_UNREADABLE', meaning: 'may not be opened by this user' },
  { prefix: 'SQLITE_CANTOPEN', code: 'ARCHIVE_UNREADABLE', meaning: 'cannot be opened' },
  {
    prefix: 'SQLITE_IOERR',
    code: 'ARCHIVE_UNREADABLE',
    meaning: 'cannot be read or written: the disk reports an error',
  },
  {
    prefix: 'SQLITE_CONSTRAINT',
    code: 'ARCHIVE_UNREADABLE',
    meaning: 'refuses what is written: a rule or a trigger in it stands against it',
  },
  { prefix: 'SQLITE_NOMEM', code: 'OUT_OF_MEMORY', meaning: 'needs more memory than this machine has left' },
  { prefix: 'SQLITE_BUSY', code: 'ARCHIVE_LOCKED', meaning: 'is in use by another process' },
]

/** Whether it stands against any change of the file, whatever is changed. */
export function isOfMachine(error: unknown): boolean {
  if (error instanceof SqliteError)
    return /^SQLITE_(BUSY|FULL|IOERR|READONLY|NOMEM|CANTOPEN|PERM|PROTOCOL|NOLFS)/.test(error.code)
  return ((error as NodeJS.ErrnoException).code ?? '') in diskLimits
}
