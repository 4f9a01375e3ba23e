import fc from 'fast-check'
import DatabaseConstructor from 'better-sqlite3'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Archive } from '../../../src/main/store/archive.ts'
import { RunIndex } from '../../../src/main/store/runIndex.ts'
import { RunTables } from '../../../src/main/store/runTables.ts'
import { facetFields, type FacetPath } from '../../../src/shared/specification/facets.ts'
import { requests, type RequestInput } from '../../../src/shared/contract.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import { filterRuns } from '../../../src/shared/query/filterRuns.ts'
import { runColumns } from '../../../src/shared/query/runColumns.ts'
import { isTextField, runFields, type RunField } from '../../../src/shared/query/runFields.ts'
import { readRunValue } from '../../../src/shared/query/runValues.ts'
import { orderings } from '../../../src/shared/query/runQuery.ts'
import { groupings, shelfOf, shelves } from '../../../src/shared/query/runTable.ts'
import { isSettled, type RunEventBody, type RunSummary } from '../../../src/shared/run.ts'
import { smallSpec, started, temporaryArchives } from '../../support/archive.ts'
import { oddTexts, storeOddRuns } from '../../support/oddRuns.ts'
import { countRunValues, listChosen, tableIds, tablePage } from '../../support/referenceTable.ts'

const archives = temporaryArchives('file')
let archive: Archive
let all: RunSummary[]

