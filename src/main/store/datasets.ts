import type { Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import type { MatrixData } from '../../shared/matrix.ts'
import type { Dataset } from '../../shared/tasks/dataset.ts'
import { datasetHash, matricesOf } from './datasetHash.ts'
import { insertRow } from './insertRow.ts'
import { decodeMatrix, encodeMatrix, largestBlobBytes, type MatrixBlob } from './matrixBlob.ts'
import { preparedText } from './preparedOnce.ts'

/** The samples of files that runs are set before, each once, by the hash of its numbers. */
export class DatasetStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  has(hash: string): boolean {
    return this.#database.prepare('SELECT 1 FROM datasets WHERE hash = ?').get(hash) !== undefined
  }

  /** Stores it, unless it is there, and returns its hash. */
  store(dataset: Dataset): string {
    const hash = datasetHash(dataset)
    if (this.has(hash)) return hash
    for (const [name, matrix] of matricesOf(dataset)) {
      const { dtype: _, ...blob } = encodeMatrix(matrix)
      insertRow(this.#database, 'datasets', { hash, name, ...blob })
    }
    return hash
  }

  /** What a run is set before, where that is data from a file. Throws ARCHIVE_UNREADABLE where it is not what was stored. */
  ofRun(runId: string): Dataset | undefined {
    const hash = hashOfRun(this.#database, runId)
    return hash === null ? undefined : this.read(hash)
  }

  /** Throws ARCHIVE_UNREADABLE where it is not there, or not what was stored. */
  read(hash: string): Dataset {
    const what = `the data ${hash}`
    const matrices = new Map(
      rowsOf(this.#database, hash).map((row) => [row.name, decoded(row, `${row.name} of ${what}`)]),
    )
    const [X, Y, classes, train] = ['X', 'Y', 'classes', 'train'].map((name) => matrices.get(name))
    const targets = Y ?? (classes && Int32Array.from(classes.data))
    if (!X || !targets) throw new LabError('ARCHIVE_UNREADABLE', `${what} is not in the archive`)
    const dataset: Dataset = { X, Y: targets, ...(train && { train: Int32Array.from(train.data) }) }
    if (datasetHash(dataset) === hash) return dataset
    throw new LabError('ARCHIVE_UNREADABLE', `${what} is damaged: its numbers have another hash`)
  }
}

/** Copies what is not there yet from one archive to another; damage is copied as it is, to be found there too. */
export function copyDataset(source: Database, target: Database, runId: string): void {
  const hash = hashOfRun(source, runId)
  if (hash === null || new DatasetStore(target).has(hash)) return
  for (const row of rowsOf(source, hash)) insertRow(target, 'datasets', { ...row })
}

/** Throws CONFLICT where the data that a run is set before is not there: the last run with it may have been purged meanwhile. */
export function requireDataset(database: Database, runId: string): void {
  const hash = hashOfRun(database, runId)
  if (hash === null || new DatasetStore(database).has(hash)) return
  throw new LabError('CONFLICT', `the data ${hash} is not in the archive any more; submit the run with its file again`)
}

/** Takes away what no run has any more. */
export function removeUnusedDatasets(database: Database): void {
  database.exec(`
    DELETE FROM datasets WHERE hash NOT IN (SELECT hash FROM (SELECT ${hashIn} AS hash FROM documents) WHERE hash NOT NULL)
  `)
}

function hashOfRun(database: Database, runId: string): string | null {
  const found = preparedText(database)(`SELECT ${hashIn} AS hash FROM documents WHERE runId = ?`).get(runId)
  return (found as { hash: string | null } | undefined)?.hash ?? null
}

/** Of a specification as it stands, also of one that this version cannot read. */
const hashIn = `CASE WHEN json_valid(spec) THEN json_extract(spec, '$.task.content.hash') END`

interface DatasetRow extends Omit<MatrixBlob, 'dtype'> {
  hash: string
  name: string
}

function rowsOf(database: Database, hash: string): DatasetRow[] {
  return database.prepare('SELECT * FROM datasets WHERE hash = ? ORDER BY name').all(hash) as DatasetRow[]
}

function decoded(row: DatasetRow, where: string): MatrixData {
  const blob = { ...row, dtype: 'float64' } as const
  if (row.data.length > largestBlobBytes(blob)) throw new LabError('ARCHIVE_UNREADABLE', `${where} is damaged`)
  return decodeMatrix(blob, where)
}
