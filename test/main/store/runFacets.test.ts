import { createHash } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openLaboratory } from '../../../src/main/services/laboratory.ts'
import { migrate } from '../../../src/main/store/migrations/migrate.ts'
import {
  copyFacets,
  facetsToRepair,
  hasItsFacets,
  readFacets,
  removeUnusedFacets,
  storeFacets,
  storeFacetsOf,
} from '../../../src/main/store/runFacets.ts'
import {
  requireComposed,
  toRunSpec,
  type ComposedRunSpec,
  type ExperimentSpec,
} from '../../../src/shared/experiment.ts'
import { facetsOf } from '../../../src/shared/specification/facets.ts'
import { smallSpec, temporaryArchives, writeAsStored } from '../../support/archive.ts'
import { temporaryFolder } from '../../support/folders.ts'

const archives = temporaryArchives()

/** A closed archive of three runs, two of which share what lists say of them. */
function stored() {
  const archive = archives.open()
  const create = (spec: ExperimentSpec) => archive.runs.createExperiment({ spec }).runIds
  const alike = create(smallSpec({ seeds: [0, 1] }))
  const [other] = create(smallSpec({ network: { hidden: 32 } }))
  archive.close()
  return { path: archive.path, alike, other: other! }
}

function change(path: string, write: (database: Database) => unknown): void {
  const database = new DatabaseConstructor(path)
  database.pragma('synchronous = off')
  database.transaction(() => write(database))()
  database.close()
}

/** What it logs as it opens. */
async function openAndClose(archivePath: string): Promise<string[]> {
  const logged: string[] = []
  const laboratory = openLaboratory({
    archivePath,
    cacheFolder: temporaryFolder(),
    startWorker: () => {
      throw new Error('nothing here is computed')
    },
    host: {
      chooseArchive: () => Promise.resolve({ path: null, hasDialog: false }),
      chooseFolder: () => Promise.resolve({ path: null, hasDialog: false }),
    },
    slots: 1,
    log: (text) => logged.push(text),
  })
  await laboratory.facetsRepaired
  await laboratory.close()
  return logged
}

function findings(path: string, runId: string): string[] {
  const archive = archives.open(path, { readOnly: true })
  const found = archive.integrity.checkWhole(runId).findings
  archive.close()
  return found
}

function found(path: string, where: string): string[] {
  const archive = archives.open(path, { readOnly: true })
  const ids = archive.runs.listIds({ where }).toSorted()
  archive.close()
  return ids
}

const ofAlike = "setup = (SELECT setup FROM facets WHERE path = 'network.hidden' AND number = 16)"

describe('facets that are not what was stored', () => {
  it.each([
    ['one was lost', `DELETE FROM facets WHERE path = 'task.modulus' AND ${ofAlike}`],
    ['all were lost', `DELETE FROM facets WHERE ${ofAlike}`],
    ['one was changed', `UPDATE facets SET number = 7 WHERE path = 'task.modulus' AND ${ofAlike}`],
    ['one was added', `INSERT INTO facets SELECT setup, 'task.sides', 3, NULL FROM facets WHERE number = 16`],
  ])('are stored anew after the archive was opened, and told of, where %s', async (_, damage) => {
    const { path, alike, other } = stored()
    change(path, (database) => database.exec(damage))
    for (const runId of alike) expect(findings(path, runId)).not.toEqual([])
    const [line, ...more] = await openAndClose(path)
    expect(more).toEqual([])
    expect(line).toMatch(/damaged.*restored/)
    for (const runId of alike) expect(line).toContain(runId)
    expect(line).not.toContain(other)
    for (const runId of alike) expect(findings(path, runId)).toEqual([])
    expect(found(path, 'modulus=5 hidden=16')).toEqual(alike.toSorted())
    expect(await openAndClose(path)).toEqual([])
  })

  it('of many runs are stored anew some runs at a time', () => {
    const archive = archives.open()
    const seeds = Array.from({ length: 250 }, (_, seed) => seed)
    const { runIds } = archive.runs.createExperiment({ spec: smallSpec({ seeds }) })
    archive.close()
    change(archive.path, (database) => database.exec("DELETE FROM facets WHERE path = 'task.modulus'"))
    const again = archives.open(archive.path)
    const steps = [...again.runs.repairFacets()].filter(({ length }) => length > 0)
    expect(steps.map(({ length }) => length)).toEqual([100, 100, 50])
    expect(steps.flat().toSorted()).toEqual(runIds.toSorted())
    expect(again.runs.listIds({ where: 'modulus=5' })).toHaveLength(250)
    expect([...again.runs.repairFacets()].flat()).toEqual([])
    again.close()
  })

  it('stay damage where the specification itself is not what was stored', async () => {
    const { path, alike, other } = stored()
    change(path, (database) => {
      database.exec(`DELETE FROM facets WHERE ${ofAlike}`)
      database.prepare("UPDATE documents SET spec = json_set(spec, '$.task.modulus', 7)").run()
    })
    const before = alike.map((runId) => findings(path, runId))
    expect(await openAndClose(path)).toEqual([])
    expect(alike.map((runId) => findings(path, runId))).toEqual(before)
    expect(findings(path, other)).toContain('its record is not what was stored')
    expect(found(path, 'modulus=7')).toEqual([])
  })
})

