import type { Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import { splitSizes, type RunSpec } from '../../shared/experiment.ts'
import { runEventNames, type RunDetail, type RunSummary } from '../../shared/run.ts'
import { measuredNames } from './measurementLayout.ts'
import { bytesToIndices, storedProvenance, storedReport, storedRunSpec } from './storedDocuments.ts'

/** What is kept of a run besides its summary, each part checked against its specification. */
export function readRunDetail(database: Database, summary: RunSummary): RunDetail {
  const { id } = summary
  const document = database
    .prepare('SELECT spec, advice, provenance, report, notes, givenStart, train FROM documents WHERE runId = ?')
    .get(id) as DocumentRow
  const spec = storedRunSpec(document.spec, `run ${id}`)
  return {
    ...summary,
    spec,
    advice: document.advice,
    provenance: storedProvenance(document.provenance, `the provenance of run ${id}`),
    report: storedReport(document.report, `the report of run ${id}`),
    notes: document.notes,
    train: readTrain(id, spec, document),
    events: readEvents(database, id, spec),
    measured: measuredNames(database, id),
  }
}

/** The training pairs of a run: as many as its specification says, unless they were given. */
export function readTrain(
  runId: string,
  spec: RunSpec,
  { train: bytes, givenStart }: Pick<DocumentRow, 'train' | 'givenStart'>,
): Int32Array | null {
  if (bytes === null) return null
  const { total, train } = splitSizes(spec.task)
  const indices = bytesToIndices(bytes, total, `the training pairs of run ${runId}`)
  if (givenStart || indices.length === train) return indices
  throw damaged(runId, `it has ${indices.length} training pairs, and its specification ${train}`)
}

export interface DocumentRow {
  spec: string
  advice: string | null
  provenance: string | null
  report: string | null
  notes: string
  givenStart: number
  train: Buffer | null
}

function readEvents(database: Database, runId: string, { dynamics }: RunSpec): RunDetail['events'] {
  const events = database
    .prepare('SELECT name, step, tau, value FROM events WHERE runId = ? ORDER BY step, name')
    .all(runId) as RunDetail['events']
  for (const { name, step, value } of events) {
    if (!runEventNames.includes(name)) throw damaged(runId, `${JSON.stringify(name)} is no event`)
    if (step < 0 || step > dynamics.steps) {
      throw damaged(runId, `its event ${name} is at step ${step} of ${dynamics.steps}`)
    }
    if (typeof value !== 'number') throw damaged(runId, `its event ${name} has no value`)
  }
  return events
}

function damaged(runId: string, what: string): LabError {
  return new LabError('ARCHIVE_UNREADABLE', `the record of run ${runId} is damaged: ${what}`)
}
