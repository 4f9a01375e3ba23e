import { join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Archive } from '../../../src/main/store/archive.ts'
import { RunIndex } from '../../../src/main/store/runIndex.ts'
import { RunTables } from '../../../src/main/store/runTables.ts'
import { jsonParts, sql } from '../../../src/main/store/sql.ts'
import { requests } from '../../../src/shared/contract.ts'
import { filterRuns } from '../../../src/shared/query/filterRuns.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import { temporaryArchives } from '../../support/archive.ts'
import { writeManyRuns } from '../../support/manyRuns.ts'
import { tablePage } from '../../support/referenceTable.ts'

describe('rows read in parts', () => {
  const database = new DatabaseConstructor(':memory:')

  it.each([0, 1, 4095, 4096, 4097, 10_000])('are all of %i, in order, and never many at once', (count) => {
    const read = [
      ...jsonParts(database, ['i', 'half'], count, ([last] = [0]) => {
        return sql`WITH RECURSIVE numbers (i) AS (SELECT ${last} + 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${count})
          SELECT i, i / 2.0 AS half FROM numbers WHERE i <= ${count}`
      }),
    ]
    const expected = Array.from({ length: count }, (_, i) => i + 1)
    expect(read.flatMap(([i]) => i)).toEqual(expected)
    expect(read.flatMap(([, half]) => half)).toEqual(expected.map((i) => i / 2))
    for (const [i] of read) expect(i!.length).toBeLessThanOrEqual(4096)
  })
})

describe('an archive of more runs than are read at once', () => {
  const archives = temporaryArchives('file')
  let archive: Archive
  let all: RunSummary[]
  // On the shelf there are more of them than are looked up one by one.
  const runs = 5200

  beforeAll(() => {
    const path = join(archives.folder(), 'many.grokscope')
    writeManyRuns(path, runs)
    archive = archives.open(path, { readOnly: true })
    all = archive.runs.listRuns({ includeBinned: true })
  })

  it.each([
    'trainAccuracy = 1',
    't_grok < 2500',
    'tag:checked name:"seed 7"',
    'p = 37 not status:failed',
    'seconds > 50',
  ])('the filter %s lets through the very runs that it lets through one by one', (where) => {
    const found = archive.runs.listIds({ where, includeBinned: true })
    expect(found).toEqual(filterRuns(where, all).map(({ id }) => id))
    expect(found.length).toBeGreaterThan(0)
  })

  it.each(['modulus', 'status'] as const)('groups by %s come to what their runs have', (grouping) => {
    const columns = ['dynamics', 'task.modulus', 'testAccuracy', 'generalizedStep', 'seconds', 'createdAt']
    const asked = { shelf: 'library', grouping, folded: 'all', columns, from: 0, count: 50 } as const
    const question = requests['run.table'].parse(asked)
    const { found, page } = archive.tables.page(question)
    expect(found).toBeGreaterThan(5000)
    expect(page).toEqual(tablePage(all, question).page)
  })

  it('whoever asks while it is read ahead gets the very runs, however far that has come, and no step reads many runs', () => {
    const questions = ['"seed"', 'name:"ridge"', 'tag:checked', 't_grok < 2500', 'status:failed']
    const all = new Map(questions.map((where) => [where, archive.runs.listIds({ where, includeBinned: true })]))
    const parse = vi.spyOn(JSON, 'parse')
    for (const [i, where] of questions.entries()) {
      const other = archives.open(archive.path, { readOnly: true })
      const steps = other.tables.readAhead(['testAccuracy', 'generalizedStep'], ['tau', 'seconds'])
      for (let step = 0; step < 3 * i + 2; step++) {
        parse.mockClear()
        steps.next()
        // The census, which is the first, is read at once; a part of anything else is at most three lists.
        if (step > 0) expect(parse.mock.results.filter(({ value }) => isLong(value)).length).toBeLessThanOrEqual(3)
      }
      expect(other.runs.listIds({ where, includeBinned: true })).toEqual(all.get(where))
      for (const _ of steps);
      expect(other.runs.listIds({ where, includeBinned: true })).toEqual(all.get(where))
    }
    parse.mockRestore()
  })

  it('holds at most 128 bytes of a run for what is looked for in words and for the columns that are shown at first', () => {
    const database = new DatabaseConstructor(archive.path, { readonly: true })
    const revision = { all: 0, lasting: 0, writtenSince: () => new Set<string>() }
    const index = new RunIndex({ database, readOnly: true, revision, amended: () => ({}), isWritten: () => false })
    const tables = new RunTables({ database, index, summaries: () => [] })
    const shown = [
      'testAccuracy',
      'generalizedStep',
      'generalizedTau',
      'seconds',
      'createdAt',
      'task.modulus',
      'dynamics',
    ]
    for (const _ of tables.readAhead(shown));
    const { count } = index.reading(() => index.census())
    expect(count).toBe(runs)
    expect(index.bytes).toBeGreaterThan(40 * count)
    expect(index.bytes).toBeLessThanOrEqual(128 * count)
    database.close()
  })

  it('what a filter names is read before it is compared', () => {
    const prepare = vi.spyOn(DatabaseConstructor.prototype, 'prepare')
    const readsOf = (name: string) => prepare.mock.calls.filter(([text]) => text.includes(`${name} AS number`)).length
    const question = { shelf: 'library', grouping: 'none', columns: [], from: 0, count: 10 } as const
    const ask = (terms: string[]) => archive.tables.page(requests['run.table'].parse({ ...question, terms }))
    for (const _ of archive.tables.readAhead([], ['trainLoss']));
    expect(readsOf('latest.value')).toBeGreaterThan(0)
    prepare.mockClear()
    expect(ask(['trainLoss > 1e-6']).found).toBeGreaterThan(0)
    expect(readsOf('latest.value')).toBe(0)
    ask(['testMse > 1e-6'])
    expect(readsOf('latest.value')).toBeGreaterThan(0)
    prepare.mockRestore()
  })
})

/** Not of the runs of one experiment, or of the tags of one run. */
function isLong(value: unknown): boolean {
  return Array.isArray(value) && value.length > 100
}
