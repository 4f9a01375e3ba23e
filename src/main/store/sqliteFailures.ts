import { SqliteError } from 'better-sqlite3'
import { LabError, type ErrorCode } from '../../shared/errors.ts'

/** The same object, whose functions say what SQLite's failures mean for the archive at `path`. */
export function explained<Part extends object>(path: string, part: Part): Part {
  return new Proxy(part, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      return (...input: unknown[]): unknown => explain(path, () => value.apply(target, input))
    },
  })
}

export function explain<Output>(path: string, run: () => Output): Output {
  try {
    return run()
  } catch (error) {
    const failure =
      error instanceof SqliteError ? failures.find(({ prefix }) => error.code.startsWith(prefix)) : undefined
    if (!failure) throw error
    throw new LabError(failure.code, `${path} ${failure.meaning}`, (error as InstanceType<typeof SqliteError>).code)
  }
}

const failures: readonly { prefix: string; code: ErrorCode; meaning: string }[] = [
  { prefix: 'SQLITE_NOTADB', code: 'ARCHIVE_UNREADABLE', meaning: 'is not an archive: it is no SQLite database' },
  { prefix: 'SQLITE_CORRUPT', code: 'ARCHIVE_UNREADABLE', meaning: 'is damaged' },
  { prefix: 'SQLITE_FULL', code: 'ARCHIVE_UNREADABLE', meaning: 'cannot grow: the disk is full' },
  { prefix: 'SQLITE_READONLY', code: 'ARCHIVE_UNREADABLE', meaning: 'cannot be written' },
  { prefix: 'SQLITE_PERM', code: 'ARCHIVE_UNREADABLE', meaning: 'may not be opened by this user' },
  { prefix: 'SQLITE_CANTOPEN', code: 'ARCHIVE_UNREADABLE', meaning: 'cannot be opened' },
  {
    prefix: 'SQLITE_IOERR',
    code: 'ARCHIVE_UNREADABLE',
    meaning: 'cannot be read or written: the disk reports an error',
  },
  { prefix: 'SQLITE_BUSY', code: 'ARCHIVE_LOCKED', meaning: 'is in use by another process' },
]