describe.each(['that is written', 'that its writer left'])('an archive %s', (state) => {
  beforeAll(() => {
    archive = archives.open()
    storeOddRuns(archive)
    if (state !== 'that is written') {
      archive.close()
      archive = archives.open(archive.path, { readOnly: true })
    }
    all = archive.runs.listRuns({ includeBinned: true })
    expect(all.some(({ status }) => status === 'interrupted')).toBe(state !== 'that is written')
  })

  describe('a filter', () => {
    it('lets through the very runs that the filter lets through one by one, in their order', () => {
      expect(all.length).toBe(40)
      fc.assert(
        fc.property(query, (where) => {
          const found = archive.runs.listRuns({ where, includeBinned: true })
          expect(found.map(({ id }) => id)).toEqual(filterRuns(where, all).map(({ id }) => id))
        }),
        { numRuns: 400 },
      )
    })

    it('finds the runs of every number that one of them has in a field', () => {
      for (const field of runFields) {
        if (isTextField(field) || field.kind === 'date' || field.names.includes('age')) continue
        const numbers = new Set(all.map((run) => readRunValue(field.value, run)))
        for (const number of numbers) {
          if (number === null) continue
          const where = `${field.names[0]} = ${number}`
          const expected = filterRuns(where, all).map(({ id }) => id)
          expect(expected.length, where).toBeGreaterThan(0)
          expect(archive.runs.listIds({ where, includeBinned: true }), where).toEqual(expected)
        }
      }
    })

    it('tells of every field which runs have something of it, and which have none', () => {
      for (const { names } of runFields.filter((field) => !field.names.includes('age'))) {
        for (const where of [`${names[0]} = none`, `${names[0]} != none`]) {
          const expected = filterRuns(where, all).map(({ id }) => id)
          expect(archive.runs.listIds({ where, includeBinned: true }), where).toEqual(expected)
        }
      }
    })

    it('takes as many terms as a filter can have', () => {
      for (const where of ['x '.repeat(2048), `${'p=5 or '.repeat(500)}p=7`, `${'not '.repeat(30)}p=5`]) {
        expect(archive.runs.listRuns({ where, includeBinned: true })).toEqual(filterRuns(where, all))
      }
    })
  })

  describe('a table of runs', () => {
    it('is what the same runs would be, arranged one by one', () => {
      fc.assert(
        fc.property(table, fc.nat(60), fc.nat(60), line, (requested, from, count, find) => {
          const question = requests['run.table'].parse({ ...requested, columns, from, count, find })
          expect(archive.tables.page(question)).toEqual(tablePage(all, question))
        }),
        { numRuns: 300 },
      )
    })

    it('is sorted by every column', () => {
      for (const by of columns) {
        for (const descending of [false, true]) {
          const question = requests['run.ids'].parse({ shelf: 'library', sort: { by, descending } })
          expect(archive.tables.ids(question), by).toEqual(tableIds(all, question))
        }
      }
    })

    it('names the runs that are found, those of a group, of a range of lines, and of some that are asked for', () => {
      const part = fc.record(
        {
          lines: fc.record({ from: line, to: line }),
          group: fc.constantFrom('finished', 'queued', '', 'no such', 'batch 1'),
          runIds: fc.array(
            fc.nat(39).map((i) => all[i]!.id),
            { minLength: 1, maxLength: 10 },
          ),
        },
        { requiredKeys: [] },
      )
      fc.assert(
        fc.property(table, part, (requested, named) => {
          const question = requests['run.ids'].parse({ ...requested, ...named })
          expect(archive.tables.ids(question)).toEqual(tableIds(all, question))
        }),
        { numRuns: 300 },
      )
    })

    it.each([
      { grouping: 'none', folded: [] },
      { grouping: 'status', folded: ['finished'] },
      { grouping: 'modulus', folded: 'all' },
    ] as const)('names the runs of any range of lines, $grouping, whose line stands for all of its runs', (table) => {
      const asked = { shelf: 'library', columns: [], from: 0, count: 60, ...table } as const
      const { page } = archive.tables.page(requests['run.table'].parse(asked))
      const keys = page.map((line) => (line.kind === 'run' ? { run: line.run.id } : { group: line.key }))
      expect(keys.length).toBeGreaterThan(1)
      for (const from of keys) {
        for (const to of keys) {
          const question = requests['run.ids'].parse({ shelf: 'library', ...table, lines: { from, to } })
          expect(archive.tables.ids(question)).toEqual(tableIds(all, question))
        }
      }
      const [there] = keys
      const gone = { run: 'no such' }
      for (const lines of [
        { from: gone, to: there! },
        { from: there!, to: gone },
      ]) {
        const question = requests['run.ids'].parse({ shelf: 'library', ...table, lines })
        expect(archive.tables.ids(question)).toEqual({ runIds: [], groups: [] })
      }
    })

    it('can be read ahead by every column and field', () => {
      const other = archives.open(archive.path, { readOnly: true })
      const steps = other.tables.readAhead(columns, [...runFields.map(({ names }) => names[0]!), 'no such'])
      expect([...steps].length).toBeGreaterThan(columns.length)
      const asked = { shelf: 'library', columns, from: 0, count: 60 } as const
      const question = requests['run.table'].parse(asked)
      expect(other.tables.page(question).page).toEqual(archive.tables.page(question).page)
    })

    it('has no line of a run that is not there', () => {
      const asked = { shelf: 'library', columns: [], from: 0, count: 60, find: { run: 'no such' } } as const
      expect(archive.tables.page(requests['run.table'].parse(asked)).at).toBeNull()
    })

    it('names the fields in which the runs that are found are not all alike', () => {
      fc.assert(
        fc.property(table, (requested) => {
          const question = requests['run.differing'].parse(requested)
          const found = tableIds(all, requests['run.ids'].parse(requested)).runIds
          const facets = found.map((id) => all.find((run) => run.id === id)!.facets)
          const paths = facetFields.map(({ path }) => path as FacetPath)
          const values = (path: FacetPath) => new Set(facets.map((of) => JSON.stringify(of[path] ?? null)))
          expect(archive.tables.differing(question)).toEqual(paths.filter((path) => values(path).size > 1))
        }),
        { numRuns: 200 },
      )
    })

    it('lists what is chosen, sorted where that is asked for', () => {
      const choice = fc.record(
        {
          where: query,
          shelf: fc.constantFrom(...shelves),
          status: fc.constant(['finished' as const, 'running' as const]),
          figure: fc.constant('musat2025/fig6' as const),
          sort,
        },
        { requiredKeys: [] },
      )
      fc.assert(
        fc.property(choice, fc.integer({ min: 1, max: 40 }), (requested, limit) => {
          const question = requests['run.list'].parse({ ...requested, limit })
          expect(archive.tables.list(question)).toEqual(listChosen(all, question))
        }),
        { numRuns: 200 },
      )
    })

    it('lists what is chosen by ids or experiments, those in the bin only where they are asked for, and says how many there are', () => {
      const idsOf = (runs: readonly RunSummary[]) => runs.map(({ id }) => id)
      const { runs } = archive
      const out = all.filter((run) => shelfOf(run) !== 'bin')
      expect(out.length).toBeLessThan(all.length)
      expect(runs.listIds()).toEqual(idsOf(out))
      const chosen = [all[7]!, all[2]!, all[11]!]
      const inOrder = all.filter((run) => chosen.includes(run))
      const runIds = [...idsOf(chosen), 'no such']
      expect(runs.listIds({ runIds, includeBinned: true })).toEqual(idsOf(inOrder))
      expect(runs.listIds({ runIds, includeBinned: true, where: 'not "no such text"' })).toEqual(idsOf(inOrder))
      const experimentIds = [all[0]!.experimentId]
      const ofExperiment = out.filter(({ experimentId }) => experimentIds.includes(experimentId))
      expect(runs.listIds({ experimentIds })).toEqual(idsOf(ofExperiment))
      const first = archive.tables.list({ where: '', limit: 1 })
      expect([idsOf(first.runs), first.total]).toEqual([idsOf(all.slice(0, 1)), all.length])
    })

    it('counts the values of every field', () => {
      for (const { names } of runFields) {
        if (names[0] === 'age') continue
        for (const prefix of ['', 'P', 'r']) {
          const question = requests['run.values'].parse({ field: names[0], prefix })
          expect([names[0], archive.tables.values(question)]).toEqual([names[0], countRunValues(all, question)])
        }
      }
    })
  })
})

