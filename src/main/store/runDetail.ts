import type { Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import type { RunSpec } from '../../shared/experiment.ts'
import { taskSizes } from '../../shared/tasks/tasks.ts'
import type { MeasurementName } from '../../shared/measurements.ts'
import { tryStep } from '../../shared/tryStep.ts'
import { withPresentNames } from '../../shared/formerNames.ts'
import type { RunDetail, RunSummary, ShownRun } from '../../shared/run.ts'
import { readKnown } from './newerRuns.ts'
import { bound, preparedOnce } from './preparedOnce.ts'
import { facetsOf } from '../../shared/specification/facets.ts'
import {
  bytesToIndices,
  requireStored,
  storedObject,
  storedProvenance,
  storedReport,
  storedRunSpec,
} from './storedDocuments.ts'

/**
 * What is kept of a run besides its summary. Throws where it cannot be read, RUN_NEWER where a newer version could;
 * `runMisfits` tells what does not fit.
 */
export function readRunDetail(database: Database, summary: RunSummary): RunDetail {
  return readKnown(database, summary.id, () => readAll(database, summary))
}

/** The same, and of a run that a newer version made what can be read of it. */
export function readShownRun(database: Database, summary: RunSummary): ShownRun {
  try {
    return { ...readRunDetail(database, summary), foreignSpec: null }
  } catch (error) {
    if (error instanceof LabError && error.code === 'RUN_NEWER') return readForeign(database, summary)
    throw error
  }
}

function readForeign(database: Database, summary: RunSummary): ShownRun {
  const { id } = summary
  const what = `run ${id}`
  const { spec, advice, notes, ...document } = documentOf(database, id)
  const known = <Part>(read: () => Part) => tryStep(read, () => undefined) ?? null
  return {
    ...summary,
    spec: null,
    foreignSpec: withPresentNames(storedObject(spec, what)),
    advice,
    provenance: known(() => storedProvenance(document.provenance, what)),
    report: known(() => storedReport(document.report, what)),
    notes,
    // How many pairs there are, only its task says.
    train: document.train && bytesToIndices(document.train, Infinity, `the training set of ${what}`),
    measured: statements(database).measured.all(id) as MeasurementName[],
  }
}

function readAll(database: Database, summary: RunSummary): RunDetail {
  const { id } = summary
  const document = documentOf(database, id)
  const spec = storedRunSpec(document.spec, `run ${id}`)
  requireValues(summary)
  return {
    ...summary,
    spec,
    // From the specification itself: the table that lists and filters read could have lost a row.
    facets: facetsOf(spec),
    advice: document.advice,
    provenance: storedProvenance(document.provenance, `the provenance of run ${id}`),
    report: storedReport(document.report, `the report of run ${id}`),
    notes: document.notes,
    train: document.train && readTrain(id, spec, document.train),
    measured: statements(database).measured.all(id) as MeasurementName[],
  }
}

function documentOf(database: Database, runId: string): DocumentRow {
  const found = statements(database).document.get(runId) as DocumentRow | undefined
  return requireStored(found, `the specification of run ${runId}`)
}

/** The training pairs of a run, by their places among all pairs. */
export function readTrain(runId: string, spec: RunSpec, bytes: Buffer): Int32Array {
  const total = 'study' in spec ? 0 : taskSizes(spec.task).total
  return bytesToIndices(bytes, total, `the training set of run ${runId}`)
}

const statements = preparedOnce((database) => ({
  document: database.prepare('SELECT spec, advice, provenance, report, notes, train FROM documents WHERE runId = ?'),
  measured: database.prepare(`SELECT name FROM measurementColumns WHERE runId = ${bound} ORDER BY position`).pluck(),
}))

interface DocumentRow {
  spec: string
  advice: string | null
  provenance: string | null
  report: string | null
  notes: string
  train: Buffer | null
}

function requireValues({ id, events }: RunSummary): void {
  const unvalued = Object.entries(events).find(([, { value }]) => typeof value !== 'number')
  if (unvalued) throw new LabError('ARCHIVE_UNREADABLE', `event ${unvalued[0]} of run ${id} is damaged: no value`)
}
