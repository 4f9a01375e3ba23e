import { setImmediate as nextTurn } from 'node:timers/promises'
import { cpSync, existsSync, readdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { nodeWorkers } from '../../../src/main/engine/host/nodeWorker.ts'
import { createClientWatch } from '../../../src/main/services/clientWatch.ts'
import { dispatch } from '../../../src/main/services/dispatch.ts'
import { openLaboratory, type Laboratory, type LaboratoryOptions } from '../../../src/main/services/laboratory.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import { computeTask } from '../../../src/main/sweep/computeTask.ts'
import { addRound, openSweepFolder, prepareSweepFolder } from '../../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../../src/main/sweep/sweepPlan.ts'
import type { RequestInput, RequestName, Responses } from '../../../src/shared/contract.ts'
import type { SweepSummary } from '../../../src/shared/contract/sweeps.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import type { Facets } from '../../../src/shared/specification/facets.ts'
import { LabError } from '../../../src/shared/errors.ts'
import { sweepMap } from '../../../src/shared/figures/sources/sweepMap.ts'
import { readSweepRuns } from '../../../src/main/sweep/sweepRuns.ts'
import { datasetTask } from '../../support/datasetTask.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { planByAnother } from '../../support/planByAnother.ts'
import { workerProgram } from '../../support/program.ts'
import { faults, storeFaults } from '../../support/storeFaults.ts'

const open: Laboratory[] = []
afterEach(() => Promise.all(open.splice(0).map((laboratory) => laboratory.close())))

const sweep = {
  name: 'Decay × share, small',
  base: {
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
    network: { hidden: 16 },
    dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.003, weightDecay: 1, steps: 40 },
    record: { measureEvery: 10 },
  },
  axes: [
    { field: 'dynamics.weightDecay', from: 0.25, to: 4, count: 3, scale: 'log' },
    { field: 'task.trainFraction', values: [0.6, 0.8] },
  ],
  seeds: 2,
}
/** Takes long enough to be ended on the way. */
const long = { ...sweep, base: { ...sweep.base, dynamics: { ...sweep.base.dynamics, steps: 100_000 } } }
/** Some of its runs memorize, some do not. */
const learning = {
  ...sweep,
  base: {
    ...sweep.base,
    network: { hidden: 8 },
    dynamics: { ...sweep.base.dynamics, learningRate: 0.01, steps: 300 },
  },
}

const noDialog = () => Promise.resolve({ path: null, hasDialog: false })

/** A laboratory over real workers, asked as a page asks it. */
function start(archivePath: string, options: Pick<LaboratoryOptions, 'startQueued'> = {}) {
  const laboratory = openLaboratory({
    archivePath,
    cacheFolder: undefined,
    startWorker: nodeWorkers(workerProgram),
    host: { chooseArchive: noDialog, chooseFolder: noDialog },
    slots: 2,
    log: () => undefined,
    ...options,
  })
  open.push(laboratory)
  async function ask<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Responses[Name]> {
    const answer = await dispatch(createClientWatch(laboratory.handlers).handlers, name, input)
    if (!answer.ok) throw LabError.fromRecord(answer.error)
    return answer.data as Responses[Name]
  }
  const until = (id: string, holds: (summary: SweepSummary) => boolean) =>
    expect.poll(async () => holds(await ask('sweep.show', { sweep: id })), { interval: 50 }).toBe(true)
  return { laboratory, ask, until }
}

/** What maps and tables of a sweep say of a run. */
function toldOf({
  id,
  experiment,
  seed,
  status,
  code,
  step,
  steps,
  tau,
  latest,
  events,
  facets,
  trainPairs,
}: RunSummary) {
  return { id, experiment, seed, status, code, step, steps, tau, latest, events, facets, trainPairs }
}

const archiveIn = (folder: string) => join(folder, 'a.grokscope')