it('facets that are as they should be are left, and nothing is written', () => {
  const { path } = stored()
  const { runs } = archives.open(path)
  change(path, (database) => {
    const before = database.pragma('data_version')
    expect([...runs.repairFacets()].flat()).toEqual([])
    expect(database.pragma('data_version')).toEqual(before)
  })
})

describe('facets of a version that had fewer fields', () => {
  it('get those that have come since, once, and records stay true', async () => {
    const { path, alike, other } = stored()
    writeAsStored(path, (database) => {
      const setups = database.prepare('SELECT id, spec FROM runs JOIN documents ON runId = id').all()
      for (const { id, spec } of setups as { id: string; spec: string }[]) {
        const { inputs: _, pairs: __, ...task } = (JSON.parse(spec) as { task: Record<string, unknown> }).task
        const setup = storeFacets(database, { ...(JSON.parse(spec) as object), task })
        database.prepare('UPDATE runs SET setup = ? WHERE id = ?').run(setup, id)
      }
      database.exec('DELETE FROM facets WHERE setup NOT IN (SELECT setup FROM runs)')
    })
    expect(found(path, 'pairs=unordered')).toEqual([])
    expect(await openAndClose(path)).toEqual([])
    expect(found(path, 'pairs=unordered')).toEqual([...alike, other].toSorted())
    // What no run has any more is gone.
    change(path, (database) => {
      const unused = 'SELECT count(*) FROM facets WHERE setup NOT IN (SELECT setup FROM runs)'
      expect(database.prepare(unused).pluck().get()).toBe(0)
    })
    for (const runId of [...alike, other]) expect(findings(path, runId)).toEqual([])
  })

  it('get what lists hold, where one of the same fields without entries has all of its own', async () => {
    const archive = archives.open()
    const clamped = (norm: number) => smallSpec({ ...training('gradientDescent'), interventions: [clampNorm(norm)] })
    const specs = [smallSpec(training('gradientDescent')), clamped(1), clamped(2)]
    const runIds = specs.flatMap((spec) => archive.runs.createExperiment({ spec }).runIds)
    const facets = archive.runs.summaries(runIds).map((run) => run.facets)
    archive.close()
    writeAsStored(archive.path, (database) => {
      for (const [place, spec] of specs.map((each) => requireComposed(toRunSpec(each, 0))).entries()) {
        // Of entries that say nothing their number alone is stored, as it once was of all.
        const setup = storeFacets(database, { ...spec, interventions: spec.interventions.map(() => ({})) })
        database.prepare('UPDATE runs SET setup = ? WHERE id = ?').run(setup, runIds[place])
      }
      database.exec('DELETE FROM facets WHERE setup NOT IN (SELECT setup FROM runs)')
    })
    const shown = () => {
      const again = archives.open(archive.path, { readOnly: true })
      const all = again.runs.summaries(runIds).map((run) => run.facets)
      again.close()
      return all
    }
    // Where it is opened to be read only, they are read in the specifications.
    expect(shown()).toEqual(facets)
    expect(await openAndClose(archive.path)).toEqual([])
    expect(shown()).toEqual(facets)
    change(archive.path, (database) => {
      const setupOf = database.prepare('SELECT setup FROM runs WHERE id = ?').pluck()
      expect(runIds.map((runId) => readFacets(database, setupOf.get(runId) as string))).toEqual(facets)
    })
    for (const runId of runIds) expect(findings(archive.path, runId)).toEqual([])
  })
})

