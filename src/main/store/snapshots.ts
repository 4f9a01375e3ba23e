import type { Database, Statement } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import type { InitialState, Snapshot, SnapshotDescription, SnapshotReason } from '../../shared/run.ts'
import type { MatrixData } from '../../shared/matrix.ts'
import type { RunSpec } from '../../shared/experiment.ts'
import { exactJson } from './exactJson.ts'
import { decodeMatrix, encodeMatrix, largestBlobBytes, type MatrixBlob } from './matrixBlob.ts'
import { matrixShape } from './matrixShape.ts'
import { readKnown } from './newerRuns.ts'
import { bound } from './preparedOnce.ts'
import { RecordChecksums } from './recordChecksums.ts'
import { requireStored, storedRunSpec, storedScalars } from './storedDocuments.ts'

/** Where two snapshots of one step are the same state, the reason further right is kept. */
const reasonsByWeight: readonly SnapshotReason[] = ['checkpoint', 'scheduled', 'initial', 'event', 'final']

/** The states of runs at chosen steps. */
export class SnapshotStore {
  readonly #database: Database
  readonly #statements: ReturnType<typeof prepareStatements>
  readonly #checksums: RecordChecksums
  #lastSpec: { json: string; spec: RunSpec } | undefined

  constructor(database: Database) {
    this.#database = database
    this.#statements = prepareStatements(database)
    this.#checksums = new RecordChecksums(database)
  }

  /** A later checkpoint, or the final state, takes the place of the checkpoint before it. */
  store(runId: string, snapshot: Snapshot): void {
    const { step, reason } = snapshot
    const present = this.#statements.find.get(runId, step) as SnapshotRow | undefined
    const kept = present && !present.given ? heavier(present.reason, reason) : reason
    this.#write(runId, { ...snapshot, reason: kept }, false)
    if (reason === 'checkpoint' || reason === 'final') this.#statements.dropCheckpoints.run(runId, step)
  }

  /** The state a run shall start from; the run's own snapshot of step 0 takes its place. */
  storeGiven(runId: string, { parameters }: InitialState): void {
    this.#write(runId, { step: 0, tau: 0, reason: 'initial', matrices: parameters, scalars: {} }, true)
  }

  /** What the run continues from; `undefined` where it has to start from the beginning. */
  latestSnapshot(runId: string): Snapshot | undefined {
    const row = this.#statements.latest.get(runId) as SnapshotRow | undefined
    return row && this.#read(runId, row)
  }

