import type { Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import type { RunStatus } from '../../shared/run.ts'
import type { MeasurementStore } from './measurements.ts'

export type Shelf = 'library' | 'archived' | 'bin'

/** What a person does with runs: names, notes, tags, and where they lie. */
export class RunLibrary {
  readonly #database: Database
  readonly #measurements: MeasurementStore

  constructor(database: Database, measurements: MeasurementStore) {
    this.#database = database
    this.#measurements = measurements
  }

  rename(runId: string, name: string): void {
    this.#find(runId)
    this.#database.prepare('UPDATE runs SET name = ? WHERE id = ?').run(name, runId)
  }

  renameExperiment(experimentId: string, name: string): void {
    const { changes } = this.#database.prepare('UPDATE experiments SET name = ? WHERE id = ?').run(name, experimentId)
    if (changes === 0) throw new LabError('NOT_FOUND', `there is no experiment "${experimentId}"`)
  }

  annotate(runId: string, notes: string): void {
    this.#find(runId)
    this.#database.prepare('UPDATE documents SET notes = ? WHERE runId = ?').run(notes, runId)
  }

  tag(runIds: readonly string[], { add = [], remove = [] }: { add?: readonly string[]; remove?: readonly string[] }) {
    const insert = this.#database.prepare('INSERT OR IGNORE INTO tags (runId, tag) VALUES (?, ?)')
    const drop = this.#database.prepare('DELETE FROM tags WHERE runId = ? AND tag = ?')
    this.#forEach(runIds, ({ id }) => {
      for (const tag of remove) drop.run(id, tag)
      for (const tag of add) insert.run(id, tag)
    })
  }

  /** On every shelf, the bin among them, a run is whole. A run that is not settled cannot go to the bin. */
  move(runIds: readonly string[], to: Shelf): void {
    const place = this.#database.prepare('UPDATE runs SET archivedAt = ?, binnedAt = ? WHERE id = ?')
    const now = Date.now()
    this.#forEach(runIds, ({ id, status, archivedAt }) => {
      if (to === 'bin' && unsettled.includes(status)) {
        throw new LabError('CONFLICT', `run ${id} is ${status}; cancel it before it goes to the bin`)
      }
      place.run(to === 'library' ? null : to === 'archived' ? now : archivedAt, to === 'bin' ? now : null, id)
    })
  }

  /** Deletes runs from the bin for good, and experiments that are left without any run. */
  purge(runIds: readonly string[]): void {
    const remove = this.#database.prepare('DELETE FROM runs WHERE id = ?')
    const removeEmpty = this.#database.prepare(
      'DELETE FROM experiments WHERE id = ? AND id NOT IN (SELECT experimentId FROM runs)',
    )
    this.#forEach(runIds, ({ id, experimentId, binnedAt }) => {
      if (binnedAt === null) throw new LabError('CONFLICT', `run ${id} is not in the bin; only the bin is purged`)
      remove.run(id)
      removeEmpty.run(experimentId)
    })
    this.#measurements.forgetCursors()
    this.#database.pragma('incremental_vacuum')
  }

  #forEach(runIds: readonly string[], change: (run: FoundRun) => void): void {
    const changeAll = this.#database.transaction(() => {
      for (const runId of runIds) change(this.#find(runId))
    })
    changeAll.immediate()
  }

  #find(runId: string): FoundRun {
    const run = this.#database.prepare('SELECT * FROM runs WHERE id = ?').get(runId)
    if (!run) throw new LabError('NOT_FOUND', `there is no run "${runId}"`)
    return run as FoundRun
  }
}

const unsettled: readonly RunStatus[] = ['queued', 'running', 'paused']

interface FoundRun {
  id: string
  experimentId: string
  status: RunStatus
  archivedAt: number | null
  binnedAt: number | null
}
