import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openLaboratory } from '../../../src/main/services/laboratory.ts'
import { storeFacets } from '../../../src/main/store/runFacets.ts'
import type { ExperimentSpec } from '../../../src/shared/experiment.ts'
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
  write(database)
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
    for (const runId of [...alike, other]) expect(findings(path, runId)).toEqual([])
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