  /** Where it continues from, without the numbers. */
  latestStep(runId: string): number | undefined {
    return (this.#statements.latest.get(runId) as SnapshotRow | undefined)?.step
  }

  readSnapshot(runId: string, step: number): Snapshot {
    const row = this.#statements.find.get(runId, step) as SnapshotRow | undefined
    if (!row) throw new LabError('NOT_FOUND', `run ${runId} has no snapshot of step ${step}`)
    return this.#read(runId, row)
  }

  /** In the order of their steps, without their numbers. */
  listSnapshots(runId: string): SnapshotDescription[] {
    const matrices = Map.groupBy(
      this.#statements.describe.all(runId) as (MatrixDescription & { step: number })[],
      ({ step }) => step,
    )
    return (this.#statements.list.all(runId) as SnapshotRow[]).map(({ step, tau, reason }) => ({
      step,
      tau,
      reason,
      matrices: (matrices.get(step) ?? []).map(({ name, rows, columns, dtype }) => ({
        name,
        rows,
        columns,
        precision: dtype,
      })),
    }))
  }

  readMatrix(runId: string, step: number, name: string): MatrixData {
    const row = this.#statements.matrix.get(runId, step, name) as (MatrixDescription & { bytes: number }) | undefined
    if (!row) throw new LabError('NOT_FOUND', `run ${runId} has no matrix "${name}" at step ${step}`)
    this.#checkShape(runId, step, row)
    const where = `matrix ${name} of run ${runId} at step ${step}`
    if (row.bytes > largestBlobBytes(row)) {
      throw new LabError(
        'ARCHIVE_UNREADABLE',
        `${where} is damaged: ${row.bytes} bytes for ${row.rows} × ${row.columns} ${row.dtype} numbers`,
      )
    }
    const blob = this.#statements.blob.get(row.rowid) as Pick<MatrixBlob, 'data' | 'checksum'> | undefined
    const { data, checksum } = requireStored(blob, where)
    return decodeMatrix({ ...row, data, checksum }, where)
  }

  /** The old end of a run that goes on becomes one of the states it passed through. */
  demoteFinal(runId: string): void {
    for (const step of this.#statements.demoteFinal.all(runId) as number[]) this.#seal(runId, step)
  }

  #write(runId: string, { step, tau, reason, matrices, scalars }: Snapshot, given: boolean): void {
    const { remove, insert, insertMatrix } = this.#statements
    const write = this.#database.transaction(() => {
      remove.run(runId, step)
      insert.run(runId, step, tau, reason, given ? 1 : 0, exactJson(scalars))
      for (const [name, matrix] of Object.entries(matrices)) {
        const { dtype, rows, columns, checksum, data } = encodeMatrix(matrix)
        insertMatrix.run(runId, step, name, dtype, rows, columns, checksum, data)
      }
      this.#seal(runId, step)
    })
    write()
  }

  #seal(runId: string, step: number): void {
    this.#statements.seal.run(this.#checksums.snapshot(runId, step), runId, step)
  }

  #read(runId: string, { step, tau, reason, scalars }: SnapshotRow): Snapshot {
    const names = this.#statements.names.all(runId, step) as string[]
    const matrices = Object.fromEntries(names.map((name) => [name, this.readMatrix(runId, step, name)]))
    const where = `the snapshot of run ${runId} at step ${step}`
    return { step, tau, reason, matrices, scalars: storedScalars(scalars, where) }
  }

  /** Before anything is taken out of a blob: a matrix has the shape that the specification gives it, or is refused. */
  #checkShape(runId: string, step: number, { name, rows, columns }: MatrixDescription): void {
    const shape = matrixShape(this.#spec(runId), name)
    if (shape?.rows === rows && shape.columns === columns) return
    const allowed = shape ? `its specification makes it ${shape.rows} × ${shape.columns}` : 'it has no such matrix'
    throw new LabError(
      'ARCHIVE_UNREADABLE',
      `matrix ${name} of run ${runId} at step ${step} is damaged: it claims to be ${rows} × ${columns}; ${allowed}`,
    )
  }

  /** Asked for once for each matrix of the same run. */
  #spec(runId: string): RunSpec {
    const json = requireStored(
      this.#statements.spec.get(runId) as string | undefined,
      `the specification of run ${runId}`,
    )
    if (this.#lastSpec?.json !== json) {
      this.#lastSpec = { json, spec: readKnown(this.#database, runId, () => storedRunSpec(json, `run ${runId}`)) }
    }
    return this.#lastSpec.spec
  }
}

interface SnapshotRow {
  step: number
  tau: number
  reason: SnapshotReason
  given: number
  scalars: string
}

interface MatrixDescription extends Omit<MatrixBlob, 'checksum' | 'data'> {
  rowid: number
  name: string
}

function heavier(a: SnapshotReason, b: SnapshotReason): SnapshotReason {
  return reasonsByWeight.indexOf(a) > reasonsByWeight.indexOf(b) ? a : b
}

function prepareStatements(database: Database) {
  const prepare = (sql: string): Statement => database.prepare(sql)
  return {
    find: prepare('SELECT * FROM snapshots WHERE runId = ? AND step = ?'),
    latest: prepare(`SELECT * FROM snapshots WHERE runId = ${bound} AND NOT given ORDER BY step DESC LIMIT 1`),
    list: prepare(`SELECT * FROM snapshots WHERE runId = ${bound} ORDER BY step`),
    names: prepare(`SELECT name FROM matrices WHERE runId = ${bound} AND step = ${bound} ORDER BY name`).pluck(),
    describe: prepare(
      `SELECT step, name, dtype, rows, columns FROM matrices WHERE runId = ${bound} ORDER BY step, name`,
    ),
    matrix: prepare(
      `SELECT rowid, name, dtype, rows, columns, length(data) AS bytes
       FROM matrices WHERE runId = ? AND step = ? AND name = ?`,
    ),
    blob: prepare('SELECT checksum, data FROM matrices WHERE rowid = ?'),
    remove: prepare('DELETE FROM snapshots WHERE runId = ? AND step = ?'),
    dropCheckpoints: prepare("DELETE FROM snapshots WHERE runId = ? AND reason = 'checkpoint' AND step <> ?"),
    demoteFinal: prepare(
      "UPDATE snapshots SET reason = 'scheduled' WHERE runId = ? AND reason = 'final' RETURNING step",
    ).pluck(),
    seal: prepare('UPDATE snapshots SET checksum = ? WHERE runId = ? AND step = ?'),
    spec: prepare('SELECT spec FROM documents WHERE runId = ?').pluck(),
    insert: prepare('INSERT INTO snapshots (runId, step, tau, reason, given, scalars) VALUES (?, ?, ?, ?, ?, ?)'),
    insertMatrix: prepare(
      `INSERT INTO matrices (runId, step, name, dtype, rows, columns, checksum, data)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
  }
}
