import { resolve } from 'node:path'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import type { FiguresTaken } from '../../shared/contract/archives.ts'
import { LabError } from '../../shared/errors.ts'
import type { RunSpec } from '../../shared/experiment.ts'
import { openDraft } from '../files/draft.ts'
import { copyDataset } from './datasets.ts'
import { FigureStore } from './figures.ts'
import { freshId } from './freshId.ts'
import { insertRow } from './insertRow.ts'
import { migrate } from './migrations/migrate.ts'
import { openForReading } from './openFile.ts'
import { copyFacets, storeFacets } from './runFacets.ts'
import { runHashes } from './runHashes.ts'
import { RunIntegrityCheck } from './runIntegrityCheck.ts'
import type { RunRecords } from './runRecords.ts'
import { SnapshotStore } from './snapshots.ts'
import { specificationHash } from './specificationHash.ts'
import { explain } from './sqliteFailures.ts'
import { requireStored, storedRunSpec } from './storedDocuments.ts'

export interface ImportOutcome extends FiguresTaken {
  /** Ids in this archive. */
  imported: string[]
  /** Ids in the other archive of runs that are here already, by content. */
  alreadyPresent: string[]
  /** Those that are not what was stored of them, or that a newer version made, and what differs or is not known. */
  refused: { runId: string; findings: string[] }[]
}

/** Tables whose rows belong to a run, each after those it refers to. */
const tablesOfRun = [
  'documents',
  'tags',
  'latest',
  'events',
  'measurementColumns',
  'hotRows',
  'parts',
  'chunks',
  'snapshots',
  'matrices',
] as const

/** Carries runs from one archive file to another. */
export class RunExchange {
  readonly #database: Database
  readonly #records: RunRecords

  constructor(database: Database, records: RunRecords) {
    this.#database = database
    this.#records = records
  }

