import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { openArchive } from '../../../src/main/store/archive.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import { datasetTask } from '../../support/datasetTask.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { eventsOf, matrix, measured, settled, smallSpec, snapshot, started } from '../../support/archive.ts'

const folder = temporaryFolder()
const whole = join(folder, 'whole.grokscope')

/** Tables that are of no run, and why nothing in them can change a number of one. */
const ofNoRun: Readonly<Record<string, string>> = {
  writer: 'says which process writes the archive, or wrote it last; the next one writes it anew',
  sweeps: 'the folders of sweeps that the archive knows, each of which can be opened again',
  figures: 'what people composed, in which there are no numbers: what a figure shows is read from the runs',
}

/** A finished run, one that was interrupted, with its last rows unsealed, a branch of the first from a given start, and one on data from a file. */
function fill(path: string): void {
  const archive = openArchive(path)
  const spec = smallSpec({ seeds: [0, 1] })
  const { experimentId, runIds } = archive.runs.createExperiment({ spec, figure: 'musat2025/fig6' })
  const [finished, interrupted] = runIds as [string, string]
  const rows = [0, 10, 20].map((step) => measured(step, { trainLoss: 1 / (step + 1), testMse: step }))
  const event = { type: 'event', name: 'halfRise', step: 10, tau: 0.01, value: 0.5 } as const
  const report = { accepted: 100, rejected: 0, fieldEvaluations: 100, largestLocalError: 0.01 }
  const scalars = { proposed: 0.5, missing: NaN }
  archive.applyEvents(
    eventsOf(finished, [
      started,
      ...rows,
      event,
      snapshot(0, { scalars }),
      // A column that appears later, and after a resumption one in which nothing was measured any more.
      measured(30, { trainLoss: 1, conditionNumber: 5 }),
      snapshot(50, { reason: 'final', scalars }),
      settled({ report, code: 'CANCELLED', message: 'cancelled', advice: 'resume', status: 'cancelled' }),
    ]),
  )
  archive.runs.requeue(finished)
  const end = [
    started,
    measured(100, { trainLoss: 2 }),
    snapshot(100, { reason: 'final', scalars }),
    settled({ report }),
  ]
  archive.applyEvents(eventsOf(finished, end, archive.runs.nextSequence(finished)))
  archive.applyEvents(eventsOf(interrupted, [started, ...rows, event, snapshot(0, { scalars })]))
  archive.runs.end([interrupted], { status: 'interrupted', error: { code: 'WORKER_DIED', message: 'gone' } })
  const initial = { parameters: { E: matrix(5, 16, 3), W: matrix(16, 5, 4) } }
  const parent = { runId: finished, step: 0 }
  archive.runs.addRun(experimentId, { spec: toRunSpec(spec, 2), initial: () => initial, parent })
  const { task, dataset } = datasetTask({
    X: new Float64Array(18).fill(0.5),
    Y: Int32Array.of(0, 1, 0, 1, 0, 1),
    train: Int32Array.of(0, 3, 4),
  })
  archive.runs.createExperiment({ spec: smallSpec({ task }), dataset })
  archive.library.tag(runIds, { add: ['mine'] })
  archive.library.annotate(finished, 'a note')
  archive.close()
}

/** Indices by which nothing is read, and what they are for. */
const readByNobody: Readonly<Record<string, string>> = {
  chunksByPart: 'finds the chunks that go with a part',
}

let changes = 0

/** The archive after a change that keeps every value of the type its column has. */
function changed(change: (database: Database) => void): string {
  const path = join(folder, `changed-${++changes}.grokscope`)
  copyFileSync(whole, path)
  const database = new DatabaseConstructor(path)
  database.pragma('foreign_keys = OFF')
  database.pragma('synchronous = OFF')
  change(database)
  database.close()
  return path
}

/** Whether a reader of the archive is told. */
function isTold(path: string): boolean {
  try {
    const archive = openArchive(path, { readOnly: true })
    try {
      const runs = archive.runs.listRuns({ includeBinned: true })
      return runs.some(({ id }) => archive.integrity.checkWhole(id).hash === 'differs')
    } finally {
      archive.close()
    }
  } catch (error) {
    return (error as { code: string }).code === 'ARCHIVE_UNREADABLE'
  }
}

interface Column {
  table: string
  column: string
  type: string
}

/** Every column there is, as the schema has it. */
function columnsOf(database: Database): Column[] {
  return database
    .prepare(
      `SELECT tables.name AS "table", columns.name AS "column", columns.type
       FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'`,
    )
    .all() as Column[]
}