const clampNorm = (norm: number) => ({ kind: 'clampNorm' as const, at: 0, norm })

const training = (optimizer: string) => ({
  dynamics: { kind: 'training', optimizer, learningRate: 0.5, weightDecay: 1e-3, steps: 10 },
})

const specs = fc
  .record({
    modulus: fc.constantFrom(5, 7),
    hidden: fc.constantFrom(16, 32),
    optimizer: fc.constantFrom('gradientDescent', 'momentum'),
    seed: fc.nat(1),
    name: fc.constantFrom('one', 'another'),
  })
  .map(({ modulus, hidden, optimizer, seed, name }) => {
    const task = { kind: 'modularAddition', modulus, trainFraction: 0.6 }
    return toRunSpec(smallSpec({ name, task, network: { hidden }, ...training(optimizer) }), seed)
  })

/** A database with the facets of no run. */
function emptyDatabase(): Database {
  const database = new DatabaseConstructor(':memory:')
  migrate(database)
  onTestFinished(() => void database.close())
  return database
}

describe('the facets of a specification', () => {
  it('are stored once under a name of their own, and again where they are no longer what was stored', () => {
    const [database, other] = [emptyDatabase(), emptyDatabase()]
    const damages = [
      'DELETE FROM facets WHERE setup = ?',
      "DELETE FROM facets WHERE setup = ? AND path = 'task.modulus'",
      "UPDATE facets SET number = 6 WHERE setup = ? AND path = 'task.modulus'",
      "UPDATE facets SET number = NULL WHERE setup = ? AND path = 'task.modulus'",
      "INSERT INTO facets SELECT setup, 'task.sides', 3, NULL FROM facets WHERE setup = ? AND path = 'task.modulus'",
    ]
    const setups = new Map<string, string>()
    fc.assert(
      fc.property(specs, fc.constantFrom('', ...damages), fc.boolean(), (spec, damage, asText) => {
        const store = () => (asText ? storeFacetsOf(database, JSON.stringify(spec)) : storeFacets(database, spec))
        const facets = facetsOf(spec)
        const setup = store()
        expect(readFacets(database, setup)).toEqual(facets)
        expect(setups.get(JSON.stringify(facets)) ?? setup).toBe(setup)
        expect([...setups].every(([said, name]) => (name === setup) === (said === JSON.stringify(facets)))).toBe(true)
        setups.set(JSON.stringify(facets), setup)

        if (damage) database.prepare(damage).run(setup)
        other.exec('DELETE FROM facets')
        for (const _ of ['once', 'and no more where they are']) copyFacets(database, other, setup)
        expect(readFacets(other, setup)).toEqual(readFacets(database, setup))
        expect(Object.values(readFacets(other, setup))).not.toContain(null)
        expect(store()).toBe(setup)
        expect(readFacets(database, setup)).toEqual(facets)
      }),
      { numRuns: 60 },
    )
  })

  it('have one name in every archive and version: 128 bits of the SHA-256 of their rows, sorted by path', () => {
    const database = emptyDatabase()
    fc.assert(
      fc.property(specs, (spec) => {
        const setup = storeFacets(database, spec)
        const ofSetup = database.prepare('SELECT path, number, text FROM facets WHERE setup = ? ORDER BY path')
        const rows = ofSetup.raw().all(setup)
        expect(setup).toBe(createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 32))
      }),
      { numRuns: 10 },
    )
  })

  it('of an older version are those of the fields that it has and of what then held, else as it is written', () => {
    const database = emptyDatabase()
    const facetsOfText = (text: string) => readFacets(database, storeFacetsOf(database, text))
    const spec = requireComposed(toRunSpec(smallSpec(), 0))
    const { record: _, initialization: __, ...older } = spec
    expect(facetsOfText(JSON.stringify(older))).toEqual(facetsOf(spec))
    const former = JSON.stringify(spec).replaceAll(/(memor|general)ize/g, '$1ise')
    expect(facetsOfText(former)).toEqual(facetsOf(spec))
    const newer = former.replace('modularAddition', 'unheardOf')
    expect(facetsOfText(newer)).toMatchObject({ ...facetsOf(spec), 'task.kind': 'unheardOf' })
    expect(facetsOfText('{')).toEqual({})
  })

  it('go with the last run that has them', () => {
    const { path, alike, other } = stored()
    change(path, (database) => {
      const names = () => database.prepare('SELECT DISTINCT setup FROM facets').pluck().all()
      removeUnusedFacets(database)
      expect(names()).toHaveLength(2)
      for (const runId of [...alike, other]) expect(hasItsFacets(database, runId)).toBe(true)
      database.prepare('UPDATE runs SET setup = (SELECT setup FROM runs WHERE id = ?)').run(other)
      removeUnusedFacets(database)
      expect(names()).toHaveLength(1)
      database.exec("UPDATE facets SET number = 1 WHERE path = 'task.modulus'")
      expect(hasItsFacets(database, other)).toBe(false)
    })
  })

  it('of many specifications are looked through some at a time, those damaged and those outdated kept apart', () => {
    const archive = archives.open()
    const [plain, heavy] = ['gradientDescent', 'momentum'].map((each) =>
      requireComposed(toRunSpec(smallSpec(training(each)), 0)),
    ) as [ComposedRunSpec, ComposedRunSpec]
    const runs = Array.from({ length: 240 }, (_, i) => {
      const spec = i % 4 === 3 ? heavy : plain
      return { spec: { ...spec, network: { ...spec.network, hidden: i + 1 } } }
    })
    const { runIds } = archive.runs.createExperiment({ spec: smallSpec(), runs })
    archive.close()
    const every = (rest: number) => runIds.filter((_, i) => i % 4 === rest)
    change(archive.path, (database) => {
      for (const runId of every(0)) {
        const damage = "UPDATE facets SET number = 7 WHERE path = 'task.modulus' AND setup = "
        database.prepare(`${damage}(SELECT setup FROM runs WHERE id = ?)`).run(runId)
      }
      // Without its one field of its own a momentum has no more than gradient descent.
      for (const [i, runId] of every(3).entries()) {
        const { dynamics, ...spec } = runs[4 * i + 3]!.spec
        const setup = storeFacets(database, { ...spec, dynamics: { ...dynamics, optimizer: { kind: 'momentum' } } })
        database.prepare('UPDATE runs SET setup = ? WHERE id = ?').run(setup, runId)
      }
      const steps = [...facetsToRepair(database)]
      expect(steps.flatMap(({ damaged }) => damaged).toSorted()).toEqual(every(0).toSorted())
      expect(steps.flatMap(({ outdated }) => outdated).toSorted()).toEqual(every(3).toSorted())
      // At most a hundred specifications are looked at between two steps.
      expect(steps.length).toBeGreaterThanOrEqual(3)
    })
  })
})

it('a run of version 0.1.0 is mended from its specification as it was written then', async () => {
  const path = join(archives.folder(), 'kept.grokscope')
  copyFileSync(join(import.meta.dirname, '../../support/archives/0.1.0.grokscope'), path)
  await openAndClose(path)
  const whole = found(path, 'modulus>0')
  change(path, (database) => database.exec("DELETE FROM facets WHERE path LIKE 'task.%'"))
  expect(found(path, 'modulus>0')).toEqual([])
  expect(await openAndClose(path)).toHaveLength(1)
  expect(found(path, 'modulus>0')).toEqual(whole)
  for (const runId of whole) expect(findings(path, runId)).toEqual([])
})
