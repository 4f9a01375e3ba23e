import DatabaseConstructor from 'better-sqlite3'
import { expect, it } from 'vitest'
import { smallSpec, temporaryArchives } from '../../support/archive.ts'

const { open } = temporaryArchives()

it('a damaged archive is said to be that by all that reads it, also where it is open to be written, and by nothing else', () => {
  const { path, runs, tables, curves, snapshots, datasets, integrity, sweeps, figures, library } = open()
  const { experimentId, runIds } = runs.createExperiment({ spec: smallSpec() })
  const [runId] = runIds as [string]
  const database = new DatabaseConstructor(path)
  const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]
  const own = names.filter((name) => !name.startsWith('sqlite_') && name !== 'writer')
  for (const name of own) database.exec(`ALTER TABLE ${name} RENAME TO lost_${name}`)
  database.close()
  const layout = { runId, parts: [] } as unknown as ReturnType<typeof curves.layout>
  const readings = {
    experiment: () => runs.experiment(experimentId),
    listRuns: () => runs.listRuns(),
    listIds: () => runs.listIds(),
    summaries: () => runs.summaries([runId]),
    newestExperiments: () => runs.newestExperiments('musat2025/fig6'),
    countRuns: () => runs.countRuns(),
    summary: () => runs.summary(runId),
    run: () => runs.run(runId),
    shown: () => runs.shown(runId),
    repetitions: () => runs.repetitions(runId),
    resolve: () => runs.resolve(runId),
    isGivenStart: () => runs.isGivenStart(runId),
    initialState: () => runs.initialState(runId),
    backendAskedFor: () => runs.backendAskedFor(runId),
    status: () => runs.status(runId),
    nextSequence: () => runs.nextSequence(runId),
    seconds: () => runs.seconds(runId),
    experimentOf: () => runs.experimentOf(runId),
    'tables.list': () => tables.list({ where: '', limit: 10 }),
    readCurves: () => curves.readCurves(runId, ['trainLoss']),
    readColumn: () => curves.readColumn(runId, 'trainLoss'),
    layout: () => curves.layout(runId),
    readPart: () => curves.readPart(layout, 'trainLoss', 0),
    latestSnapshot: () => snapshots.latestSnapshot(runId),
    latestStep: () => snapshots.latestStep(runId),
    readSnapshot: () => snapshots.readSnapshot(runId, 0),
    listSnapshots: () => snapshots.listSnapshots(runId),
    readMatrix: () => snapshots.readMatrix(runId, 0, 'E'),
    has: () => datasets.has(''),
    ofRun: () => datasets.ofRun(runId),
    check: () => integrity.check(runId),
    checkWhole: () => integrity.checkWhole(runId),
    require: () => integrity.require(runId),
    'sweeps.list': () => sweeps.list(),
    runsOf: () => sweeps.runsOf(''),
    addedTo: () => sweeps.addedTo(''),
    'figures.list': () => figures.list(),
    fingerprint: () => figures.fingerprint(),
  }
  for (const [name, read] of Object.entries(readings)) {
    expect(read, name).toThrow(expect.objectContaining({ code: 'ARCHIVE_UNREADABLE' }))
    expect(read, name).toThrow(/is damaged: /)
  }
  const writings = {
    end: () => runs.end([runId], { status: 'failed' }),
    rename: () => library.rename(runId, 'another'),
    set: () => sweeps.set({ path, computes: false }),
    forget: () => sweeps.forget(path),
    write: () => figures.write('a', '{}', null),
    remove: () => figures.remove('a', ''),
  }
  for (const [name, write] of Object.entries(writings)) {
    expect(write, name).toThrow('no such table')
    expect(write, name).not.toThrow('is damaged')
  }
})

it('who reads an archive knows who writes it, and whether anything was written since it was asked last', () => {
  const archive = open()
  const reader = open(archive.path, { readOnly: true })
  expect(reader.writer()).toMatchObject({ pid: process.pid, path: archive.path })
  expect(reader.hasChanged()).toBe(false)
  archive.runs.createExperiment({ spec: smallSpec() })
  expect([reader.hasChanged(), reader.hasChanged()]).toEqual([true, false])
  // Runs that were computed are interrupted then.
  archive.close()
  expect([reader.hasChanged(), reader.hasChanged(), reader.writer()]).toEqual([true, false, undefined])
})

it('runs that were computed or paused are interrupted for whoever reads, once nobody writes', () => {
  const archive = open()
  const { runIds } = archive.runs.createExperiment({ spec: smallSpec({ seeds: [0, 1, 2] }) })
  const [running, paused] = runIds as [string, string]
  for (const runId of [running, paused]) archive.runs.setStatus(runId, 'running')
  archive.runs.setStatus(paused, 'paused')
  const statuses = () => {
    const { runs } = open(archive.path, { readOnly: true })
    const each = runIds.map((runId) => [runs.status(runId), runs.summary(runId).status])
    expect(runs.listRuns().map(({ status }) => status)).toEqual(each.map(([status]) => status))
    return each
  }
  const both = (...all: string[]) => all.map((status) => [status, status])
  expect(statuses()).toEqual(both('running', 'paused', 'queued'))
  archive.close()
  expect(statuses()).toEqual(both('interrupted', 'interrupted', 'queued'))
})
