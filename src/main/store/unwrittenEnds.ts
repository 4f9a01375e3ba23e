import type { Database } from 'better-sqlite3'
import { errorAdvice, type ErrorRecord } from '../../shared/errors.ts'
import { isSettled, runStatuses, type RunStatus, type RunSummary } from '../../shared/run.ts'
import type { RunRecords } from './runRecords.ts'
import { name, sql } from './sql.ts'
import type { AmendedColumns } from './storedValues.ts'

/** How a run ended that could not say so itself. */
export interface RunEnd {
  status: Extract<RunStatus, 'failed' | 'cancelled' | 'interrupted'>
  error?: ErrorRecord
}

/**
 * Ends of runs that the archive could not take, because its disk is full say: told from here until it can. A run that has
 * settled stays as it is.
 */
export class UnwrittenEnds {
  readonly #database: Database
  readonly #records: RunRecords
  readonly #ends = new Map<string, RunEnd>()

  constructor(database: Database, records: RunRecords) {
    this.#database = database
    this.#records = records
  }

  add(runIds: readonly string[], end: RunEnd): void {
    for (const runId of runIds) this.#ends.set(runId, end)
    this.write()
  }

  /** Writes all that are left, or none; throws what stands against it. */
  write(): void {
    if (this.#ends.size === 0) return
    const run = this.#database.prepare(
      `UPDATE runs SET status = ?, code = ?, message = ? WHERE id = ? AND status IN (${unsettledList})`,
    )
    const document = this.#database.prepare('UPDATE documents SET advice = ? WHERE runId = ?')
    this.#records.change(this.#ends.keys(), () => {
      for (const [runId, { status, error }] of this.#ends) {
        const { changes } = run.run(status, error?.code ?? null, error?.message ?? null, runId)
        if (changes > 0) document.run(error ? errorAdvice[error.code] : null, runId)
      }
    })
    this.#ends.clear()
  }

  /** What stands in place of the columns of runs that are among them. */
  amended(): Pick<AmendedColumns, 'status' | 'code' | 'message'> {
    if (this.#ends.size === 0) return {}
    const ends = JSON.stringify(
      Object.fromEntries([...this.#ends].map(([runId, { status, error }]) => [runId, { status, ...error }])),
    )
    const amend = (column: 'status' | 'code' | 'message') => sql`(
      CASE WHEN runs.status IN (${name(unsettledList)}) AND EXISTS (SELECT 1 FROM json_each(${ends}) WHERE key = runs.id)
      THEN (SELECT value ->> ${column} FROM json_each(${ends}) WHERE key = runs.id) ELSE ${name(`runs.${column}`)} END
    )`
    return { status: amend('status'), code: amend('code'), message: amend('message') }
  }

  /** The run as it is, whatever the archive still says of it. */
  amend<Run extends Pick<RunSummary, 'id' | 'status'>>(run: Run): Run {
    const end = isSettled(run.status) ? undefined : this.#ends.get(run.id)
    if (!end) return run
    const { status, error } = end
    const told = {
      code: error?.code ?? null,
      message: error?.message ?? null,
      advice: error ? errorAdvice[error.code] : null,
    }
    const changed = Object.fromEntries(Object.entries(told).filter(([field]) => field in run))
    return { ...run, ...changed, status }
  }
}

const unsettledList = runStatuses
  .filter((status) => !isSettled(status))
  .map((status) => `'${status}'`)
  .join(', ')