describe('after something was written of some runs', () => {
  it('a table is what the runs are now, whatever was asked before', () => {
    const own = archives.open()
    storeOddRuns(own)
    all = own.runs.listRuns({ includeBinned: true })
    const write: Record<string, (run: RunSummary, text: string) => unknown> = {
      rename: ({ id }, text) => own.library.rename(id, text),
      renameExperiment: ({ experimentId }, text) => own.library.renameExperiment(experimentId, text),
      tag: ({ id, tags }, text) => own.library.tag([id], { add: [text], remove: tags.slice(1) }),
      untag: ({ id, tags }) => own.library.tag([id], { remove: tags }),
      archive: ({ id }) => own.library.move([id], 'setAside'),
      restore: ({ id }) => own.library.move([id], 'library'),
      measure: ({ id, step }, text) => {
        const values = { trainLoss: text.length, testAccuracy: 1 / (1 + step) }
        tellRun(id, { type: 'measured', step: step + 1, tau: 1, seconds: 1, values })
      },
      detect: ({ id, step }) => tellRun(id, { type: 'event', name: 'generalized', step, tau: 1, value: 1 }),
      settle: ({ id, step }, message) =>
        tellRun(id, { type: 'settled', status: 'failed', code: 'DIVERGED', message, step, tau: 1, seconds: 1 }),
      repeat({ experimentId, seed }) {
        own.runs.addRun(experimentId, { spec: toRunSpec(own.runs.experiment(experimentId).spec, seed) })
      },
    }
    function tellRun(runId: string, body: RunEventBody) {
      if (isSettled(own.runs.status(runId))) return
      own.applyEvents([{ runId, sequence: own.runs.nextSequence(runId), ...body }])
    }
    const reader = archives.open(own.path, { readOnly: true })
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(write)), fc.nat(), word, table, (what, of, text, requested) => {
        const question = requests['run.table'].parse({ ...requested, columns, from: 0, count: 60 })
        const asked = of % 3 === 0 ? [own, reader] : [own]
        for (const archive of asked) archive.tables.page(question)
        write[what]!(all[of % all.length]!, text)
        all = own.runs.listRuns({ includeBinned: true })
        for (const archive of asked) expect(archive.tables.page(question)).toEqual(tablePage(all, question))
      }),
      { numRuns: 300, endOnFailure: true },
    )
  })
})