describe('a sweep in the laboratory', () => {
  it('has of runs that were collected what their journals tell, and reads the journals of the others', async () => {
    const folder = temporaryFolder()
    const first = start(archiveIn(folder))
    const { id, path, key } = await first.ask('sweep.create', { spec: learning, computes: true })
    await first.until(id, ({ collected }) => collected === 12)
    const inJournals = readSweepRuns(openSweepFolder(path)).map(toldOf)
    const axes = (facets: Facets) => ({
      'dynamics.weightDecay': facets['dynamics.weightDecay'],
      'task.trainFraction': facets['task.trainFraction'],
    })
    const wanted = inJournals.map((run) => ({ ...run, facets: axes(run.facets) }))
    expect(wanted.some(({ events }) => Object.keys(events).length > 0)).toBe(true)
    const all = await first.ask('run.list', { where: `tag:"sweep:${key}"` })
    const [longer, gone] = all.runs.map((run) => run.id)
    await first.ask('run.extend', { runIds: [longer!], steps: 600 })
    await expect.poll(async () => (await first.ask('run.list', { runIds: [longer!] })).runs[0]!.step).toBe(600)
    await first.ask('run.tag', { changes: [{ runIds: [gone!], remove: [`sweep:${key}`] }] })
    await first.laboratory.close()
    open.length = 0

    const second = start(archiveIn(folder))
    const [sweepAgain] = await second.ask('sweep.list', {})
    const { runs } = await second.ask('sweep.runs', { sweep: sweepAgain!.id })
    expect(runs.map(({ run }) => toldOf(run))).toEqual(wanted)
  })

  it('is foreseen, computed beside the archive, and taken into it when it is complete', async () => {
    const folder = temporaryFolder()
    const { ask, until } = start(archiveIn(folder))
    const { forecast, problems } = await ask('sweep.plan', { spec: sweep })
    expect(problems).toEqual([])
    expect(forecast).toMatchObject({ cells: 6, seeds: 2, runs: 12, tasks: 1 })
    expect(forecast!.folder).toBe(join(folder, 'a-sweeps', 'decay-share-small'))
    expect(forecast!.first).toBe('dynamics.weightDecay = 0.25, task.trainFraction = 0.6')

    const { id, path, key } = await ask('sweep.create', { spec: sweep, computes: true })
    expect(path).toBe(forecast!.folder)
    await until(id, ({ collected }) => collected === 12)
    const [summary] = await ask('sweep.list', {})
    expect(summary).toMatchObject({
      state: 'complete',
      finished: 12,
      failed: 0,
      begun: 0,
      problem: null,
      secondsLeft: 0,
    })
    expect([...(await ask('sweep.show', { sweep: id })).states]).toEqual(Array(12).fill(2))
    const { total } = await ask('run.list', { where: `tag:"sweep:${key}" status:finished` })
    expect(total).toBe(12)
    const { runs } = await ask('sweep.cell', { sweep: id, cell: 5 })
    expect(runs).toMatchObject([
      { seed: 0, state: 'finished', step: 40 },
      { seed: 1, state: 'finished', step: 40 },
    ])
    const { spec } = await ask('run.show', { runId: runs[1]!.runId! })
    expect(spec).toMatchObject({ seed: 1, task: { trainFraction: 0.8 }, dynamics: { weightDecay: 4 } })
    const read = await ask('sweep.runs', { sweep: id })
    expect(read.runs.map(({ place }) => place)).toEqual(Array.from({ length: 12 }, (_, place) => place))
    expect(read.runs[11]!.run).toMatchObject({
      status: 'finished',
      seed: 1,
      step: 40,
      facets: { 'dynamics.weightDecay': 4, 'task.trainFraction': 0.8 },
    })
    expect(read.runs[11]!.run.latest.testAccuracy).toBeTypeOf('number')
    expect(await ask('sweep.runs', { sweep: id, after: read.revision })).toEqual({
      revision: read.revision,
      runs: [],
      added: [],
    })
    const [panel] = await ask('sweep.map', { sweep: id, options: { color: 'phase' } })
    expect(panel!.cells.x.length).toBe(6)
    await expect(ask('sweep.map', { sweep: id, options: { x: 'task.modulus' } })).rejects.toThrow(/is no axis here/)
    const { runIds } = await ask('sweep.runIds', { sweep: id, places: [10, 11, 12] })
    expect(runIds).toEqual(runs.map(({ runId }) => runId))
    expect((await ask('run.show', { runId: runs[1]!.runId! })).name).toBe(
      'Decay × share, small: wd = 4, fs = 0.8, seed 1',
    )
    const { runIds: more } = await ask('sweep.addSeeds', { sweep: id, cell: 5, count: 2 })
    await expect
      .poll(async () => (await ask('sweep.cell', { sweep: id, cell: 5 })).runs.map(({ seed, state }) => [seed, state]))
      .toEqual([0, 1, 2, 3].map((seed) => [seed, 'finished']))
    const stored = openArchive(archiveIn(folder), { readOnly: true })
    expect(more.map((runId) => stored.runs.backendAskedFor(runId))).toEqual(['wasm', 'wasm'])
    stored.close()
    const { added } = await ask('sweep.runs', { sweep: id, after: read.revision })
    expect(added.map(({ cell, run }) => [cell, run.id, run.facets])).toEqual(
      more.map((runId) => [5, runId, read.runs[11]!.run.facets]),
    )
    await ask('queue.hold', { hold: true })
    const { runIds: held } = await ask('sweep.addSeeds', { sweep: id, cell: 5, count: 1 })
    await ask('run.cancel', { runIds: held })
    const later = async () => (await ask('sweep.runs', { sweep: id })).added.at(-1)!.run
    await expect.poll(async () => (await later()).status).toBe('cancelled')
    expect((await later()).message).not.toBeNull()
    expect((await ask('sweep.cell', { sweep: id, cell: 5 })).runs[4]).toMatchObject({ seed: 4, message: null })
    await ask('queue.hold', { hold: false })
    expect(await ask('sweep.show', { sweep: id })).toMatchObject({ collected: 12 })
    await expect(ask('sweep.addSeeds', { sweep: id, cell: 6, count: 1 })).rejects.toThrow(/cells 0 to 5/)
    // The same sweep again is the same folder; another of the same name has its own.
    expect(await ask('sweep.create', { spec: sweep })).toMatchObject({ id, state: 'complete' })
    const other = await ask('sweep.create', { spec: { ...sweep, seeds: [7] } })
    expect(other).toMatchObject({ path: `${path}-2`, state: 'open', runs: 6 })
  })

  it('is paused and goes on, also in a host that is opened again', async () => {
    const folder = temporaryFolder()
    const first = start(archiveIn(folder))
    const { id } = await first.ask('sweep.create', { spec: long, computes: true })
    await first.until(id, ({ begun }) => begun > 0)
    // The queue is another's: held, it says that sweeps go on.
    await first.ask('queue.hold', { hold: true })
    const queue = await first.ask('queue.show', {})
    expect(queue).toMatchObject({ isHeld: true, running: [], total: 0, sweepRuns: expect.any(Number) as number })
    expect(queue.sweepRuns).toBeGreaterThan(0)
    await first.ask('sweep.pause', { sweep: id })
    expect(await first.ask('queue.show', {})).toMatchObject({ sweepRuns: 0 })
    const paused = await first.ask('sweep.show', { sweep: id })
    expect(paused.state).toBe('open')
    // The first may have ended before the pause.
    expect(paused.finished).toBeLessThan(12)
    expect(first.laboratory.activeRuns()).toBe(0)
    await expect(first.ask('sweep.pause', { sweep: id })).rejects.toThrow(/is not being computed/)
    await first.ask('sweep.run', { sweep: id })
    expect(first.laboratory.activeRuns()).toBe(12 - paused.finished)
    await expect(first.ask('sweep.run', { sweep: id })).rejects.toThrow(/is being computed already/)
    expect(await first.ask('sweep.create', { spec: long, computes: true })).toMatchObject({ id, state: 'computing' })
    await first.laboratory.close()
    open.length = 0

    const second = start(archiveIn(folder), { startQueued: true })
    await second.until(id, ({ state }) => state === 'computing')
    await second.until(id, ({ collected }) => collected === 12)
    expect(await second.ask('sweep.show', { sweep: id })).toMatchObject({ state: 'complete', finished: 12 })
  })

  it('has no known time left while it is paused', async () => {
    const { ask, until } = start(archiveIn(temporaryFolder()))
    const { id } = await ask('sweep.create', { spec: long, computes: true })
    await until(id, ({ finished }) => finished > 0)
    await ask('sweep.pause', { sweep: id })
    expect(await ask('sweep.show', { sweep: id })).toMatchObject({ state: 'open', secondsLeft: null })
  })

  it('that is closed while it is collected is collected by a host that is opened again', async () => {
    const folder = temporaryFolder()
    const first = start(archiveIn(folder))
    // More than are collected in one turn.
    const many = { ...sweep, seeds: 4 }
    const whenClosed = Promise.withResolvers<number>()
    first.laboratory.subscribe((name, data) => {
      if (name !== 'run.changed' || (data as unknown[]).length < 20) return
      const active = first.laboratory.activeRuns()
      first.laboratory.close().then(() => whenClosed.resolve(active), whenClosed.reject)
      open.length = 0
    })
    const { id, key } = await first.ask('sweep.create', { spec: many, computes: true })
    expect(await whenClosed.promise).toBe(1)
    const archive = openArchive(archiveIn(folder))
    expect(archive.runs.listIds({ where: `tag:"sweep:${key}"` })).toHaveLength(20)
    archive.close()

    const second = start(archiveIn(folder), { startQueued: true })
    await second.until(id, ({ collected }) => collected === 24)
    await expect.poll(() => second.laboratory.activeRuns()).toBe(0)
    await second.laboratory.close()
    open.length = 0
    const after = openArchive(archiveIn(folder))
    expect(after.sweeps.list()).toMatchObject([{ computes: false }])
    after.close()
  })

  it('that is forgotten while it is collected is collected no further', async () => {
    const folder = temporaryFolder()
    const { laboratory, ask } = start(archiveIn(folder))
    const forgotten = Promise.withResolvers<unknown>()
    laboratory.subscribe((name, data) => {
      if (name === 'run.changed' && (data as unknown[]).length === 20) {
        forgotten.resolve(ask('sweep.list', {}).then(([known]) => ask('sweep.forget', { sweep: known!.id })))
      }
    })
    const { key } = await ask('sweep.create', { spec: { ...sweep, seeds: 4 }, computes: true })
    await forgotten.promise
    // Many more than what is left to collect would take.
    for (let turn = 0; turn < 1000; turn++) await nextTurn()
    await laboratory.close()
    open.length = 0
    const archive = openArchive(archiveIn(folder))
    expect(archive.sweeps.list()).toEqual([])
    expect(archive.runs.listIds({ where: `tag:"sweep:${key}"` })).toHaveLength(20)
    archive.close()
  })

  it('has ended also where the archive cannot be written then, and says why', async () => {
    const { laboratory, ask, until } = start(archiveIn(temporaryFolder()))
    let hasEnded = false
    laboratory.subscribe((name) => (hasEnded ||= name === 'machine.load' && laboratory.activeRuns() === 0))
    const untilEnd = () => expect.poll(() => hasEnded).toBe(true)
    const full = faults.find(({ name }) => name === 'SQLITE_FULL')!.create
    const faulty = storeFaults()
    try {
      const { id: paused } = await ask('sweep.create', { spec: long, computes: true })
      await until(paused, ({ begun }) => begun > 0)
      faulty.inject(1, full)
      await ask('sweep.pause', { sweep: paused })
      await untilEnd()
      expect(await ask('sweep.show', { sweep: paused })).toMatchObject({
        state: 'open',
        problem: expect.stringContaining('the disk is full') as string,
      })

      faulty.heal()
      const { id: computed } = await ask('sweep.create', { spec: sweep })
      hasEnded = false
      await ask('sweep.run', { sweep: computed })
      faulty.inject(1, full)
      await untilEnd()
      expect(await ask('sweep.show', { sweep: computed })).toMatchObject({
        ...{ state: 'complete', finished: 12, collected: 0 },
        problem: expect.stringContaining('the disk is full') as string,
      })
      faulty.heal()
      expect(await ask('sweep.collect', { sweep: computed })).toMatchObject({ taken: 12 })
    } finally {
      faulty.restore()
    }
  })

  it('counts as active while it is computed, though its folder cannot be read meanwhile', async () => {
    const { laboratory, ask, until } = start(archiveIn(temporaryFolder()))
    const { id, path } = await ask('sweep.create', { spec: long, computes: true })
    await until(id, ({ begun }) => begun > 0)
    const file = join(path, 'journals', `${openSweepFolder(path).keys.at(-1)}.x.events`)
    symlinkSync(file, file)
    expect(await ask('sweep.show', { sweep: id })).toMatchObject({
      state: 'unreadable',
      problem: expect.stringContaining(`${file} cannot be read`) as string,
    })
    expect(laboratory.activeRuns()).toBeGreaterThan(0)
    unlinkSync(file)
    expect(await ask('sweep.show', { sweep: id })).toMatchObject({ state: 'computing' })
    await ask('sweep.pause', { sweep: id })
    expect(laboratory.activeRuns()).toBe(0)
  })

  it('is known by its folder, whoever fills that, until it is forgotten', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'from a cluster')
    await prepareSweepFolder(path, planSweep(sweep), [])
    const { ask } = start(archiveIn(folder))
    const { id } = await ask('sweep.open', { path: join(path, 'sweep.json') })
    expect(await ask('sweep.show', { sweep: id })).toMatchObject({ path, state: 'open', collected: 0 })
    expect((await ask('sweep.cell', { sweep: id, cell: 0 })).runs[0]).toMatchObject({ state: 'waiting', step: null })
    expect(await ask('sweep.collect', { sweep: id })).toEqual({
      ...{ taken: 0, present: 0, binned: 0, open: 12 },
      ...{ begun: 0, partial: 0, beside: 0, foreign: [] },
    })
    renameSync(path, join(folder, 'elsewhere'))
    const gone = start(join(folder, 'b.grokscope'))
    await expect(gone.ask('sweep.open', { path })).rejects.toThrow(/is not a sweep folder: there is no such folder/)
    expect(await ask('sweep.open', { path: join(folder, 'elsewhere') })).toMatchObject({ state: 'open' })
    await ask('sweep.forget', { sweep: id })
    expect((await ask('sweep.list', {})).map((each) => each.path)).toEqual([join(folder, 'elsewhere')])
    expect(existsSync(join(folder, 'elsewhere', 'sweep.json'))).toBe(true)
  })

  it('is told anew to whoever read it before it was opened again, or in another host', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'read')
    await prepareSweepFolder(path, planSweep(sweep), [])
    const first = start(archiveIn(folder))
    const { id } = await first.ask('sweep.open', { path })
    const placesAfter = async ({ ask }: Pick<typeof first, 'ask'>, after: number) => {
      const { runs, revision } = await ask('sweep.runs', { sweep: id, after })
      return { places: runs.map(({ place }) => place), revision }
    }
    const all = Array.from({ length: 12 }, (_, place) => place)
    const before = await placesAfter(first, 0)
    expect(before.places).toEqual(all)
    expect((await placesAfter(first, before.revision)).places).toEqual([])
    await first.ask('sweep.forget', { sweep: id })
    await first.ask('sweep.open', { path })
    const again = await placesAfter(first, before.revision)
    expect(again.places).toEqual(all)
    await first.laboratory.close()
    open.length = 0
    expect((await placesAfter(start(archiveIn(folder)), again.revision)).places).toEqual(all)
  })

  it('is the one that its folder holds now, where that was replaced or is gone', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'place')
    const { ask, until } = start(archiveIn(folder))
    const { id, key } = await ask('sweep.create', { spec: sweep, folder: path, computes: true })
    await until(id, ({ collected }) => collected === 12)

    rmSync(path, { recursive: true })
    const other = planSweep({ ...sweep, name: 'other', seeds: [7] })
    await prepareSweepFolder(path, other, [])
    expect(await ask('sweep.collect', { sweep: id })).toMatchObject({ taken: 0, present: 0, open: 6 })
    expect(await ask('sweep.show', { sweep: id })).toMatchObject({
      ...{ name: 'other', key: other.key, runs: 6, finished: 0, state: 'open', collected: 0, secondsLeft: null },
    })
    expect((await ask('sweep.runs', { sweep: id })).runs.map(({ run }) => run.seed)).toEqual(Array(6).fill(7))

    rmSync(path, { recursive: true })
    expect(await ask('sweep.show', { sweep: id })).toMatchObject({
      state: 'unreadable',
      problem: expect.stringMatching(/is not a sweep folder: there is no such folder/) as string,
    })
    const third = await ask('sweep.create', { spec: { ...sweep, seeds: [3] }, folder: path, computes: true })
    expect(third).toMatchObject({ id, runs: 6 })
    expect([key, other.key]).not.toContain(third.key)
    await until(id, ({ collected }) => collected === 6)
    expect((await ask('run.list', { where: `tag:"sweep:${third.key}" status:finished seed = 3` })).total).toBe(6)
  })

  it('has a folder of its own beside that of another version, which is filled by that alone', async () => {
    const folder = temporaryFolder()
    const { ask } = start(archiveIn(folder))
    const first = await ask('sweep.create', { spec: sweep })
    planByAnother(first.path)
    const second = await ask('sweep.create', { spec: sweep })
    expect(second).toMatchObject({ path: `${first.path}-2`, state: 'open', problem: null })
    expect(await ask('sweep.create', { spec: sweep })).toMatchObject({ path: second.path })
    await expect(ask('sweep.create', { spec: sweep, folder: first.path })).rejects.toThrow(
      /was planned by Grokscope 0\.0\.1, this is/,
    )
  })

  it('has no problem any more once its runs have ended elsewhere', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'of another version')
    await prepareSweepFolder(path, planSweep(sweep), [])
    cpSync(path, join(folder, 'elsewhere'), { recursive: true })
    planByAnother(path)
    const archive = openArchive(archiveIn(folder))
    archive.sweeps.set({ path, computes: true })
    archive.close()
    const { ask, until } = start(archiveIn(folder), { startQueued: true })
    const [{ id }] = (await ask('sweep.list', {})) as [SweepSummary]
    await until(id, ({ problem }) => problem?.includes('was planned by Grokscope 0.0.1') === true)
    const never = new AbortController().signal
    await computeTask(openSweepFolder(join(folder, 'elsewhere')), 0, { signal: never })
    cpSync(join(folder, 'elsewhere', 'journals'), join(path, 'journals'), { recursive: true })
    expect(await ask('sweep.show', { sweep: id })).toMatchObject({ state: 'complete', problem: null })
  })

  it('that is forgotten while its start is planned is not computed', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'forgotten')
    const wide = { ...sweep, axes: [{ field: 'dynamics.weightDecay', from: 0.25, to: 4, count: 300, scale: 'log' }] }
    await prepareSweepFolder(path, planSweep(wide), [])
    const { ask, laboratory } = start(archiveIn(folder))
    const { id } = await ask('sweep.open', { path })
    const begun = ask('sweep.run', { sweep: id })
    await Promise.all([ask('sweep.forget', { sweep: id }), begun])
    expect(laboratory.activeRuns()).toBe(0)
    expect(readdirSync(join(path, 'journals'))).toEqual([])
    expect(await ask('sweep.list', {})).toEqual([])
  })

  it('gets more seeds one after the other, of the samples that its folder has', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'of data')
    const X = Float64Array.from({ length: 60 }, (_, place) => Math.sin(place))
    const { task, dataset } = datasetTask({ X, Y: Int32Array.from({ length: 20 }, (_, row) => row % 2) })
    const base = { ...sweep.base, task }
    const spec = { name: 'of data', base, axes: [{ field: 'dynamics.weightDecay', values: [0.5, 2] }], seeds: 1 }
    await prepareSweepFolder(path, { ...planSweep(spec), dataset }, [])
    const { ask } = start(archiveIn(folder))
    const { id } = await ask('sweep.open', { path })
    const twice = [1, 2].map(() => ask('sweep.addSeeds', { sweep: id, cell: 1, count: 2 }))
    const runIds = (await Promise.all(twice)).flatMap((each) => each.runIds)
    const seeds = await Promise.all(runIds.map(async (runId) => (await ask('run.show', { runId })).seed))
    expect(seeds).toEqual([1, 2, 3, 4])
    await expect.poll(async () => (await ask('run.list', { where: 'status:finished' })).total).toBe(4)
    await ask('run.move', { moves: [{ runIds: runIds.slice(2), to: 'bin' }] })
    expect((await ask('sweep.runs', { sweep: id })).added.map(({ run }) => run.seed)).toEqual([1, 2])
    const after = await ask('sweep.addSeeds', { sweep: id, cell: 1, count: 1 })
    expect((await ask('run.show', { runId: after.runIds[0]! })).seed).toBe(5)
  })

  it('has the cells that refine it, also those that were added while it is known', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'refined')
    await prepareSweepFolder(path, planSweep(sweep), [])
    const { ask, until } = start(archiveIn(folder))
    const { id } = await ask('sweep.open', { path })
    expect(await ask('sweep.show', { sweep: id })).toMatchObject({ cells: 6, refined: [] })
    const added = [
      { path: 'dynamics.weightDecay', value: 2 },
      { path: 'task.trainFraction', value: 0.7 },
    ]
    await addRound(openSweepFolder(path), [added])
    const { cells, runs, refined, states } = await ask('sweep.show', { sweep: id })
    expect([cells, runs, refined, states.length]).toEqual([7, 14, [added], 14])
    expect((await ask('sweep.cell', { sweep: id, cell: 6 })).runs).toHaveLength(2)
    await expect(ask('sweep.cell', { sweep: id, cell: 7 })).rejects.toThrow('the sweep has cells 0 to 6')
    await ask('sweep.run', { sweep: id })
    await until(id, ({ collected }) => collected === 14)
    const run = (await ask('sweep.runs', { sweep: id, after: 0 })).runs.find(({ place }) => place === 12)!
    expect(run.run.facets).toMatchObject({ 'dynamics.weightDecay': 2, 'task.trainFraction': 0.7 })
  })

  it('is refined by a round that was agreed to, of which whoever watches is told', async () => {
    const folder = temporaryFolder()
    const { ask, until } = start(archiveIn(folder))
    const { id, path } = await ask('sweep.create', { spec: learning, computes: true })
    await expect(ask('sweep.planRound', { sweep: id, options: {} })).rejects.toThrow(/ runs of .* have not ended/)
    await until(id, ({ collected }) => collected === 12)
    const before = await ask('sweep.runs', { sweep: id })

    const all = await ask('sweep.planRound', { sweep: id, options: { thresholds: { within: 1 } } })
    expect(all).toMatchObject({ round: 1, cells: 0, runs: 0, wallSeconds: 0 })
    const options = { x: 'dynamics.weightDecay', y: 'task.trainFraction', thresholds: { within: 250 } }
    await expect(ask('sweep.refine', { sweep: id, options: { thresholds: { within: 1 } }, round: 1 })).rejects.toThrow(
      /all neighbors agree; nothing to refine/,
    )
    const { cells, seeds, runs, coreSeconds, wallSeconds } = await ask('sweep.planRound', { sweep: id, options })
    expect(cells).toBeGreaterThan(0)
    expect([seeds, runs]).toEqual([2, 2 * cells])
    expect(wallSeconds).toBeCloseTo(coreSeconds! / 2, 9)
    const figure = await sweepMap.load(
      { kind: 'sweepMap', sweep: id, ...options, color: 'phase', statistic: 'median', at: [] },
      ask,
    )
    expect(figure).toMatchObject({
      caption: expect.stringContaining('events after step 250 do not count') as string,
    })
    await expect(
      ask('sweep.map', { sweep: id, options: { color: 'phase', thresholds: { delay: 0 } } }),
    ).rejects.toThrow(/options.thresholds.delay: 0 is too small; allowed: at least 1/)
    await expect(ask('sweep.refine', { sweep: id, options, round: 2 })).rejects.toThrow(
      /round: 2 is not allowed; the next round of .* is 1/,
    )
    expect(existsSync(join(path, 'round-1.json'))).toBe(false)

    expect(await ask('sweep.refine', { sweep: id, options, round: 1 })).toMatchObject({
      cells: 6 + cells,
      runs: 12 + runs,
      state: 'open',
    })
    expect(existsSync(join(path, 'round-1.json'))).toBe(true)
    const told = await ask('sweep.runs', { sweep: id, after: before.revision })
    const places = told.runs.map(({ place }) => place)
    expect(places).toEqual(expect.arrayContaining(Array.from({ length: runs }, (_, place) => 12 + place)))
    await ask('sweep.run', { sweep: id })
    await until(id, ({ collected }) => collected === 12 + runs)
  })

  it('that is wrong says so at the axis, and leaves nothing behind', async () => {
    const folder = temporaryFolder()
    const { ask } = start(archiveIn(folder))
    const problemsOf = async (change: object) => {
      const { problems, forecast } = await ask('sweep.plan', { spec: { ...sweep, ...change } })
      expect(forecast).toBeNull()
      await expect(ask('sweep.create', { spec: { ...sweep, ...change }, computes: true })).rejects.toThrow()
      return problems.map(({ path, message }) => `${path} | ${message}`)
    }
    const [decay, share] = sweep.axes as [object, object]
    expect(await problemsOf({ axes: [decay, decay] })).toEqual([
      expect.stringMatching(/^axes.1.field \|.*set by axes.0 already/),
    ])
    expect(await problemsOf({ axes: [{ ...decay, from: 0 }, share] })).toEqual([
      expect.stringMatching(/^axes.0.from \|.*a log range lies above 0/),
    ])
    expect(await problemsOf({ axes: [{ field: 'dynamics.wd', values: [1] }, share] })).toEqual([
      expect.stringMatching(/^axes.0.field \|.*there is no such field/),
    ])
    expect(await problemsOf({ axes: [decay, { field: 'task.trainFraction', values: [0.6, 1.5] }] })).toEqual([
      expect.stringMatching(
        /^axes.1 \| cell dynamics.weightDecay = 0.25, task.trainFraction = 1.5: task.trainFraction/,
      ),
    ])
    expect(
      await problemsOf({ axes: [decay, { field: 'dynamics.learningRate', from: 1e-5, to: 1, count: 90_000 }] }),
    ).toEqual([expect.stringMatching(/^axes \|.*at most 100000/)])
    expect(await problemsOf({ base: { ...sweep.base, network: { hidden: 0 } } })).toEqual([
      expect.stringMatching(/^base.network.hidden \|/),
    ])
    expect(readdirSync(folder).filter((name) => name.includes('sweeps'))).toEqual([])
    expect(await ask('sweep.list', {})).toEqual([])
    writeFileSync(join(folder, 'file'), '')
    const into = (place: string) => ask('sweep.create', { spec: sweep, folder: join(folder, place) })
    await expect(into('file/sweep')).rejects.toThrow(/a part of its path is a file/)
    await expect(into('.')).rejects.toThrow(/holds other files, such as/)
    await into('mine')
    await expect(ask('sweep.create', { spec: { ...sweep, seeds: 3 }, folder: join(folder, 'mine') })).rejects.toThrow(
      /holds another sweep, "Decay × share, small"; choose another folder/,
    )
    await expect(ask('sweep.open', { path: folder })).rejects.toThrow(
      /is not a sweep folder: there is no sweep.json in it/,
    )
    await expect(ask('sweep.show', { sweep: 'nobody' })).rejects.toThrow(/there is no sweep "nobody"/)
    expect(await ask('sweep.list', {})).toHaveLength(1)
  })
})