/** Other values of the same type; where a CHECK allows few, one of those. */
const others: Readonly<Record<string, string>> = {
  'runs.status': `CASE $ WHEN 'finished' THEN 'cancelled' ELSE 'finished' END`,
  'snapshots.reason': `CASE $ WHEN 'event' THEN 'initial' ELSE 'event' END`,
  'matrices.dtype': `CASE $ WHEN 'float32' THEN 'float64' ELSE 'float32' END`,
  'documents.givenStart': '1 - $',
  'snapshots.given': '1 - $',
  INTEGER: 'coalesce($, 0) + 1000',
  REAL: 'CASE WHEN abs($) < 1e9 THEN $ + 0.125 ELSE 0.125 END',
  TEXT: `CASE WHEN $ IS NULL THEN 'x' ELSE CAST(substr($, 1, length($) - 1) || char(unicode(substr($, -1)) + 1) AS TEXT) END`,
  BLOB: `CASE WHEN coalesce(length($), 0) = 0 THEN x'01000000' ELSE CAST(substr($, 1, length($) - 1) || x'55' AS BLOB) END`,
}

/** The keys of every row, by table; the tables that are of no run left out. */
function rowsOf(database: Database): Map<string, Record<string, unknown>[]> {
  const tables = [...new Set(columnsOf(database).map(({ table }) => table))]
  expect(tables).toEqual(expect.arrayContaining(Object.keys(ofNoRun)))
  const ofRuns = tables.filter((table) => !Object.hasOwn(ofNoRun, table))
  return new Map(
    ofRuns.map((table) => {
      const keys = database.prepare(`SELECT ${keysOf(database, table).join(', ')} FROM ${table}`)
      return [table, keys.all() as Record<string, unknown>[]]
    }),
  )
}

function keysOf(database: Database, table: string): string[] {
  const isWithoutRowid = database.prepare('SELECT wr FROM pragma_table_list(?)').pluck().get(table) === 1
  if (!isWithoutRowid) return ['rowid']
  return database.prepare('SELECT name FROM pragma_table_info(?) WHERE pk > 0').pluck().all(table) as string[]
}

/** The first, the last and the one in the middle. */
function someOf<Row>(rows: readonly Row[]): Row[] {
  return [...new Set([0, rows.length >> 1, rows.length - 1])].map((place) => rows[place]!)
}

beforeAll(() => fill(whole))

describe('of all that is stored', () => {
  it('nothing is told to be wrong as long as nothing is', () => {
    expect(isTold(whole)).toBe(false)
    expect(isTold(changed((database) => database.exec('VACUUM; ANALYZE')))).toBe(false)
  })

  it('every value of every column is missed as soon as it is another', () => {
    const { columns, rows } = contents()
    expect(columns.length).toBeGreaterThan(100)
    const silent = new Set<string>()
    for (const { table, column, type } of columns.filter((each) => rows.has(each.table))) {
      const name = `${table}.${column}`
      const other = (others[name] ?? others[type]!).replaceAll('$', column)
      for (const row of someOf(rows.get(table)!)) {
        const path = changed((copy) => copy.prepare(`UPDATE ${table} SET ${column} = ${other} ${where(row)}`).run(row))
        if (!isTold(path)) silent.add(name)
      }
    }
    expect([...silent]).toEqual([])
  })

  it('every row is missed as soon as it is gone', () => {
    const { rows } = contents()
    for (const [table, found] of rows) {
      expect([table, found.length > 0]).toEqual([table, true])
      const silent = found.filter(
        (row) => !isTold(changed((copy) => copy.prepare(`DELETE FROM ${table} ${where(row)}`).run(row))),
      )
      expect([table, silent]).toEqual([table, []])
    }
  })
})

/** SQLite finds a row by an index only where the entry there is that of the row (https://www.sqlite.org/fileformat.html, 1.6). */
it('every index that leads elsewhere than its table is missed', () => {
  const database = new DatabaseConstructor(whole, { readonly: true })
  const indices = database
    .prepare('SELECT name, tbl_name AS "table", rootpage FROM sqlite_schema WHERE type = \'index\'')
    .all() as { name: string; table: string; rootpage: number }[]
  const size = database.pragma('page_size', { simple: true }) as number
  database.close()
  const silent = indices.filter(({ name, table, rootpage }) => {
    const bytes = readFileSync(whole)
    const page = bytes.subarray((rootpage - 1) * size, rootpage * size)
    expect([table, page[0]]).toEqual([table, 0x0a])
    const entries = page.readUInt16BE(3)
    expect([name, entries > 0]).toEqual([name, !Object.hasOwn(ofNoRun, table)])
    for (let entry = 0; entry < entries; entry++) {
      // The length of its record, that record's header, which begins with its own length, and the values.
      const record = page.readUInt16BE(8 + 2 * entry) + 1
      page[record + page[record]!]! ^= 1
    }
    const path = join(folder, `changed-${++changes}.grokscope`)
    writeFileSync(path, bytes)
    return entries > 0 && !isTold(path)
  })
  expect(silent.map(({ name }) => name)).toEqual(Object.keys(readByNobody))
})

function contents() {
  const database = new DatabaseConstructor(whole, { readonly: true })
  try {
    return { columns: columnsOf(database), rows: rowsOf(database) }
  } finally {
    database.close()
  }
}

function where(row: Record<string, unknown>): string {
  return `WHERE ${Object.keys(row)
    .map((key) => `${key} = @${key}`)
    .join(' AND ')}`
}
