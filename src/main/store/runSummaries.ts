import type { Database } from 'better-sqlite3'
import type { MeasurementName } from '../../shared/measurements.ts'
import type { RunEventName, RunMoment, RunStatus, RunSummary } from '../../shared/run.ts'
import { preparedOnce } from './preparedOnce.ts'
import { readFacets, readFacetsOfRun } from './runFacets.ts'
import { jsonLists, name, sql, type Sql } from './sql.ts'

const batch = 500

/**
 * By experiment, the newest first (of those made in the same millisecond, the one stored last), and within one in the
 * order in which its runs were made.
 */
export const orderOfExperiments = 'experiments.createdAt DESC, experiments.rowid DESC'
export const orderOfLists = `${orderOfExperiments}, runs.rowid`

/** The rowids of the runs for which a condition on `runs` holds, in the order of lists. */
export function findRowids(database: Database, condition: Sql, limit: number): number[] {
  const [rowids] = jsonLists(
    database,
    sql`SELECT json_group_array(found) FROM (
      SELECT runs.rowid AS found FROM runs JOIN experiments ON experiments.id = runs.experimentId WHERE ${condition}
      ORDER BY ${name(orderOfLists)} LIMIT ${limit}
    )`,
  ) as [number[]]
  return rowids
}

/** In the order of the rowids. */
export function idsOf(database: Database, rowids: readonly number[]): string[] {
  return JSON.parse(statements(database).ids.get(JSON.stringify(rowids)) as string) as string[]
}

/** In the order of the ids, of those that are there. */
export function rowidsOf(database: Database, runIds: readonly string[]): number[] {
  return JSON.parse(statements(database).rowids.get(JSON.stringify(runIds)) as string) as number[]
}

export function countRuns(database: Database, condition: Sql): number {
  const { text, parameters } = sql`SELECT count(*) FROM runs WHERE ${condition}`
  return database.prepare(text).pluck().get(parameters) as number
}

/** Summaries in the order of the rowids; as the archive has them, but that nobody may be left to compute them. */
export function readSummaries(database: Database, rowids: readonly number[], isWritten: () => boolean): RunSummary[] {
  const listed: RunSummary[] = []
  for (let first = 0; first < rowids.length; first += batch) {
    listed.push(...readBatch(database, rowids.slice(first, first + batch)))
  }
  if (listed.some(({ status }) => isInMotion(status)) && !isWritten()) listed.forEach(interrupt)
  return listed
}

export function findSummary(database: Database, id: string, isWritten: () => boolean): RunSummary | undefined {
  const rowid = statements(database).rowid.get(id) as number | undefined
  return rowid === undefined ? undefined : readSummaries(database, [rowid], isWritten)[0]
}

/** A run that nobody is left to compute is interrupted, though the next writer will be the first to write that down. */
export function statusNow(stored: RunStatus, isWritten: () => boolean): RunStatus {
  return isInMotion(stored) && !isWritten() ? 'interrupted' : stored
}

/** The same as an expression. */
export const statusWithoutWriter = name(
  "CASE WHEN runs.status IN ('running', 'paused') THEN 'interrupted' ELSE runs.status END",
)

function readBatch(database: Database, rowids: readonly number[]): RunSummary[] {
  const { run, tags, latest, events } = statements(database)
  const rows = run.all(JSON.stringify(rowids)) as RunRow[]
  const ids = JSON.stringify(rows.map(({ id }) => id))
  const setups = new Map<string, RunSummary['facets']>()
  for (const { setup } of rows) {
    if (!setups.has(setup)) setups.set(setup, readFacets(database, setup))
  }
  const runs = new Map(rows.map((row) => [row.id, summary(row)]))
  for (const { runId, tag } of tags.iterate(ids) as Iterable<TagRow>) runs.get(runId)!.tags.push(tag)
  for (const { runId, name: measured, value } of latest.iterate(ids) as Iterable<LatestRow>) {
    runs.get(runId)!.latest[measured] = value
  }
  for (const { runId, name: event, ...moment } of events.iterate(ids) as Iterable<EventRow>) {
    runs.get(runId)!.events[event] = moment
  }
  return [...runs.values()]

  /** The columns of `runs` bear the names of a summary's fields. */
  function summary({ setup, ...row }: RunRow): RunSummary {
    const facets = readFacetsOfRun(database, row.id, setups.get(setup)!)
    return { ...row, tags: [], facets, latest: {}, events: {} }
  }
}

function isInMotion(status: RunStatus): boolean {
  return status === 'running' || status === 'paused'
}

function interrupt(run: RunSummary): void {
  if (isInMotion(run.status)) run.status = 'interrupted'
}

const statements = preparedOnce((database) => {
  const of = (columns: string, table: string) =>
    database.prepare(`SELECT ${columns} FROM ${table} WHERE runId IN (SELECT value FROM json_each(?))`)
  return {
    rowid: database.prepare('SELECT rowid FROM runs WHERE id = ?').pluck(),
    rowids: database
      .prepare(
        `SELECT json_group_array(rowid) FROM (
           SELECT runs.rowid FROM json_each(?) AS chosen CROSS JOIN runs ON runs.id = chosen.value ORDER BY chosen.key
         )`,
      )
      .pluck(),
    ids: database
      .prepare(
        `SELECT json_group_array(id) FROM (
           SELECT runs.id FROM json_each(?) AS chosen CROSS JOIN runs ON runs.rowid = chosen.value ORDER BY chosen.key
         )`,
      )
      .pluck(),
    run: database.prepare(
      `SELECT runs.*, experiments.name AS experiment, experiments.figure AS figure
       FROM json_each(?) AS chosen CROSS JOIN runs ON runs.rowid = chosen.value
       JOIN experiments ON experiments.id = runs.experimentId ORDER BY chosen.key`,
    ),
    tags: of('runId, tag', 'tags'),
    latest: of('*', 'latest'),
    events: of('*', 'events'),
  }
})

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
