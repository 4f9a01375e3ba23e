import type { Database, Statement } from 'better-sqlite3'
import { recordDifferences } from './recordDifferences.ts'
import { RecordChecksums } from './recordChecksums.ts'

/** Grows with whatever is written of runs: with all of it, and with all but how far those have come that are computed. */
export interface Revision {
  all: number
  lasting: number
}

/** Keeps the checksum of every run's record true, through whatever is written of it. */
export class RunRecords {
  readonly #database: Database
  readonly #checksums: RecordChecksums
  readonly #store: Statement
  readonly #revision: Revision = { all: 0, lasting: 0 }
  /** Runs whose records this process has found as they were stored, and has kept so: nobody else writes meanwhile. */
  readonly #sound = new Set<string>()

  constructor(database: Database) {
    this.#database = database
    this.#checksums = new RecordChecksums(database)
    this.#store = database.prepare('UPDATE documents SET recordChecksum = ? WHERE runId = ?')
  }

  /**
   * Writes of these runs in one transaction. A record that is not what was stored keeps the checksum that says so,
   * whatever is written of it: nothing turns damage into a record.
   */
  change<Output>(runIds: Iterable<string>, write: () => Output, { isProgress = false } = {}): Output {
    const changeAll = this.#database.transaction(() => {
      const sound = [...new Set(runIds)].filter((runId) => this.#isSound(runId))
      const output = write()
      for (const runId of sound) this.#seal(runId)
      return output
    })
    try {
      return changeAll.immediate()
    } finally {
      this.#note(isProgress)
    }
  }

  /** To be called at the end of the transaction that has written all there is of new runs. */
  add(runIds: readonly string[]): void {
    this.#note()
    for (const runId of runIds) {
      this.#sound.add(runId)
      this.#seal(runId)
    }
  }

  /** To be called where runs are removed. */
  forget(runIds: readonly string[]): void {
    this.#note()
    for (const runId of runIds) this.#sound.delete(runId)
  }

  get revision(): Readonly<Revision> {
    return this.#revision
  }

  #note(isProgress = false): void {
    this.#revision.all += 1
    if (!isProgress) this.#revision.lasting += 1
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