  /** Writes runs with everything that belongs to them to a new archive; it appears at `path` when it is complete. */
  async exportRuns(runIds: readonly string[], path: string): Promise<void> {
    const file = resolve(path)
    const draft = await openDraft(file)
    try {
      explain(file, () => this.#write(runIds, draft.path))
      await draft.place()
    } finally {
      await draft.discard()
    }
  }

  /**
   * Takes over the runs of another archive, all of them or those named, but for those that are here already: of the same
   * specification, however it was written, and with the same bits. Where one of them cannot be, none is. With all runs come the
   * figures of them that are not here.
   */
  importRuns(path: string, runIds?: readonly string[]): ImportOutcome {
    const { database: source, close } = openForReading(path)
    try {
      const given = runIds ?? (source.prepare('SELECT id FROM runs ORDER BY rowid').pluck().all() as string[])
      const outcome: ImportOutcome = {
        ...{ imported: [], alreadyPresent: [], refused: [] },
        ...{ figures: 0, figuresDiffering: 0, figuresWithoutRoom: 0 },
      }
      const ids: KnownIds = { runs: new Map(), taken: new Set(), experiments: new Map() }
      const integrity = new RunIntegrityCheck(source, new SnapshotStore(source))
      const takeAll = this.#database.transaction(() => {
        this.#hashSettledRuns()
        for (const runId of parentsFirst(source, given)) {
          const newer = integrity.newer(runId)
          const findings = newer === null ? integrity.checkWhole(runId).findings : [newer]
          if (findings.length > 0) {
            outcome.refused.push({ runId, findings })
            continue
          }
          const taken = this.#take(source, runId, ids)
          if (taken) outcome.imported.push(taken)
          else outcome.alreadyPresent.push(runId)
        }
        if (!runIds) Object.assign(outcome, takeFigures(source, this.#database, ids))
      })
      // One reading of the other archive, which its owner may be writing.
      source.transaction(() => takeAll.immediate())()
      return outcome
    } finally {
      close()
    }
  }

  #write(runIds: readonly string[], file: string): void {
    const target = new DatabaseConstructor(file)
    try {
      target.pragma('auto_vacuum = INCREMENTAL')
      migrate(target)
      const write = target.transaction(() => {
        for (const runId of runIds) {
          const run = runRow(this.#database, runId)
          const experiment = experimentRow(this.#database, run.experimentId)
          const isThere = target.prepare('SELECT 1 FROM experiments WHERE id = ?').get(experiment.id)
          if (!isThere) insertRow(target, 'experiments', experiment)
          insertRow(target, 'runs', run)
          copyFacets(this.#database, target, run.setup)
          copyDataset(this.#database, target, runId)
          copyTables(this.#database, target, runId, runId)
        }
      })
      // One reading of this archive, which another program may be writing.
      this.#database.transaction(() => write())()
    } finally {
      target.close()
    }
  }

  /** The run's id in this archive, or `undefined` where its like is here. */
  #take(source: Database, runId: string, ids: KnownIds): string | undefined {
    const run = runRow(source, runId)
    const spec = specOf(source, runId)
    const hashes = runHashes(source, runId)
    const requested = specificationHash(spec)
    const alike = this.#database
      .prepare('SELECT id FROM runs WHERE specificationHash = ? AND resultHash = ? ORDER BY rowid')
      .pluck()
      .all(requested, hashes.resultHash) as string[]
    // Two that are alike there are two here as well: each has its name, notes and tags.
    const present = alike.find((id) => !ids.taken.has(id))
    if (present !== undefined) {
      ids.runs.set(runId, present)
      return undefined
    }
    const id = this.#idFor('runs', runId)
    ids.runs.set(runId, id)
    ids.taken.add(id)
    insertRow(this.#database, 'runs', {
      ...run,
      setup: storeFacets(this.#database, spec),
      id,
      experimentId: this.#experimentFor(source, run.experimentId, ids.experiments),
      parentRunId: ids.runs.get(run.parentRunId ?? '') ?? run.parentRunId,
      status: inMotion.includes(run.status) ? 'interrupted' : run.status,
      specificationHash: requested,
      ...hashes,
    })
    copyDataset(source, this.#database, runId)
    copyTables(source, this.#database, runId, id)
    this.#records.add([id])
    return id
  }

  #experimentFor(source: Database, experimentId: string, taken: Map<string, string>): string {
    const known = taken.get(experimentId)
    if (known !== undefined) return known
    const experiment = experimentRow(source, experimentId)
    const isSame = this.#database.prepare('SELECT 1 FROM experiments WHERE id = ? AND spec = ? AND createdAt = ?')
    const isThere = isSame.get(experimentId, experiment.spec, experiment.createdAt) !== undefined
    const id = isThere ? experimentId : this.#idFor('experiments', experimentId)
    if (!isThere) insertRow(this.#database, 'experiments', { ...experiment, id })
    taken.set(experimentId, id)
    return id
  }

  /** The id itself where it is free. */
  #idFor(table: 'runs' | 'experiments', id: string): string {
    const isTaken = this.#database.prepare(`SELECT 1 FROM ${table} WHERE id = ?`).get(id) !== undefined
    return isTaken || !/^[a-z0-9]{4,40}$/.test(id) ? freshId(this.#database, table) : id
  }

  /** Runs that ended without settling have no hash yet; one that is damaged is like no other. */
  #hashSettledRuns(): void {
    const store = this.#database.prepare(
      'UPDATE runs SET contentHash = @contentHash, resultHash = @resultHash WHERE id = @runId',
    )
    const integrity = new RunIntegrityCheck(this.#database, new SnapshotStore(this.#database))
    const unhashed = this.#database
      .prepare("SELECT id FROM runs WHERE contentHash IS NULL AND status NOT IN ('queued', 'running', 'paused')")
      .pluck()
      .all() as string[]
    for (const runId of unhashed) {
      if (integrity.check(runId).hash === 'differs') continue
      this.#records.change([runId], () => store.run({ runId, ...runHashes(this.#database, runId) }))
    }
  }
}

const inMotion: readonly string[] = ['queued', 'running', 'paused']

/** Ids in this archive by those in the other. */
interface KnownIds {
  runs: Map<string, string>
  /** Those here that were not before. */
  taken: Set<string>
  experiments: Map<string, string>
}

interface RunRow extends Record<string, unknown> {
  experimentId: string
  status: string
  parentRunId: string | null
  setup: string
}

interface ExperimentRow extends Record<string, unknown> {
  id: string
  spec: string
  createdAt: number
}

function runRow(database: Database, runId: string): RunRow {
  const row = database.prepare('SELECT * FROM runs WHERE id = ?').get(runId)
  if (!row) throw new LabError('NOT_FOUND', `there is no run "${runId}" in ${database.name}`)
  return row as RunRow
}

/** The runs in their order, but each behind the one that it branches from where that is among them. */
function parentsFirst(database: Database, runIds: readonly string[]): string[] {
  const parentOf = database.prepare('SELECT parentRunId FROM runs WHERE id = ?').pluck()
  const left = new Set(runIds)
  return runIds.flatMap((runId) => {
    const line: string[] = []
    let next: string | null | undefined = runId
    while (next && left.delete(next)) {
      line.push(next)
      next = parentOf.get(next) as string | null | undefined
    }
    return line.reverse()
  })
}

function experimentRow(database: Database, id: string): ExperimentRow {
  const found = database.prepare('SELECT * FROM experiments WHERE id = ?').get(id) as ExperimentRow | undefined
  return requireStored(found, `experiment ${id}`)
}

function specOf(database: Database, runId: string): RunSpec {
  const spec = database.prepare('SELECT spec FROM documents WHERE runId = ?').pluck().get(runId)
  return storedRunSpec(spec as string | undefined, `run ${runId}`)
}

function takeFigures(source: Database, target: Database, { runs }: KnownIds): FiguresTaken {
  return new FigureStore(target).takeFrom(new FigureStore(source), (runId) => runs.get(runId) ?? runId)
}

function copyTables(source: Database, target: Database, runId: string, newId: string): void {
  for (const table of tablesOfRun) {
    const rows = source.prepare(`SELECT * FROM ${table} WHERE runId = ?`).iterate(runId)
    for (const row of rows as Iterable<object>) insertRow(target, table, { ...row, runId: newId })
  }
}
