import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeWorkers } from '../../../src/main/engine/host/nodeWorker.ts'
import { createClientWatch } from '../../../src/main/services/clientWatch.ts'
import { dispatch } from '../../../src/main/services/dispatch.ts'
import { collectFile } from '../../../src/main/services/interchange/collectFile.ts'
import { exportRun } from '../../../src/main/services/interchange/exportRun.ts'
import { openLaboratory, type Laboratory, type LaboratoryOptions } from '../../../src/main/services/laboratory.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import type { RequestInput, RequestName, Responses } from '../../../src/shared/contract.ts'
import { LabError } from '../../../src/shared/errors.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { runColumns } from '../../../src/shared/query/runColumns.ts'
import { runFields } from '../../../src/shared/query/runFields.ts'
import { groupings } from '../../../src/shared/query/runTable.ts'
import { noFigures, provenance, smallSpec, writeAsStored } from '../../support/archive.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { makeNewer, newerKinds, storeNewerRun } from '../../support/newerRuns.ts'
import { workerProgram } from '../../support/program.ts'

const folder = temporaryFolder()
const uncalled = { call: () => Promise.reject(new Error('nothing is to be computed')) }

const options = (archivePath: string): LaboratoryOptions => ({
  archivePath,
  cacheFolder: folder,
  startWorker: () => {
    throw new Error('nothing here is computed')
  },
  host: {
    chooseArchive: () => Promise.resolve({ path: null, hasDialog: false }),
    chooseFolder: () => Promise.resolve({ path: null, hasDialog: false }),
  },
  slots: 1,
})

describe.each(newerKinds)('a run that a later version made, with $what', ({ what, told, write, isReadable }) => {
  const path = join(folder, `${what}.grokscope`)
  const { newer, other, waiting } = storeNewerRun(path, write)
  const refusal = expect.objectContaining({
    code: 'RUN_NEWER',
    message: expect.stringMatching(told) as string,
  }) as Error
  let laboratory: Laboratory
  beforeAll(() => {
    laboratory = openLaboratory(options(path))
  })
  afterAll(() => laboratory.close())

  async function ask<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Responses[Name]> {
    const answer = await dispatch(createClientWatch(laboratory.handlers).handlers, name, input)
    if (!answer.ok) throw LabError.fromRecord(answer.error)
    return answer.data as Responses[Name]
  }

  it('is listed, found, sorted and grouped beside the others', async () => {
    const { runs } = await ask('run.list', {})
    expect(runs.map(({ id }) => id)).toEqual([newer, waiting, other])
    expect(runs[0]).toMatchObject({
      name: 'of tomorrow, seed 0',
      status: 'finished',
      step: 100,
      latest: { trainLoss: 100 },
    })
    for (const { id } of runColumns) {
      expect((await ask('run.list', { sort: { by: id, descending: true } })).runs).toHaveLength(3)
    }
    for (const grouping of groupings) {
      const { page } = await ask('run.table', { shelf: 'library', grouping, from: 0, count: 50 })
      expect(JSON.stringify(page)).toContain(newer)
    }
    for (const { names } of runFields) await ask('run.values', { field: names[0] })
    expect((await ask('run.list', { where: 'tomorrow' })).runs.map(({ id }) => id)).toEqual([newer])
  })

  it('is shown with what is known of it, and it is said in words what is not', async () => {
    const shown = await ask('run.show', { runId: newer })
    expect(shown).toMatchObject({
      status: 'finished',
      integrity: { hash: 'same', findings: [] },
      newer: expect.stringMatching(told) as string,
    })
    expect(shown.newer).toContain(`run ${newer} was made by a newer version of Grokscope, 9.9.9: `)
    expect(shown.measured).toContain('trainLoss')
    expect(shown.spec === null).toBe(!isReadable)
    expect(shown.spec ?? shown.foreignSpec).toMatchObject({ name: 'of tomorrow', network: { hidden: 16 } })
    const [curves] = await ask('run.curves', { runIds: [newer], measurements: ['trainLoss'] })
    expect([...curves!.curves.trainLoss!.value]).toEqual([0, 50, 100])
    expect((await ask('run.snapshots', { runId: newer })).map(({ step }) => step)).toEqual([0, 100])
    expect(await ask('run.show', { runId: other })).toMatchObject({ newer: null, foreignSpec: null })
  })

  it('is exported where it can be read, and refused in words where not', async () => {
    const archive = openArchive(path, { readOnly: true })
    const exported = async (format: 'csv' | 'json' | 'npz') =>
      Buffer.from((await collectFile(exportRun(archive, newer, format, uncalled), 'nothing')).bytes).toString('latin1')
    expect(await exported('csv')).toMatch(/^step,tau,seconds,trainLoss/)
    expect(JSON.parse(await exported('json'))).toMatchObject({
      id: newer,
      spec: { name: 'of tomorrow' },
      measurements: { trainLoss: [0, 50, 100] },
    })
    if (isReadable) expect(await exported('npz')).toMatch(/^PK/)
    else await expect(exported('npz')).rejects.toEqual(refusal)
    archive.close()
  })

  it('is told apart from others among many', async () => {
    expect(await ask('run.newer', { runIds: [other, newer] })).toEqual({ runIds: [newer] })
  })

  it('is not gone on with in any way, and stays as it is', async () => {
    const before = (await ask('run.list', {})).runs
    await expect(ask('run.resume', { runIds: [newer] })).rejects.toEqual(refusal)
    await expect(ask('run.extend', { runIds: [newer], steps: 500 })).rejects.toEqual(refusal)
    await expect(ask('run.rerun', { runIds: [newer] })).rejects.toEqual(refusal)
    await expect(ask('run.rerun', { runIds: [other, newer] })).rejects.toEqual(refusal)
    await expect(ask('run.branch', { runId: newer, step: 100, spec: { ...smallSpec() } })).rejects.toEqual(refusal)
    expect((await ask('run.list', {})).runs).toEqual(before)
  })

  it('can be named, tagged and put away, and is what was stored of it afterwards', async () => {
    await ask('run.tag', { changes: [{ runIds: [newer, other], add: ['seen'], remove: [] }] })
    await ask('run.rename', { runId: newer, name: 'renamed' })
    await ask('run.annotate', { runId: newer, notes: 'from elsewhere', before: '' })
    await ask('run.move', { moves: [{ runIds: [newer], to: 'setAside' }] })
    const shown = await ask('run.show', { runId: newer })
    expect(shown).toMatchObject({
      name: 'renamed',
      notes: 'from elsewhere',
      tags: ['seen'],
      integrity: { findings: [] },
    })
    expect(shown.newer).toMatch(told)
  })

  it('is carried whole to another file, and not imported by halves', async () => {
    const carried = join(temporaryFolder(), 'carried.grokscope')
    const source = openArchive(path, { readOnly: true })
    await source.exchange.exportRuns([newer, other], carried)
    source.close()
    const copy = openArchive(carried, { readOnly: true })
    expect(copy.integrity.checkWhole(newer)).toEqual({ hash: 'same', findings: [] })
    expect(copy.integrity.newer(newer)).toMatch(told)
    copy.close()
    const target = openArchive(join(temporaryFolder(), 'target.grokscope'))
    expect(target.exchange.importRuns(carried)).toEqual({
      imported: [other],
      alreadyPresent: [],
      refused: [{ runId: newer, findings: [expect.stringMatching(told)] }],
      ...noFigures,
    })
    expect(target.runs.listIds()).toEqual([other])
    target.close()
  })

  it('is damaged, and of no other version, where it is not what was stored', () => {
    const damaged = join(temporaryFolder(), 'damaged.grokscope')
    copyFileSync(path, damaged)
    const database = new DatabaseConstructor(damaged)
    database.prepare('UPDATE runs SET seconds = 77 WHERE id = ?').run(newer)
    database.close()
    const archive = openArchive(damaged, { readOnly: true })
    expect(archive.integrity.newer(newer)).toBe(null)
    expect(archive.integrity.check(newer).findings).toContain('its record is not what was stored')
    expect(() => archive.integrity.require(newer)).toThrow(expect.objectContaining({ code: 'RUN_DAMAGED' }))
    archive.close()
  })
})

