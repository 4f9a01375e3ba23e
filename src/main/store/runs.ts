import type { Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import { nameThings } from '../../shared/formatting/countThings.ts'
import { isBackendKind, type BackendKind } from '../../shared/machine.ts'
import { toRunSpec, type ExperimentSpec } from '../../shared/experiment.ts'
import type { Dataset } from '../../shared/tasks/dataset.ts'
import type { FigureId } from '../../shared/papers/papers.ts'
import { quote } from '../../shared/quote.ts'
import {
  endOf,
  type InitialState,
  type Repetition,
  type RunDetail,
  type RunStatus,
  type RunSummary,
  type ShownRun,
} from '../../shared/run.ts'
import { DatasetStore, requireDataset } from './datasets.ts'
import { extendRun } from './extendRun.ts'
import { freshId } from './freshId.ts'
import { insertRun, tagRuns, type NewRun } from './insertRun.ts'
import { findRepetitions } from './repetitions.ts'
import { readRunDetail, readShownRun, readTrain } from './runDetail.ts'
import { findChosen, type RunChoice } from './runChoice.ts'
import { describeAnew, facetsToRepair, removeUnusedFacets } from './runFacets.ts'
import { preparedText } from './preparedOnce.ts'
import { RunIndex } from './runIndex.ts'
import type { RunIntegrityCheck } from './runIntegrityCheck.ts'
import type { RunRecords } from './runRecords.ts'
import { findSummary, idsOf, readSummaries, rowidsOf, statusNow } from './runSummaries.ts'
import { parameterShapes } from './matrixShape.ts'
import type { SnapshotStore } from './snapshots.ts'
import { storedExperiment, storedRunSpec } from './storedDocuments.ts'
import { RunTables } from './runTables.ts'
import { UnwrittenEnds, type RunEnd } from './unwrittenEnds.ts'

export interface NewExperiment {
  spec: ExperimentSpec
  figure?: FigureId
  /** Without these, one run for each seed of the specification. */
  runs?: NewRun[]
  /** What they are set before, where that is data from a file that the archive may not have yet. */
  dataset?: Dataset
  /** Of every one of the runs. */
  tags?: readonly string[]
}

export interface Experiment {
  id: string
  name: string
  figure: FigureId | null
  spec: ExperimentSpec
  createdAt: number
}

/** From each status, those that may follow it; a settled run is queued again to be resumed or extended. */
export const transitions: Record<RunStatus, readonly RunStatus[]> = {
  queued: ['running', 'paused', 'failed', 'cancelled', 'interrupted'],
  running: ['paused', 'finished', 'failed', 'cancelled', 'interrupted'],
  paused: ['running', 'queued', 'finished', 'failed', 'cancelled', 'interrupted'],
  finished: ['queued'],
  failed: ['queued'],
  cancelled: ['queued'],
  interrupted: ['queued'],
}

interface Parts {
  readOnly: boolean
  snapshots: SnapshotStore
  records: RunRecords
  integrity: RunIntegrityCheck
  /** Whether a program lives that writes the archive. */
  isWritten: () => boolean
}

/** Experiments and their runs: what was asked for, how far it came, how it ended. */
export class RunStore {
  readonly #database: Database
  readonly #snapshots: SnapshotStore
  readonly #records: RunRecords
  readonly #integrity: RunIntegrityCheck
  readonly #ends: UnwrittenEnds
  readonly #isWritten: () => boolean
  readonly #index: RunIndex
  readonly tables: RunTables

  constructor(database: Database, { readOnly, snapshots, records, integrity, isWritten }: Parts) {
    this.#database = database
    this.#snapshots = snapshots
    this.#records = records
    this.#integrity = integrity
    this.#isWritten = isWritten
    this.#ends = new UnwrittenEnds(database, records)
    const amended = () => this.#ends.amended()
    this.#index = new RunIndex({ database, readOnly, revision: records.revision, amended, isWritten })
    this.tables = new RunTables({ database, index: this.#index, summaries: (rowids) => this.#summaries(rowids) })
  }

  /** Refused while the end of another run cannot be written. */
  createExperiment({ spec, figure, runs, dataset, tags = [] }: NewExperiment): {
    experimentId: string
    runIds: string[]
  } {
    this.writeEnds()
    const create = this.#database.transaction(() => {
      if (dataset) new DatasetStore(this.#database).store(dataset)
      const experimentId = freshId(this.#database, 'experiments')
      // One moment for all, so that lists sorted by it keep the seeds in their order.
      const createdAt = Date.now()
      this.#database
        .prepare('INSERT INTO experiments (id, name, figure, spec, createdAt) VALUES (?, ?, ?, ?, ?)')
        .run(experimentId, spec.name, figure ?? null, JSON.stringify(spec), createdAt)
      const planned = runs ?? spec.seeds.map((seed) => ({ spec: toRunSpec(spec, seed) }))
      const runIds = planned.map((run) => insertRun(this.#database, this.#snapshots, experimentId, run, createdAt))
      for (const runId of runIds) requireDataset(this.#database, runId)
      tagRuns(this.#database, runIds, tags)
      this.#records.add(runIds)
      return { experimentId, runIds }
    })
    return create.immediate()
  }

  /** Adds a queued run to an experiment that is there. */
  addRun(experimentId: string, run: NewRun, tags: readonly string[] = []): string {
    const isThere = preparedText(this.#database)('SELECT 1 FROM experiments WHERE id = ?').get(experimentId)
    if (isThere === undefined) throw new LabError('NOT_FOUND', `there is no experiment "${experimentId}"`)
    const add = this.#database.transaction(() => {
      const runId = insertRun(this.#database, this.#snapshots, experimentId, run, Date.now())
      tagRuns(this.#database, [runId], tags)
      this.#records.add([runId])
      return runId
    })
    return add.immediate()
  }

  experiment(id: string): Experiment {
    const row = this.#database.prepare('SELECT * FROM experiments WHERE id = ?').get(id) as
      (Omit<Experiment, 'spec'> & { spec: string }) | undefined
    if (!row) throw new LabError('NOT_FOUND', `there is no experiment "${id}"`)
    return { ...row, spec: storedExperiment(row.spec, `experiment ${id}`) }
  }

  /** Newest first. Of many runs, whose summaries would fill the memory, `listIds` and then `summaries` of some at once. */
  listRuns(choice: RunChoice = {}): RunSummary[] {
    return this.#index.reading(() => this.#summaries(this.#chosen(choice)))
  }

  listIds(choice: RunChoice = {}): string[] {
    return this.#index.reading(() => idsOf(this.#database, this.#chosen(choice)))
  }

  /** In the order of the ids; those of runs that are not there are passed over. */
  summaries(runIds: readonly string[]): RunSummary[] {
    return this.#summaries(rowidsOf(this.#database, runIds))
  }

  /** By its name the newest experiment of a figure that has runs outside the bin. */
  newestExperiments(figure: FigureId): Map<string, string> {
    const rows = this.#database
      .prepare(
        `SELECT name, id FROM experiments
         WHERE figure = ? AND EXISTS (SELECT 1 FROM runs WHERE experimentId = experiments.id AND binnedAt IS NULL)
         ORDER BY createdAt, rowid`,
      )
      .raw()
      .all(figure) as [name: string, id: string][]
    return new Map(rows)
  }

  /** How many there are, the bin left out. */
  countRuns(): number {
    return this.#database.prepare('SELECT count(*) FROM runs WHERE binnedAt IS NULL').pluck().get() as number
  }

  summary(id: string): RunSummary {
    return this.#ends.amend(this.#stored(id))
  }

  run(id: string): RunDetail {
    return this.#ends.amend(readRunDetail(this.#database, this.#stored(id)))
  }

  /** The same of any run, also of one that a newer version made. */
  shown(id: string): ShownRun {
    return this.#ends.amend(readShownRun(this.#database, this.#stored(id)))
  }

  /** Other runs of the same specification. */
  repetitions(id: string): Repetition[] {
    return findRepetitions(this.#database, id)
  }

  /** The one run whose id begins with what a person typed. */
  resolve(reference: string): string {
    const ids = this.#database
      .prepare("SELECT id FROM runs WHERE id LIKE ? || '%' ESCAPE '\\' ORDER BY id = ? DESC, id LIMIT 6")
      .pluck()
      .all(reference.replaceAll(/[\\%_]/g, '\\$&'), reference) as string[]
    const [first] = ids
    if (first === undefined || reference === '') throw notFound(reference)
    if (first !== reference && ids.length > 1) {
      throw new LabError(
        'CONFLICT',
        `${quote(reference)} begins the ids of several runs: ${ids.slice(0, 5).join(', ')}`,
      )
    }
    return first
  }

  /** Whether a run was given a start, by a file or a snapshot, and does not draw it. */
  isGivenStart(runId: string): boolean {
    const given = preparedText(this.#database)('SELECT givenStart FROM documents WHERE runId = ?').get(runId)
    if (!given) throw notFound(runId)
    return (given as { givenStart: number }).givenStart === 1
  }

  /** What a run starts from if it was given a start; also once it has stored that itself as its first snapshot. */
  initialState(runId: string): InitialState | undefined {
    const document = preparedText(this.#database)('SELECT spec, givenStart, train FROM documents WHERE runId = ?').get(
      runId,
    ) as { spec: string; givenStart: number; train: Buffer | null } | undefined
    if (!document) throw notFound(runId)
    if (!document.givenStart) return undefined
    const spec = storedRunSpec(document.spec, `run ${runId}`)
    const { matrices } = this.#snapshots.readSnapshot(runId, 0)
    const names = parameterShapes(spec).map(({ name }) => name)
    const [first] = names
    if (!matrices[first!]) {
      throw new LabError('ARCHIVE_UNREADABLE', `the initial state of run ${runId} has no matrix ${first}`)
    }
    const parameters = Object.fromEntries(names.flatMap((name) => (matrices[name] ? [[name, matrices[name]]] : [])))
    const train = document.train && readTrain(runId, spec, document.train)
    return { parameters, ...(train && { train }) }
  }

  /** What a run is to be computed with, where that was asked for. Throws ARCHIVE_UNREADABLE where it is no backend. */
  backendAskedFor(runId: string): BackendKind | undefined {
    const found = preparedText(this.#database)('SELECT backend FROM documents WHERE runId = ?').get(runId)
    if (found === undefined) throw notFound(runId)
    const { backend } = found as { backend: string | null }
    if (backend === null) return undefined
    if (isBackendKind(backend)) return backend
    throw new LabError(
      'ARCHIVE_UNREADABLE',
      `the backend requested for run ${runId} is ${quote(backend)}, which does not exist`,
    )
  }

  status(runId: string): RunStatus {
    const found = preparedText(this.#database)('SELECT status FROM runs WHERE id = ?').get(runId)
    if (found === undefined) throw notFound(runId)
    const { status } = found as { status: RunStatus }
    return this.#ends.amend({ id: runId, status: statusNow(status, this.#isWritten) }).status
  }

  setStatus(runId: string, status: RunStatus): void {
    const from = this.status(runId)
    if (!transitions[from].includes(status)) {
      const allowed = transitions[from].join(', ')
      throw new LabError('CONFLICT', `run ${runId} is ${from} and cannot become ${status}; allowed: ${allowed}`)
    }
    this.#records.change([runId], () => {
      preparedText(this.#database)('UPDATE runs SET status = ? WHERE id = ?').run(status, runId)
    })
  }

  /**
   * Queues a settled run again, to continue from its latest snapshot, or to go on to more `steps`; a whole one only. One that `isLeftOver`
   * is queued already, by a process that has gone.
   */
  requeue(runId: string, { steps, isLeftOver = false }: { steps?: number; isLeftOver?: boolean } = {}): void {
    this.writeEnds()
    this.#records.change([runId], () => {
      this.#integrity.require(runId)
      const run = this.run(runId)
      if (run.binnedAt !== null) throw new LabError('CONFLICT', `run ${runId} is in the bin; restore it first`)
      if (run.status === 'finished' && steps === undefined) {
        throw new LabError(
          'CONFLICT',
          `run ${runId} is finished; to extend it, ask for more than ${endOf(run)} ${nameThings(endOf(run), 'step')}`,
        )
      }
      if (run.status === 'paused') throw new LabError('CONFLICT', `run ${runId} is paused; continue or cancel it first`)
      if (!isLeftOver) this.setStatus(runId, 'queued')
      this.#database
        .prepare(
          'UPDATE runs SET code = NULL, message = NULL, finishedAt = NULL, contentHash = NULL, resultHash = NULL WHERE id = ?',
        )
        .run(runId)
      this.#database.prepare('UPDATE documents SET advice = NULL WHERE runId = ?').run(runId)
      if (steps !== undefined) extendRun(this.#database, this.#snapshots, run, steps)
    })
  }

  /** To be called when the program starts: no worker can be left that computes these. Returns the runs it marked. */
  markInterrupted(): string[] {
    const inMotion = "status IN ('running', 'paused')"
    const runIds = this.#database.prepare(`SELECT id FROM runs WHERE ${inMotion}`).pluck().all() as string[]
    const mark = this.#database.prepare(`UPDATE runs SET status = 'interrupted' WHERE ${inMotion} RETURNING id`).pluck()
    return this.#records.change(runIds, () => mark.all() as string[])
  }

  /**
   * Stores anew what lists say of specifications, where it is damaged, lost, or of a version that had fewer fields: some
   * runs at each step, which gives those of which it was damaged or lost.
   */
  *repairFacets(): Generator<string[], void> {
    let isChanged = false
    for (const { damaged, outdated } of facetsToRepair(this.#database)) {
      const isSound = damaged.length + outdated.length === 0
      isChanged ||= !isSound
      yield isSound
        ? []
        : this.#records.rewrite(() => {
            describeAnew(this.#database, outdated)
            return describeAnew(this.#database, damaged)
          })
    }
    if (isChanged) this.#records.rewrite(() => removeUnusedFacets(this.#database))
  }

  /**
   * Ends runs that could not tell so themselves, in one transaction, and says why. Where that cannot be written it throws, and the runs have
   * ended nevertheless: whoever asks here is told so until it is written.
   */
  end(runIds: readonly string[], end: RunEnd): void {
    this.#ends.add(runIds, end)
  }

  /** Writes the ends that could not be written before. */
  writeEnds(): void {
    this.#ends.write()
  }

  /** The number that the next event of a run carries. */
  nextSequence(runId: string): number {
    return this.#column<number>(runId, 'sequence') + 1
  }

  /** How long it has been computed. */
  seconds(runId: string): number {
    return this.#column(runId, 'seconds')
  }

  experimentOf(runId: string): string {
    return this.#column(runId, 'experimentId')
  }

  /** Of a run, without all that a summary has. */
  #column<Value>(runId: string, column: 'sequence' | 'seconds' | 'experimentId'): Value {
    const found = preparedText(this.#database)(`SELECT ${column} AS value FROM runs WHERE id = ?`).get(runId)
    if (found === undefined) throw notFound(runId)
    return (found as { value: Value }).value
  }

  /** The run as the archive has it. */
  #stored(id: string): RunSummary {
    const summary = findSummary(this.#database, id, this.#isWritten)
    if (!summary) throw notFound(id)
    return summary
  }

  #chosen(choice: RunChoice): number[] {
    return findChosen(this.#database, this.#index, choice).rowids
  }

  #summaries(rowids: readonly number[]): RunSummary[] {
    return readSummaries(this.#database, rowids, this.#isWritten).map((run) => this.#ends.amend(run))
  }
}

function notFound(runId: string): LabError {
  return new LabError('NOT_FOUND', `there is no run ${quote(runId)}`)
}
