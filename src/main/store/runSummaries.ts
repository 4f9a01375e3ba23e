import type { Database } from 'better-sqlite3'
import type { FigureId } from '../../shared/paper.ts'
import type { RunStatus, RunSummary } from '../../shared/run.ts'
import { preparedOnce } from './preparedOnce.ts'

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
  const rows = database
    .prepare(`${select} ${where} ORDER BY experiments.createdAt DESC, experiments.rowid DESC, runs.rowid`)
    .all(equal) as RunSummary[]
  const tags = new Map<string, string[]>()
  for (const { runId, tag } of database.prepare('SELECT runId, tag FROM tags').all() as TagRow[]) {
    const others = tags.get(runId)
    if (others) others.push(tag)
    else tags.set(runId, [tag])
  }
  for (const row of rows) row.tags = tags.get(row.id) ?? []
  if (rows.some((row) => isInMotion(row.status)) && !isWritten()) rows.forEach(interrupt)
  return rows
}

export function findSummary(database: Database, id: string, isWritten: () => boolean): RunSummary | undefined {
  const { summary, tags } = statements(database)
  const row = summary.get(id) as RunSummary | undefined
  if (row) row.tags = tags.all(id) as string[]
  if (row) row.status = statusNow(row.status, isWritten)
  return row
}

/** A run that nobody is left to compute is interrupted, though the next writer will be the first to write that down. */
export function statusNow(stored: RunStatus, isWritten: () => boolean): RunStatus {
  return isInMotion(stored) && !isWritten() ? 'interrupted' : stored
}

function isInMotion(status: RunStatus): boolean {
  return status === 'running' || status === 'paused'
}

function interrupt(row: RunSummary): void {
  if (isInMotion(row.status)) row.status = 'interrupted'
}

/** The columns of `runs` bear the names of a summary's fields. */
const select = `
  SELECT runs.*, experiments.name AS experiment, experiments.figure AS figure
  FROM runs JOIN experiments ON experiments.id = runs.experimentId`

const statements = preparedOnce((database) => ({
  summary: database.prepare(`${select} WHERE runs.id = ?`),
  tags: database.prepare('SELECT tag FROM tags WHERE runId = ?').pluck(),
}))

interface TagRow {
  runId: string
  tag: string
}
