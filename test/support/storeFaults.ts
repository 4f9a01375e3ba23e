import DatabaseConstructor, { SqliteError } from 'better-sqlite3'

/** SQLite's result codes, and of the extended ones those that a disk or a foreign hand brings about. */
const sqliteCodes = [
  ...['ERROR', 'INTERNAL', 'PERM', 'ABORT', 'BUSY', 'LOCKED', 'NOMEM', 'READONLY', 'INTERRUPT', 'IOERR', 'CORRUPT'],
  ...['NOTFOUND', 'FULL', 'CANTOPEN', 'PROTOCOL', 'EMPTY', 'SCHEMA', 'TOOBIG', 'CONSTRAINT', 'MISMATCH', 'MISUSE'],
  ...['NOLFS', 'AUTH', 'FORMAT', 'RANGE', 'NOTADB', 'NOTICE', 'WARNING'],
  ...['IOERR_WRITE', 'IOERR_READ', 'IOERR_SHORT_READ', 'IOERR_FSYNC', 'IOERR_TRUNCATE', 'IOERR_SHMSIZE', 'IOERR_LOCK'],
  ...['CONSTRAINT_TRIGGER', 'CONSTRAINT_FOREIGNKEY', 'CONSTRAINT_CHECK', 'BUSY_SNAPSHOT', 'READONLY_DBMOVED'],
  ...['CORRUPT_VTAB', 'CANTOPEN_FULLPATH', 'ABORT_ROLLBACK', 'LOCKED_SHAREDCACHE'],
].map((name) => `SQLITE_${name}`)

/** Everything that a store may throw, by name. */
export const faults: readonly { name: string; create(): Error }[] = [
  ...sqliteCodes.map((name) => ({ name, create: () => new SqliteError(`injected ${name}`, name) })),
  ...['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO'].map((code) => ({
    name: code,
    create: () => Object.assign(new Error(`injected ${code}`), { code }),
  })),
  { name: 'TypeError', create: () => new TypeError('injected') },
]

export interface StoreFaults {
  /**
   * Lets the writes from the `at`-th on fail, counted from now: `count` of them, or all until `heal`. Of one run alone, if it
   * is given, those that name it count and fail.
   */
  inject(at: number, create: () => Error, only?: { count?: number; runId?: string }): void
  heal(): void
  /** Writes since the last of these was called. */
  writes(): number
  restore(): void
}

/** Stands between the program and SQLite: every statement that writes, and those that begin and commit, can be made to fail. */
export function storeFaults(): StoreFaults {
  const probe = new DatabaseConstructor(':memory:')
  const prototype = Object.getPrototypeOf(probe.prepare('SELECT 1')) as {
    run(this: { source: string }, ...input: unknown[]): unknown
  }
  probe.close()
  const { run } = prototype
  let writes = 0
  let failing: { from: number; to: number; runId: string | undefined; create: () => Error } | undefined
  prototype.run = function (...input) {
    // What is to be undone is undone: SQLite has done so itself where the disk is full.
    const isMeant = failing?.runId === undefined || JSON.stringify(input).includes(failing.runId)
    if (this.source === 'ROLLBACK' || !isMeant) return run.apply(this, input)
    writes += 1
    if (failing && writes >= failing.from && writes < failing.to) throw failing.create()
    return run.apply(this, input)
  }
  return {
    inject(at, create, { count = Infinity, runId } = {}) {
      writes = 0
      failing = { from: at, to: at + count, runId, create }
    },
    heal() {
      writes = 0
      failing = undefined
    },
    writes: () => writes,
    restore: () => (prototype.run = run),
  }
}
