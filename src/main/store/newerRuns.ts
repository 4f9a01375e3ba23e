import type { Database } from 'better-sqlite3'
import { tryStep } from '../../shared/tryStep.ts'
import { LabError } from '../../shared/errors.ts'
import type { RunSpec } from '../../shared/experiment.ts'
import { measurementNames } from '../../shared/measurements.ts'
import type { SpecificationProblem } from '../../shared/parseInput.ts'
import { printable } from '../../shared/printable.ts'
import { quote } from '../../shared/quote.ts'
import { runEventNames } from '../../shared/runEventNames.ts'
import { version } from '../../shared/version.ts'
import { matrixShape } from './matrixShape.ts'
import { bound, preparedOnce } from './preparedOnce.ts'
import { RecordChecksums } from './recordChecksums.ts'
import { storedExperiment, storedProvenance, storedReport, storedRunSpec } from './storedDocuments.ts'

/**
 * That a newer version made a run, and what in it this one does not know; `null` where it knows all. Only where the record
 * is what was stored: what else is not as it must be is damage.
 */
export function newerRun(database: Database, runId: string): string | null {
  const unknown = strangers(database, runId)
  if (unknown.length === 0 || !hasItsRecord(database, runId)) return null
  const which = otherVersion(makerOf(database, runId))
  return `run ${runId} was made by a newer version of Grokscope${which && `, ${which}`}: ${unknown.join('; ')}`
}

/** Reads what is stored of a run; where a newer version made it and it cannot be, RUN_NEWER says so. */
export function readKnown<Output>(database: Database, runId: string, read: () => Output): Output {
  try {
    return read()
  } catch (error) {
    const message = newerRun(database, runId)
    throw message === null ? error : new LabError('RUN_NEWER', message)
  }
}

/** What an archive calls a version of Grokscope, to be shown; empty where it is this one, or none. */
export function otherVersion(found: unknown): string {
  return typeof found === 'string' && found !== version ? printable(found.slice(0, 40)) : ''
}

/** The version that last computed a run, as it says itself. */
function makerOf(database: Database, runId: string): unknown {
  return tryStep(
    () => statements(database).maker.get(runId),
    () => undefined,
  )
}

function strangers(database: Database, runId: string): string[] {
  const { documents, events, measured, matrices } = statements(database)
  const document = documents.get(runId) as DocumentRow
  const what = `run ${runId}`
  let spec: RunSpec | undefined
  const found = [
    ...problemsOf(() => (spec = storedRunSpec(document.spec, what))),
    ...problemsOf(() => storedExperiment(document.experiment, what)),
    ...problemsOf(() => storedProvenance(document.provenance, what)),
    ...problemsOf(() => storedReport(document.report, what)),
    ...strange(events.all(runId) as string[], runEventNames).map((name) => `event ${quote(name)}`),
    ...strange(measured.all(runId) as string[], measurementNames).map((name) => `measurement ${quote(name)}`),
    ...(matrices.all(runId) as string[])
      .filter((name) => spec && !matrixShape(spec, name))
      .map((name) => `matrix ${quote(name)}`),
  ]
  return [...new Set(found)]
}

interface DocumentRow {
  spec: string
  experiment: string
  provenance: string | null
  report: string | null
}

/** What a schema finds; of what is no JSON nothing, since no version writes that. */
function problemsOf(read: () => unknown): string[] {
  try {
    read()
    return []
  } catch (error) {
    const problems = error instanceof LabError ? error.detail : undefined
    return Array.isArray(problems) ? (problems as SpecificationProblem[]).map(({ message }) => message) : []
  }
}

function strange(names: readonly string[], known: readonly string[]): string[] {
  return names.filter((name) => !known.includes(name))
}

function hasItsRecord(database: Database, runId: string): boolean {
  const stored = statements(database).record.get(runId)
  return stored === new RecordChecksums(database).run(runId)
}

const statements = preparedOnce((database) => ({
  documents: database.prepare(
    `SELECT documents.spec, experiments.spec AS experiment, provenance, report
     FROM documents JOIN runs ON runs.id = runId JOIN experiments ON experiments.id = experimentId WHERE runId = ${bound}`,
  ),
  events: database.prepare(`SELECT name FROM events WHERE runId = ${bound} ORDER BY name`).pluck(),
  measured: database.prepare(`SELECT name FROM measurementColumns WHERE runId = ${bound} ORDER BY position`).pluck(),
  matrices: database.prepare(`SELECT DISTINCT name FROM matrices WHERE runId = ${bound} ORDER BY name`).pluck(),
  record: database.prepare('SELECT recordChecksum FROM documents WHERE runId = ?').pluck(),
  maker: database.prepare("SELECT provenance ->> '$.grokscope' FROM documents WHERE runId = ?").pluck(),
}))
