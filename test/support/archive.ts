import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { openArchive, type Archive } from '../../src/main/store/archive.ts'
import { RecordChecksums } from '../../src/main/store/recordChecksums.ts'
import { runHashes } from '../../src/main/store/runHashes.ts'
import type { ExperimentSpec } from '../../src/shared/experiment.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import type { Provenance, RunEvent, RunEventBody, Snapshot } from '../../src/shared/run.ts'
import type { MatrixData } from '../../src/shared/matrix.ts'
import { temporaryFolder } from './folders.ts'

/** A folder that goes when the test ends (or all tests of the file), and archives in it that are closed by then. */
export function temporaryArchives(lasting: 'test' | 'file' = 'test') {
  const folders: string[] = []
  const archives: Archive[] = []
  const whenOver = lasting === 'test' ? afterEach : afterAll
  whenOver(() => {
    for (const archive of archives.splice(0)) archive.close()
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
  const folder = () => {
    folders.push(temporaryFolder())
    return folders.at(-1)!
  }
  const open = (path = join(folder(), 'archive.grokscope'), options: { readOnly?: boolean } = {}) => {
    archives.push(openArchive(path, options))
    return archives.at(-1)!
  }
  return { folder, open }
}

export function smallSpec(changes: Record<string, unknown> = {}): ExperimentSpec {
  return parseExperiment({
    name: 'small',
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.6 },
    network: { hidden: 16 },
    dynamics: { kind: 'isolated', steps: 100 },
    ...changes,
  })
}

/** Every field that one may have. */
export const provenance: Required<Provenance> = {
  grokscope: '0.1.0',
  runtime: 'Node 24',
  platform: 'linux x64',
  processor: 'a processor',
  backend: 'plain',
  device: 'processor',
  precision: 'float64',
  threads: 1,
  choice: 'asked for',
  splitHash: 'ab',
  lossPrecision: 'float64',
  steps: 'many in one kernel',
  tilings: 'tuned tiles: outputs 128 in 3 parts',
  testSeconds: 0.25,
  compileSeconds: 0.5,
  before: 'until step 4: threads 2',
}

/** Numbers the events of a run as a worker would. */
export function eventsOf(runId: string, bodies: readonly RunEventBody[], firstSequence = 0): RunEvent[] {
  return bodies.map((body, i) => ({ runId, sequence: firstSequence + i, ...body }))
}

/** As many of the 15 pairs as `smallSpec` trains on. */
export const trainPairs = Int32Array.of(0, 3, 5, 7, 8, 10, 11, 13, 14)

/** What an import says of figures where there are none. */
export const noFigures = { figures: 0, figuresDiffering: 0, figuresWithoutRoom: 0 }

export const started: RunEventBody = { type: 'started', step: 0, provenance, train: trainPairs }

export function measured(step: number, values: (RunEventBody & { type: 'measured' })['values']): RunEventBody {
  return { type: 'measured', step, tau: step / 1000, seconds: step / 100, values }
}

export function settled(changes: Partial<RunEventBody & { type: 'settled' }> = {}): RunEventBody {
  return { type: 'settled', status: 'finished', step: 100, tau: 0.1, seconds: 1, ...changes }
}

export function snapshot(step: number, changes: Partial<Snapshot> = {}): RunEventBody {
  const matrices = { E: matrix(5, 16, step), W: matrix(16, 5, -step) }
  return {
    type: 'snapshot',
    snapshot: { step, tau: step / 1000, reason: 'scheduled', matrices, scalars: {}, ...changes },
  }
}

/** Reproducible numbers, different for each seed. */
export function matrix(rows: number, columns: number, seed = 0): MatrixData {
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, (_, i) => Math.sin(i + 1.7 * seed)) }
}

/** Changes a closed archive as another version would have written it: with the hashes and checksums of what it holds then. */
export function writeAsStored(path: string, change: (database: Database) => void): void {
  const database = new DatabaseConstructor(path)
  change(database)
  const checksums = new RecordChecksums(database)
  const all = <Key>(column: string, table: string, runId: string) =>
    database.prepare(`SELECT ${column} FROM ${table} WHERE runId = ? ORDER BY ${column}`).pluck().all(runId) as Key[]
  const seal = (table: string, column: string) =>
    database.prepare(`UPDATE ${table} SET checksum = ? WHERE runId = ? AND ${column} = ?`)
  const rehash = database.prepare(
    'UPDATE runs SET contentHash = @contentHash, resultHash = @resultHash WHERE id = @runId AND contentHash IS NOT NULL',
  )
  const sealRun = database.prepare('UPDATE documents SET recordChecksum = ? WHERE runId = ?')
  for (const runId of database.prepare('SELECT id FROM runs').pluck().all() as string[]) {
    rehash.run({ runId, ...runHashes(database, runId) })
    for (const part of all<number>('part', 'parts', runId)) {
      seal('parts', 'part').run(checksums.part(runId, part), runId, part)
    }
    for (const step of all<number>('step', 'snapshots', runId)) {
      seal('snapshots', 'step').run(checksums.snapshot(runId, step), runId, step)
    }
    sealRun.run(checksums.run(runId), runId)
  }
  database.close()
}
