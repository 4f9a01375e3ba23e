import { join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Archive } from '../../../src/main/store/archive.ts'
import { jsonParts, sql } from '../../../src/main/store/sql.ts'
import { requests } from '../../../src/shared/contract.ts'
import { filterRuns } from '../../../src/shared/query/filterRuns.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import { temporaryArchives } from '../../support/archive.ts'
import { writeManyRuns } from '../../support/manyRuns.ts'

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

  beforeAll(() => {
    const path = join(archives.folder(), 'many.grokscope')
    writeManyRuns(path, 4200)
    archive = archives.open(path, { readOnly: true })
    all = archive.runs.listRuns({ includeBinned: true })
  }, 300_000)

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