it('a table that is arranged by what progresses is arranged anew as a run progresses', () => {
  const own = archives.open()
  const { runIds } = own.runs.createExperiment({ spec: smallSpec({ seeds: [0, 1] }) })
  const [first, second] = runIds as [string, string]
  const question = (asked: Partial<RequestInput<'run.ids'>>) =>
    requests['run.ids'].parse({ shelf: 'library', sort: { by: 'tau', descending: true }, ...asked })
  const bySeed = question({ sort: { by: 'seed', descending: false }, terms: ['step > 1'] })
  const measure = (runId: string, step: number) => {
    const values = { trainLoss: 1 }
    own.applyEvents([
      { runId, sequence: own.runs.nextSequence(runId), type: 'measured', step, tau: step, seconds: 1, values },
    ])
  }
  for (const runId of runIds) own.applyEvents([{ runId, sequence: own.runs.nextSequence(runId), ...started }])
  measure(first, 1)
  const ask = (asked = question({})) => own.tables.ids(asked).runIds
  expect(ask()).toEqual([first, second])
  measure(second, 2)
  expect(ask()).toEqual([second, first])
  expect(ask(bySeed)).toEqual([second])
  measure(first, 3)
  expect(ask(bySeed)).toEqual([first, second])
})

it('lists that are read are of the archive as others have written it, and of whether one writes it, at each moment', () => {
  const own = archives.open()
  const { runIds } = own.runs.createExperiment({ spec: smallSpec({ seeds: [0, 1] }) })
  own.runs.setStatus(runIds[0]!, 'running')
  const database = new DatabaseConstructor(own.path, { readonly: true })
  onTestFinished(() => void database.close())
  const revision = { all: 0, lasting: 0, writtenSince: () => new Set<string>() }
  let isWritten = true
  const index = new RunIndex({ database, readOnly: true, revision, amended: () => ({}), isWritten: () => isWritten })
  const tables = new RunTables({ database, index, summaries: () => [] })
  const question = requests['run.ids'].parse({ shelf: 'library', grouping: 'status' })
  const statuses = () => tables.ids(question).groups.toSorted()
  expect(statuses()).toEqual(['queued', 'running'])
  isWritten = false
  expect(statuses()).toEqual(['interrupted', 'queued'])
  isWritten = true
  own.runs.setStatus(runIds[1]!, 'running')
  expect(statuses()).toEqual(['running', 'running'])
})

const columns = runColumns.map(({ id }) => id)
const sort = fc.record({ by: fc.constantFrom(...columns), descending: fc.boolean() })
const values = [
  ...oddTexts,
  'none',
  'p',
  'fin*',
  '*',
  '*9',
  'ÄR*',
  '*ss*',
  'ß',
  'k',
  'σ',
  'i̇',
  '5',
  '0.5',
  '1e-3',
  '50%',
  '2026',
  'batch 1',
]
const word = fc.constantFrom(...values)
const line = fc.oneof(
  fc.nat(39).map((i) => ({ run: all[i]!.id })),
  fc.constantFrom('finished', 'isolated, Euler', '', 'batch 1').map((group) => ({ group })),
)

function comparison(field: RunField): fc.Arbitrary<string> {
  const operators = isTextField(field) ? [':', '=', '!='] : ['=', '!=', ...orderings]
  const own = field.words ? fc.oneof(fc.constantFrom(...field.words), word) : word
  return fc
    .tuple(fc.constantFrom(...field.names), fc.constantFrom(...operators), own)
    .map(([name, operator, value]) => {
      return `${name} ${operator} ${value === 'none' ? value : `"${value.replaceAll('"', '')}"`}`
    })
}

