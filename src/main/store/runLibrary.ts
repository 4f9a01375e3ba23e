import type { Database } from 'better-sqlite3'
import type { RunMove, TagChange } from '../../shared/contract/runs.ts'
import { LabError } from '../../shared/errors.ts'
import { shelfOf, type Shelf } from '../../shared/query/runTable.ts'
import type { RunStatus } from '../../shared/run.ts'
import { tryStep } from '../../shared/tryStep.ts'
import type { MeasurementStore } from './measurements.ts'
import { removeUnusedDatasets } from './datasets.ts'
import { joinNotes } from './joinNotes.ts'
import { removeUnusedFacets } from './runFacets.ts'
import { requireStored } from './storedDocuments.ts'
import type { RunRecords } from './runRecords.ts'

/** What a person does with runs: names, notes, tags, and where they lie. */
export class RunLibrary {
  readonly #database: Database
  readonly #measurements: MeasurementStore
  readonly #records: RunRecords

  constructor(database: Database, { measurements, records }: { measurements: MeasurementStore; records: RunRecords }) {
    this.#database = database
    this.#measurements = measurements
    this.#records = records
  }

  rename(runId: string, name: string): void {
    const rename = this.#database.prepare('UPDATE runs SET name = ? WHERE id = ?')
    this.#change([runId], () => rename.run(name, runId))
  }

  renameExperiment(experimentId: string, name: string): void {
    const members = this.#database.prepare('SELECT id FROM runs WHERE experimentId = ?').pluck()
    const rename = this.#database.prepare('UPDATE experiments SET name = ? WHERE id = ?')
    this.#records.change(members.all(experimentId) as string[], () => {
      const { changes } = rename.run(name, experimentId)
      if (changes === 0) throw new LabError('NOT_FOUND', `there is no experiment "${experimentId}"`)
    })
  }

  /** Keeps notes, beside what others have written since they were those of `before`; returns what stands there then. */
  annotate(runId: string, notes: string, before?: string): string {
    const read = this.#database.prepare('SELECT notes FROM documents WHERE runId = ?').pluck()
    const annotate = this.#database.prepare('UPDATE documents SET notes = ? WHERE runId = ?')
    let kept = notes
    this.#change([runId], () => {
      if (before !== undefined) {
        const stored = requireStored(read.get(runId) as string | undefined, `the notes of run ${runId}`)
        kept = joinNotes(stored, before, notes)
      }
      annotate.run(kept, runId)
    })
    return kept
  }

  /** Returns what undoes it. */
  tag(runIds: readonly string[], { add = [], remove = [] }: Partial<Pick<TagChange, 'add' | 'remove'>>): TagChange[] {
    const undo = new Map<string, TagChange>()
    const insert = this.#database.prepare('INSERT OR IGNORE INTO tags (runId, tag) VALUES (?, ?)')
    const drop = this.#database.prepare('DELETE FROM tags WHERE runId = ? AND tag = ?')
    this.#change(runIds, ({ id }) => {
      const dropped = remove.filter((tag) => drop.run(id, tag).changes > 0)
      const added = add.filter((tag) => insert.run(id, tag).changes > 0)
      if (dropped.length + added.length === 0) return
      const key = JSON.stringify([dropped, added])
      const known = undo.get(key)
      if (known) known.runIds.push(id)
      else undo.set(key, { runIds: [id], add: dropped, remove: added })
    })
    return [...undo.values()]
  }

  /**
   * On every shelf, the bin among them, a run is whole. A run that is not settled cannot go to the bin. Returns what
   * undoes it.
   */
  move(runIds: readonly string[], to: Shelf): RunMove[] {
    const former = new Map<Shelf, string[]>()
    const place = this.#database.prepare('UPDATE runs SET archivedAt = ?, binnedAt = ? WHERE id = ?')
    const now = Date.now()
    this.#change(runIds, ({ id, status, archivedAt, binnedAt }) => {
      const from = shelfOf({ archivedAt, binnedAt })
      const members = former.get(from) ?? []
      members.push(id)
      former.set(from, members)
      if (to === 'bin' && unsettled.includes(status)) {
        throw new LabError('CONFLICT', `run ${id} is ${status}; cancel it before it goes to the bin`)
      }
      place.run(to === 'library' ? null : to === 'setAside' ? now : archivedAt, to === 'bin' ? now : null, id)
    })
    return [...former].map(([shelf, members]) => ({ runIds: members, to: shelf }))
  }

  /** Deletes runs from the bin for good, and experiments that are left without any run. */
  purge(runIds: readonly string[]): void {
    const remove = this.#database.prepare('DELETE FROM runs WHERE id = ?')
    const removeEmpty = this.#database.prepare(
      'DELETE FROM experiments WHERE id = ? AND id NOT IN (SELECT experimentId FROM runs)',
    )
    this.#records.change(runIds, () => {
      this.#change(runIds, ({ id, experimentId, binnedAt }) => {
        if (binnedAt === null) throw new LabError('CONFLICT', `run ${id} is not in the bin; only the bin is purged`)
        remove.run(id)
        removeEmpty.run(experimentId)
      })
      removeUnusedFacets(this.#database)
      removeUnusedDatasets(this.#database)
    })
    this.#records.forget(runIds)
    this.#measurements.forgetCursors()
    // They are gone, whether the file shrinks now or later.
    tryStep(
      () => this.#database.pragma('incremental_vacuum'),
      () => undefined,
    )
  }

  #change(runIds: readonly string[], change: (run: FoundRun) => void): void {
    this.#records.change(runIds, () => {
      const find = this.#database.prepare('SELECT * FROM runs WHERE id = ?')
      for (const runId of runIds) {
        const run = find.get(runId)
        if (!run) throw new LabError('NOT_FOUND', `there is no run "${runId}"`)
        change(run as FoundRun)
      }
    })
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
