import type { Database, Statement } from 'better-sqlite3'
import { recordDifferences } from './recordDifferences.ts'
import { RecordChecksums } from './recordChecksums.ts'

/** Grows with whatever is written of runs: with all of it, and with all but how far those have come that are computed. */
export interface Revision {
  all: number
  lasting: number
  /** The runs that were written of since `all` was so much; null where that is not known, or runs came or went. */
  writtenSince: (all: number) => ReadonlySet<string> | null
}

const maxKnownChanges = 1000

/** Keeps the checksum of every run's record true, through whatever is written of it. */
export class RunRecords {
  readonly #database: Database
  readonly #checksums: RecordChecksums
  readonly #store: Statement
  readonly #revision: Revision = { all: 0, lasting: 0, writtenSince: (all) => this.#writtenSince(all) }
  /** The runs of the latest changes, the last that of `#revision.all`. */
  readonly #changes: (readonly string[] | null)[] = []
  /** Within a change, the runs whose checksums are written at its end. */
  #unsealed: Set<string> | null = null
  /** Runs whose records this process has found as they were stored, and has kept so: nobody else writes meanwhile. */
  readonly #sound = new Set<string>()

  constructor(database: Database) {
    this.#database = database
    this.#checksums = new RecordChecksums(database)
    this.#store = database.prepare('UPDATE documents SET recordChecksum = ? WHERE runId = ?')
  }

  /**
   * Writes of these runs in one transaction, that of a change around it where there is one. A record that is not what was stored keeps the checksum that says so,
   * whatever is written of it: nothing turns damage into a record.
   */
  change<Output>(runIds: Iterable<string>, write: () => Output, { isProgress = false } = {}): Output {
    const changed = [...new Set(runIds)]
    const outer = this.#unsealed
    const unsealed = (this.#unsealed = outer ?? new Set())
    const changeAll = this.#database.transaction(() => {
      for (const runId of changed) if (!unsealed.has(runId) && this.#isSound(runId)) unsealed.add(runId)
      const output = write()
      if (!outer) for (const runId of unsealed) this.#seal(runId)
      return output
    })
    try {
      return changeAll.immediate()
    } finally {
      this.#unsealed = outer
      this.#note(changed, isProgress)
    }
  }

  /** Writes of runs, whose checksums `write` keeps true itself. */
  rewrite<Output>(write: () => Output): Output {
    try {
      return this.#database.transaction(write).immediate()
    } finally {
      this.#note(null)
    }
  }

  /** To be called at the end of the transaction that has written all there is of new runs. */
  add(runIds: readonly string[]): void {
    this.#note(null)
    for (const runId of runIds) {
      this.#sound.add(runId)
      this.#seal(runId)
    }
  }

  /** To be called where runs are removed. */
  forget(runIds: readonly string[]): void {
    this.#note(null)
    for (const runId of runIds) this.#sound.delete(runId)
  }

  get revision(): Readonly<Revision> {
    return this.#revision
  }

  #note(runIds: readonly string[] | null, isProgress = false): void {
    this.#revision.all += 1
    if (!isProgress) this.#revision.lasting += 1
    this.#changes.push(runIds)
    if (this.#changes.length > maxKnownChanges) this.#changes.shift()
  }

  #writtenSince(all: number): ReadonlySet<string> | null {
    const count = this.#revision.all - all
    if (count > this.#changes.length) return null
    const changes = count === 0 ? [] : this.#changes.slice(-count)
    return changes.includes(null) ? null : new Set(changes.flatMap((runIds) => runIds!))
  }

  #isSound(runId: string): boolean {
    if (this.#sound.has(runId)) return true
    if (recordDifferences(this.#database, this.#checksums, runId).length > 0) return false
    this.#sound.add(runId)
    return true
  }

  #seal(runId: string): void {
    this.#store.run(this.#checksums.run(runId), runId)
  }
}