describe('a run of a later version that waits', () => {
  it('goes on waiting where others would begin', async () => {
    const path = join(folder, 'waiting.grokscope')
    const [{ write }] = newerKinds as [(typeof newerKinds)[number]]
    const { waiting } = storeNewerRun(path, write)
    writeAsStored(path, (database) => makeNewer(database, waiting, write))
    const laboratory = openLaboratory({ ...options(path), startQueued: true })
    expect(laboratory.activeRuns()).toBe(0)
    await laboratory.close()
    const archive = openArchive(path, { readOnly: true })
    expect(archive.runs.status(waiting)).toBe('queued')
    archive.close()
  })
})

describe('a figure whose newest runs a later version made', () => {
  it.each(newerKinds.filter(({ isReadable }) => !isReadable))(
    'is shown without those, with $what',
    async ({ write }) => {
      const path = join(temporaryFolder(), 'figure.grokscope')
      const figure = 'musat2025/fig1'
      const describing = openLaboratory({ ...options(path), startWorker: nodeWorkers(workerProgram) })
      const { experiments } = await describing.paper.describe(figure)
      await describing.close()
      const archive = openArchive(path)
      const runIds = experiments.flatMap(
        (input) => archive.runs.createExperiment({ spec: parseExperiment(input), figure }).runIds,
      )
      archive.close()
      const [newer, ...others] = runIds as [string, ...string[]]
      writeAsStored(path, (database) => {
        database.prepare('UPDATE documents SET provenance = ? WHERE runId = ?').run(JSON.stringify(provenance), newer)
        makeNewer(database, newer, write)
      })
      const laboratory = openLaboratory({ ...options(path), startWorker: nodeWorkers(workerProgram) })
      const shown = await laboratory.paper.show(figure)
      const [card] = (await laboratory.paper.cards()).filter(({ id }) => id === figure)
      await laboratory.close()
      expect(shown.runs.map(({ runId }) => runId)).toEqual([null, ...others])
      expect(card?.runIds.toSorted()).toEqual(runIds.toSorted())
    },
  )
})
