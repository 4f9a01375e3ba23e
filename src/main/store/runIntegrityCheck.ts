import { SqliteError, type Database, type Statement } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import type { RunIntegrity, RunStatus } from '../../shared/run.ts'
import { DatasetStore } from './datasets.ts'
import { measurementLayout } from './measurementLayout.ts'
import { RecordChecksums } from './recordChecksums.ts'
import { newerRun } from './newerRuns.ts'
import { bound } from './preparedOnce.ts'
import { recordDifferences } from './recordDifferences.ts'
import { runHashes } from './runHashes.ts'
import { runMisfits } from './runMisfits.ts'
import { SealedColumns } from './sealedColumns.ts'
import type { SnapshotStore } from './snapshots.ts'

/** Compares runs as they are stored with the checksums and the hash that were stored of them. */
export class RunIntegrityCheck {
  readonly #database: Database
  readonly #snapshots: SnapshotStore
  readonly #checksums: RecordChecksums
  readonly #stored: Statement
  readonly #known = new Map<string, { recordChecksum: string; integrity: RunIntegrity }>()

  constructor(database: Database, snapshots: SnapshotStore) {
    this.#database = database
    this.#snapshots = snapshots
    this.#checksums = new RecordChecksums(database)
    this.#stored = database.prepare(
      `SELECT status, contentHash, recordChecksum FROM runs JOIN documents ON runId = id WHERE id = ${bound}`,
    )
  }

  /**
   * The record and the measurements; matrices by their checksums, which their numbers are held against whenever they are
   * read, and of what is still computed the record alone. Remembered for as long as nothing is written of the run.
   */
  check(runId: string): RunIntegrity {
    return this.#consistently(() => {
      const run = this.#find(runId)
      const known = this.#known.get(runId)
      if (known?.recordChecksum === run.recordChecksum) return known.integrity
      const findings = [
        ...recordDifferences(this.#database, this.#checksums, runId),
        ...(this.newer(runId) ? [] : unreadable(() => runMisfits(this.#database, this.#snapshots, runId))),
      ]
      if (!isMoving(run)) findings.push(...this.#contentDifferences(runId, run))
      const integrity = { hash: outcome(run, findings), findings }
      this.#known.set(runId, { recordChecksum: run.recordChecksum, integrity })
      return integrity
    })
  }

  /**
   * That a newer version made a run, and what in it this one does not know; else `null`. Such a run is compared with its
   * checksums, and not with a specification; what its matrices hold is not read.
   */
  newer(runId: string): string | null {
    return newerRun(this.#database, runId)
  }

  /** All that is stored of a run, down to the numbers of every matrix. */
  checkWhole(runId: string): RunIntegrity {
    return this.#consistently(() => {
      const run = this.#find(runId)
      const findings = [...this.check(runId).findings]
      if (isMoving(run)) findings.push(...this.#contentDifferences(runId, run))
      if (!this.newer(runId)) findings.push(...this.#matrixDifferences(runId))
      return { hash: outcome(run, findings), findings: [...new Set(findings)] }
    })
  }

  /** Throws unless a run can be gone on from. */
  require(runId: string): void {
    const { findings } = this.check(runId)
    if (findings.length > 0) throw new LabError('RUN_DAMAGED', `run ${runId} is damaged: ${findings.join('; ')}`)
    const newer = this.newer(runId)
    if (newer !== null) throw new LabError('RUN_NEWER', newer)
  }

  /** Where others may be writing it is one state that is read; nobody else writes where one may write oneself. */
  #consistently<Output>(read: () => Output): Output {
    return this.#database.readonly ? this.#database.transaction(read)() : read()
  }

  #find(runId: string): StoredRun {
    const run = this.#stored.get(runId)
    if (!run) throw new LabError('NOT_FOUND', `there is no run "${runId}"`)
    return run as StoredRun
  }

  #contentDifferences(runId: string, { contentHash: stored }: StoredRun): string[] {
    return unreadable(() => {
      const { contentHash: found } = runHashes(this.#database, runId)
      // What the clock said is no part of what was computed, and is exported with it.
      const layout = measurementLayout(this.#database, runId)
      const columns = new SealedColumns(this.#database)
      for (const part of layout.parts) columns.readPart(layout, 'seconds', part, new Float64Array(part.count))
      return stored === null || stored === found ? [] : ['what it computed is not what its content hash was taken of']
    })
  }

  #matrixDifferences(runId: string): string[] {
    return unreadable(() => {
      const steps = this.#snapshots.listSnapshots(runId).map(({ step }) => step)
      const read = [
        () => new DatasetStore(this.#database).ofRun(runId),
        ...steps.map((step) => () => this.#snapshots.readSnapshot(runId, step)),
      ]
      return read.flatMap((each) => unreadable(() => (each(), []))).slice(0, 1)
    })
  }
}

interface StoredRun {
  status: RunStatus
  contentHash: string | null
  recordChecksum: string
}

function isMoving({ status }: StoredRun): boolean {
  return status === 'queued' || status === 'running' || status === 'paused'
}

function outcome({ contentHash }: StoredRun, findings: readonly string[]): RunIntegrity['hash'] {
  if (findings.length > 0) return 'differs'
  return contentHash === null ? 'none' : 'same'
}

/** What is found by reading; what cannot be read is a finding. */
function unreadable(read: () => string[]): string[] {
  try {
    return read()
  } catch (error) {
    // That the disk or the lock fails says nothing of the run.
    if (error instanceof SqliteError && !error.code.startsWith('SQLITE_CORRUPT')) throw error
    return [error instanceof Error ? error.message : String(error)]
  }
}
