import type { Database } from 'better-sqlite3'
import type { MeasurementName } from '../../shared/measurements.ts'
import type { FigureId } from '../../shared/paper.ts'
import type { RunEventName, RunMoment, RunStatus, RunSummary } from '../../shared/run.ts'
import { readFacets } from './runFacets.ts'

export interface SummaryChoice {
  includeBinned?: boolean
  /** Only the runs of this figure of the paper. */
  figure?: FigureId
}

/**
 * By experiment, the newest first (of those made in the same millisecond, the one stored last), and within one in the
 * order in which its runs were made.
 */
export function listSummaries(
  database: Database,
  { includeBinned = false, ...equal }: SummaryChoice,
  isWritten: () => boolean,
): RunSummary[] {
  const conditions = [
    ...(includeBinned ? [] : ['runs.binnedAt IS NULL']),
    ...Object.keys(equal).map((column) => `${column} = $${column}`),
  ]
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
  return summaries(database, where, [equal], isWritten)
}

export function findSummary(database: Database, id: string, isWritten: () => boolean): RunSummary | undefined {
  return summaries(database, 'WHERE runs.id = ?', [id], isWritten)[0]
}

/** A run that nobody is left to compute is interrupted, though the next writer will be the first to write that down. */
export function statusNow(stored: RunStatus, isWritten: () => boolean): RunStatus {
  return isInMotion(stored) && !isWritten() ? 'interrupted' : stored
}

function summaries(
  database: Database,
  where: string,
  parameters: readonly unknown[],
  isWritten: () => boolean,
): RunSummary[] {
  const rows = database
    .prepare(
      `SELECT runs.*, experiments.name AS experiment, experiments.figure AS figure ${from} ${where}
       ORDER BY experiments.createdAt DESC, experiments.rowid DESC, runs.rowid`,
    )
    .all(...parameters) as RunRow[]
  const of = <Row>(columns: string, table: string) =>
    database
      .prepare(`SELECT ${columns} FROM ${table} WHERE runId IN (SELECT runs.id ${from} ${where})`)
      .iterate(...parameters) as Iterable<Row>
  const setups = readFacets(database, rows.length === 1 ? rows[0]!.setup : undefined)
  const runs = new Map(rows.map((row) => [row.id, summary(row)]))
  for (const { runId, tag } of of<TagRow>('runId, tag', 'tags')) runs.get(runId)!.tags.push(tag)
  for (const { runId, name, value } of of<LatestRow>('*', 'latest')) runs.get(runId)!.latest[name] = value
  for (const { runId, name, ...moment } of of<EventRow>('*', 'events')) runs.get(runId)!.events[name] = moment
  const listed = [...runs.values()]
  if (listed.some(({ status }) => isInMotion(status)) && !isWritten()) listed.forEach(interrupt)
  return listed

  /** The columns of `runs` bear the names of a summary's fields. */
  function summary({ setup, ...row }: RunRow): RunSummary {
    return { ...row, tags: [], facets: setups.get(setup) ?? {}, latest: {}, events: {} }
  }
}

function isInMotion(status: RunStatus): boolean {
  return status === 'running' || status === 'paused'
}

function interrupt(run: RunSummary): void {
  if (isInMotion(run.status)) run.status = 'interrupted'
}

const from = 'FROM runs JOIN experiments ON experiments.id = runs.experimentId'

type RunRow = Omit<RunSummary, 'tags' | 'facets' | 'latest' | 'events'> & { setup: string }

interface TagRow {
  runId: string
  tag: string
}

interface LatestRow {
  runId: string
  name: MeasurementName
  value: number
}

interface EventRow extends RunMoment {
  runId: string
  name: RunEventName
}
