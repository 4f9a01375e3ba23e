import type { Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import { brokenHotRow, hotColumns, type HotRow, type StoredHotRow } from './hotRows.ts'
import { bound, preparedOnce } from './preparedOnce.ts'

/** Columns that every part has, whatever was measured. */
export const timeColumns: readonly string[] = ['step', 'tau', 'seconds']

/** Consecutive rows that were sealed together. */
export interface Part {
  part: number
  /** Its first row, counted over the whole run. */
  start: number
  count: number
  lastStep: number
  /** How many columns the run had when it was sealed. */
  columns: number
  /** Over it and all parts before it. */
  checksum: number
}

/** Where the rows of a run are: in parts, and after them the hot ones. */
export interface MeasurementLayout {
  runId: string
  names: readonly string[]
  parts: readonly Part[]
  sealedRows: number
  hot: ReadonlyMap<string, Float64Array>
  rows: number
}

export function measurementLayout(database: Database, runId: string): MeasurementLayout {
  const found = statements(database).parts.all(runId) as PartRow[]
  const parts: Part[] = []
  let sealedRows = 0
  let reached = -1
  for (const { part, count, firstStep, lastStep, columns, checksum, bytes } of found) {
    if (bytes !== 8 * count) throw damagedPart(runId, 'step', part, `takes ${bytes} bytes for ${count} numbers`)
    if (firstStep <= reached || lastStep < firstStep) {
      throw damagedPart(runId, 'step', part, `goes from step ${firstStep} to ${lastStep}, after step ${reached}`)
    }
    parts.push({ part, start: sealedRows, count, lastStep, columns, checksum })
    sealedRows += count
    reached = lastStep
  }
  if (8 * sealedRows > bytesOf(database)) {
    throw damagedPart(runId, 'step', parts.length - 1, `would make ${sealedRows} rows, more than the file can hold`)
  }
  const names = statements(database).names.all(runId) as string[]
  const hotRows = readHotRows(database, runId)
  return { runId, names, parts, sealedRows, hot: hotColumns(hotRows, names), rows: sealedRows + hotRows.length }
}

export function damagedPart(runId: string, name: string, part: number, what: string): LabError {
  return damaged(runId, `part ${part} of ${name} ${what}`)
}

/** The number of parts whose rows all have steps below `step`. */
export function partsBelow(parts: readonly Part[], step: number): number {
  let [low, high] = [0, parts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (parts[middle]!.lastStep < step) low = middle + 1
    else high = middle
  }
  return low
}

/** The index of the part that holds a sealed row. */
export function partOfRow(parts: readonly Part[], row: number): number {
  let [low, high] = [0, parts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (parts[middle]!.start <= row) low = middle
    else high = middle - 1
  }
  return low
}

interface PartRow extends Omit<Part, 'start'> {
  firstStep: number
  bytes: number | null
}

const statements = preparedOnce((database) => ({
  parts: database.prepare(
    `SELECT parts.part, parts.count, parts.firstStep, parts.lastStep, parts.columns, parts.checksum,
       length(chunks.data) AS bytes
     FROM parts LEFT JOIN chunks ON chunks.runId = parts.runId AND chunks.name = 'step' AND chunks.part = parts.part
     WHERE parts.runId = ${bound} ORDER BY parts.part`,
  ),
  names: database.prepare(`SELECT name FROM measurementColumns WHERE runId = ${bound} ORDER BY position`).pluck(),
  hotRows: database.prepare(
    `SELECT step, tau, seconds, data, checksum FROM hotRows WHERE runId = ${bound} ORDER BY step`,
  ),
  bytes: database.prepare('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size').pluck(),
}))

function readHotRows(database: Database, runId: string): HotRow[] {
  const rows = statements(database).hotRows.all(runId) as StoredHotRow[]
  const broken = brokenHotRow(rows)
  if (broken === undefined) return rows
  throw damaged(runId, `what was measured at step ${broken} fails its checksum`)
}

function damaged(runId: string, what: string): LabError {
  return new LabError('ARCHIVE_UNREADABLE', `the measurements of run ${runId} are damaged: ${what}`)
}

function bytesOf(database: Database): number {
  return statements(database).bytes.get() as number
}