const term = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...runFields).chain(comparison) },
  { weight: 1, arbitrary: word.map((text) => `"${text.replaceAll('"', '')}"`) },
)
const { query: anyQuery } = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3 },
    term,
    fc.tuple(tie('query'), fc.constantFrom(' and ', ' or ', ' '), tie('query')).map((parts) => `(${parts.join('')})`),
    tie('query').map((inner) => `not (${inner})`),
  ),
}))
const query = anyQuery.filter((text) => {
  try {
    filterRuns(text, [])
    return !/\bage\b/.test(text)
  } catch {
    return false
  }
})
const table: fc.Arbitrary<Omit<RequestInput<'run.ids'>, 'archive'>> = fc.record({
  shelf: fc.constantFrom(...shelves),
  terms: fc.array(query, { maxLength: 3 }),
  without: fc.array(
    fc.nat(39).map((i) => all[i]!.id),
    { maxLength: 3 },
  ),
  grouping: fc.constantFrom(...groupings),
  sort,
  folded: fc.oneof(
    fc.constant('all' as const),
    fc.array(fc.constantFrom('finished', '', 'isolated, Euler'), { maxLength: 2 }),
  ),
})

it('the seeds of an experiment stay in their order, however long it takes to store them', () => {
  let now = Date.UTC(2026, 0, 1)
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => (now += 1000))
  onTestFinished(() => clock.mockRestore())
  const own = archives.open()
  const seeds = [1, 2, 3, 4]
  const { runIds } = own.runs.createExperiment({ spec: smallSpec({ seeds }) })
  const { runIds: later } = own.runs.createExperiment({ spec: smallSpec({ seeds: [0] }) })
  const list = (descending: boolean) =>
    requests['run.ids'].parse({ shelf: 'library', terms: [], sort: { by: 'createdAt', descending } })
  expect(own.tables.ids(list(true)).runIds).toEqual([...later, ...runIds])
  expect(own.tables.ids(list(false)).runIds).toEqual([...runIds, ...later])
})

it('how long ago a run was made is asked of the moment at which it is asked', () => {
  let now = Date.UTC(2026, 0, 1)
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now)
  onTestFinished(() => clock.mockRestore())
  const own = archives.open()
  const make = () => own.runs.createExperiment({ spec: smallSpec({ seeds: [0] }) }).runIds[0]!
  const older = make()
  now += 1000_000
  const younger = make()
  const find = (where: string) => own.runs.listIds({ where })
  now += 2000_000
  expect([find('age > 2500'), find('age < 2500'), find('age = 2000')]).toEqual([[older], [younger], [younger]])
  now += 1000_000
  expect([find('age > 2500'), find('age < 2500'), find('age = 2000')]).toEqual([[younger, older], [], []])
})

it('at most 20 000 runs are named at once', () => {
  const archive = archives.open()
  archive.runs.createExperiment({ spec: smallSpec({ seeds: [0] }) })
  archive.close()
  const database = new DatabaseConstructor(archive.path)
  const copies = (table: string, key: string) => {
    const columns = database.prepare('SELECT name FROM pragma_table_info(?) WHERE name <> ?').pluck().all(table, key)
    return database.prepare(`
      WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ?)
      INSERT INTO ${table} (${[key, ...columns]}) SELECT ${["printf('copy%05d', i)", ...columns]} FROM numbers, ${table}`)
  }
  const tables = [copies('runs', 'id'), copies('documents', 'runId')]
  const find = () => {
    const reader = archives.open(archive.path, { readOnly: true })
    const found = reader.tables.ids(requests['run.ids'].parse({ shelf: 'library' }))
    reader.close()
    return found.runIds.length
  }
  for (const table of tables) table.run(19_999)
  expect(find()).toBe(20_000)
  database.exec("DELETE FROM documents WHERE runId LIKE 'copy%'; DELETE FROM runs WHERE id LIKE 'copy%'")
  for (const table of tables) table.run(20_000)
  expect(find).toThrow('20001 runs are more than are chosen at once; at most 20000')
  database.close()
})
