import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { collectInto, collectSweep, nameOfCell } from '../../../../src/main/services/sweeps/collectSweep.ts'
import { openArchive, type Archive } from '../../../../src/main/store/archive.ts'
import { computeTask } from '../../../../src/main/sweep/computeTask.ts'
import {
  archiveKey,
  openSweepFolder,
  prepareSweepFolder,
  type SweepFolder,
} from '../../../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../../../src/main/sweep/sweepPlan.ts'
import { beginAttempt } from '../../../../src/main/sweep/sweepJournals.ts'
import type { RunEvent } from '../../../../src/shared/run.ts'
import { provenance } from '../../../support/archive.ts'
import { workingLaboratories } from '../../../support/askLaboratory.ts'
import { temporaryFolder } from '../../../support/folders.ts'
import { planByAnother } from '../../../support/planByAnother.ts'

const never = new AbortController().signal
const partial = { partial: true }
let whole: SweepFolder
/** What plain collection makes of it. */
let results: string[]

const plan = planSweep({
  base: {
    task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
    network: { hidden: 8 },
    dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 0.1, steps: 200 },
    record: { measureEvery: 10, snapshots: [40, 80, 120, 160] },
  },
  axes: [{ field: 'dynamics.weightDecay', values: [0.1, 0.2] }],
  seeds: 2,
})

beforeAll(async () => {
  whole = await prepareSweepFolder(join(temporaryFolder(), 'whole'), plan, [])
  await computeTask(whole, 0, { signal: never })
  const archive = join(whole.path, '../whole.grokscope')
  collectSweep(whole, archive)
  results = reading(archive, resultsOf)
})

it('cells have names of their own, however long that of their sweep is', () => {
  const set = [
    { path: 'dynamics.weightDecay', value: 0.5 },
    { path: 'network.hidden', value: 8 },
  ]
  expect(nameOfCell('short', set)).toBe('short: wd = 0.5, dh = 8')
  const long = nameOfCell('x'.repeat(200), set)
  expect(long).toMatch(/^x{100,}…: wd = 0\.5, dh = 8$/)
  const frequencies = Array.from({ length: 200 }, (_, k) => k + 1)
  const crowded = nameOfCell('x'.repeat(200), [{ path: 'interventions.0.frequencies', value: frequencies }])
  expect(crowded).toMatch(/^x{40}…: .*1,2,3,4,.*…$/)
  expect(crowded.length).toBeLessThan(200)
})

it('no step of a collection looks at more runs of the archive than it was told', () => {
  const { folder, archive: path } = copyOf(whole)
  collectSweep(folder, path)
  const archive = openArchive(path)
  const read = vi.spyOn(archive.runs, 'summaries')
  const all = vi.spyOn(archive.runs, 'listRuns')
  const steps = [...collectInto(archive, folder, { partial: false }, 1)]
  expect([steps.length, all.mock.calls.length]).toEqual([4, 0])
  expect(read.mock.calls.map(([ids]) => ids.length)).toEqual([1, 1, 1, 1])
  archive.close()
})

it('the experiments of a sweep in an archive are called by their cells', () => {
  const { folder, archive } = copyOf(whole)
  collectSweep(folder, archive)
  const named = reading(archive, ({ runs }) => runs.listRuns().map(({ experiment, name }) => [experiment, name]))
  const cells = folder.cells.map((changes) => nameOfCell(plan.spec.name, changes))
  expect(new Set(cells).size).toBe(2)
  expect(named.sort()).toEqual(cells.flatMap((cell) => [0, 1].map((seed) => [cell, `${cell}, seed ${seed}`])).sort())
})

describe('a sweep that is collected before it has ended', () => {
  it('comes to the same bits once it has, wherever its journals were cut and however often that was done', async () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const cuts = fc.array(fc.tuple(share, share), { minLength: 4, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(cuts, fc.boolean(), async (shares, isComputed) => {
        const { folder, archive } = copyOf(whole)
        for (const at of [0, 1]) {
          cut(folder, (place) => (at === 0 ? Math.min(...shares[place]!) : Math.max(...shares[place]!)))
          const { taken, present, open, begun } = collectSweep(folder, archive, partial)
          expect(taken + present + open).toBe(4)
          expect(collectSweep(folder, archive, partial)).toMatchObject({ taken: 0, open, begun, partial: 0, beside: 0 })
          const statuses = reading(archive, ({ runs }) => runs.listRuns().map(({ status }) => status))
          expect(statuses.filter((status) => status === 'interrupted')).toHaveLength(begun)
          expect(statuses).toHaveLength(4 - open + begun)
        }
        if (isComputed) await computeTask(folder, 0, { signal: never })
        else cut(folder, () => 1)
        expect(collectSweep(folder, archive)).toMatchObject({ open: 0, beside: 0 })
        expect(reading(archive, resultsOf)).toEqual(results)
        expect(collectSweep(folder, archive, partial)).toMatchObject({ taken: 0, present: 4, partial: 0 })
        expect(
          reading(archive, (opened) => opened.runs.listRuns().flatMap(({ id }) => opened.integrity.check(id).findings)),
        ).toEqual([])
      }),
      { numRuns: 25 },
    )
  })

  it('keeps what a person wrote of its runs, and replaces those alone that are as they were taken', () => {
    const { folder, archive } = copyOf(whole)
    cut(folder, () => 0.6)
    expect(collectSweep(folder, archive, partial)).toEqual({
      taken: 0,
      present: 0,
      binned: 0,
      open: 4,
      begun: 4,
      partial: 4,
      beside: 0,
      foreign: [],
    })
    const [named, resumed, damaged] = reading(archive, ({ runs }) => runs.listIds()) as [string, string, string]
    const opened = openArchive(archive)
    opened.library.rename(named, 'the one')
    opened.library.annotate(named, 'as far as it was')
    opened.runs.requeue(resumed)
    opened.close()
    const database = new Sqlite(archive)
    database.prepare('UPDATE latest SET value = value + 1 WHERE runId = ?').run(damaged)
    database.close()
    cut(folder, () => 1)
    expect(collectSweep(folder, archive)).toMatchObject({ taken: 4, present: 0, open: 0, beside: 2 })
    expect(collectSweep(folder, archive)).toMatchObject({ taken: 0, present: 4, beside: 0 })
    const runs = reading(archive, (all) => all.runs.listRuns())
    expect(runs.map(({ status }) => status).sort()).toEqual([
      ...Array<string>(4).fill('finished'),
      'interrupted',
      'queued',
    ])
    expect(runs.find(({ id }) => id === resumed)).toMatchObject({ status: 'queued', message: null })
    expect(runs.find(({ id }) => id === named)).toMatchObject({
      status: 'finished',
      name: 'the one',
      code: null,
      message: null,
    })
    expect(reading(archive, (all) => all.runs.run(named).notes)).toBe('as far as it was')
  })

  it('is taken again beside runs that were extended in the archive, and says so', () => {
    const { folder, archive } = copyOf(whole)
    collectSweep(folder, archive)
    const opened = openArchive(archive)
    const cell = opened.runs.listRuns().filter(({ name }) => name.includes('0.2'))
    for (const { id } of cell) opened.runs.requeue(id, { steps: 400 })
    opened.close()
    expect(collectSweep(folder, archive)).toMatchObject({ taken: 2, present: 2, beside: 2 })
    expect(collectSweep(folder, archive)).toMatchObject({ taken: 0, present: 4, beside: 0 })
    const again = reading(archive, ({ runs }) => runs.listRuns())
    expect(again.map(({ steps }) => steps).sort()).toEqual([200, 200, 200, 200, 400, 400])
    expect(new Set(again.map(({ experimentId }) => experimentId)).size).toBe(2)
  })

  it('is taken anew beside what lies in the bin as far as it was, and says which ended ones lie there', () => {
    const { folder, archive } = copyOf(whole)
    cut(folder, () => 0.6)
    collectSweep(folder, archive, partial)
    const bin = (ids: readonly string[]) => {
      const opened = openArchive(archive)
      opened.library.move(ids, 'bin')
      opened.close()
    }
    const [early, late] = reading(archive, ({ runs }) => runs.listIds()) as [string, string]
    bin([early])
    expect(collectSweep(folder, archive, partial)).toMatchObject({ taken: 0, partial: 1, beside: 0 })
    expect(collectSweep(folder, archive, partial)).toMatchObject({ taken: 0, partial: 0, beside: 0 })
    const taken = reading(archive, ({ sweeps }) => [...sweeps.runsOf(archiveKey(folder)).values()].map(({ id }) => id))
    expect(taken).toHaveLength(4)
    expect(taken).not.toContain(early)
    bin([late])
    cut(folder, () => 1)
    expect(collectSweep(folder, archive)).toMatchObject({ taken: 4, present: 0, binned: 0, beside: 0 })
    const seen = reading(archive, ({ runs }) => runs.listRuns())
    expect(seen.map(({ status }) => status)).toEqual(Array(4).fill('finished'))
    expect(seen.map(({ id }) => id)).not.toContain(late)
    bin(seen.slice(0, 2).map(({ id }) => id))
    expect(collectSweep(folder, archive)).toMatchObject({ taken: 0, present: 4, binned: 2 })
  })

  it('is left as it was resumed, also by what has come further in the sweep meanwhile', () => {
    const { folder, archive } = copyOf(whole)
    cut(folder, () => 0.4)
    collectSweep(folder, archive, partial)
    const opened = openArchive(archive)
    for (const { id } of opened.runs.listRuns()) opened.runs.requeue(id)
    opened.close()
    cut(folder, () => 0.8)
    expect(collectSweep(folder, archive, partial)).toMatchObject({ taken: 0, present: 4, open: 0, partial: 0 })
    expect(reading(archive, ({ runs }) => runs.listRuns().every(({ status }) => status === 'queued'))).toBe(true)
  })

  it('is taken beside runs whose resuming failed on the machine, and not beside what the dynamics came to', () => {
    const { folder, archive } = copyOf(whole)
    cut(folder, () => 0.6)
    collectSweep(folder, archive, partial)
    const opened = openArchive(archive)
    const ids = opened.runs.listIds()
    for (const id of ids) opened.runs.requeue(id)
    opened.runs.end(ids.slice(0, 2), { status: 'failed', error: { code: 'BACKEND_UNAVAILABLE', message: 'no GPU' } })
    opened.runs.end(ids.slice(2), { status: 'failed', error: { code: 'DIVERGED', message: 'it diverged' } })
    opened.close()
    const ended = () =>
      reading(archive, ({ sweeps }) => [...sweeps.runsOf(archiveKey(folder)).values()].filter((run) => run.hasEnded))
    expect(ended()).toHaveLength(2)
    cut(folder, () => 1)
    expect(collectSweep(folder, archive)).toMatchObject({ taken: 2, present: 2, open: 0, beside: 2 })
    expect(ended()).toHaveLength(4)
    expect(ended().map(({ id }) => id)).not.toContain(ids[0])
    expect(collectSweep(folder, archive)).toMatchObject({ taken: 0, present: 4 })
  })

  it('is another one than that of the same runs on a GPU', async () => {
    const { folder, archive } = copyOf(whole)
    const onGpu = await onCard(folder)
    expect([onGpu.key, onGpu.keys]).toEqual([folder.key, folder.keys])
    cpSync(join(folder.path, 'journals'), join(onGpu.path, 'journals'), { recursive: true })
    cut(onGpu, () => 0.6)
    expect(collectSweep(folder, archive)).toMatchObject({ taken: 4, present: 0 })
    expect(collectSweep(onGpu, archive, partial)).toMatchObject({ taken: 0, present: 0, partial: 4 })
    expect(collectSweep(folder, archive)).toMatchObject({ taken: 0, present: 4 })
    const endedOf = (tag: string) =>
      reading(archive, ({ sweeps }) => [...sweeps.runsOf(tag).values()].map((run) => run.hasEnded))
    expect(endedOf(archiveKey(folder))).toEqual(Array(4).fill(true))
    expect(endedOf(archiveKey(onGpu))).toEqual(Array(4).fill(false))
  })

  it('is another one than that of the same runs by another version', () => {
    const { folder, archive } = copyOf(whole)
    const { path } = copyOf(whole).folder
    planByAnother(path)
    const older = openSweepFolder(path)
    expect([older.key, older.keys]).toEqual([folder.key, folder.keys])
    expect(collectSweep(older, archive)).toMatchObject({ taken: 4, present: 0 })
    expect(collectSweep(folder, archive)).toMatchObject({ taken: 4, present: 0, beside: 0 })
    expect(collectSweep(older, archive)).toMatchObject({ taken: 0, present: 4 })
    const idsOf = (sweep: SweepFolder) =>
      reading(archive, ({ sweeps }) => [...sweeps.runsOf(archiveKey(sweep)).values()].map(({ id }) => id))
    expect(new Set([...idsOf(older), ...idsOf(folder)]).size).toBe(8)
  })

  describe('by a host', () => {
    const laboratories = workingLaboratories()

    it('has the numbers of its own journals, beside the same runs on a GPU', async () => {
      const { folder, archive } = copyOf(whole)
      const onGpu = await onCard(folder)
      for (const key of onGpu.keys) {
        const journal = beginAttempt(onGpu, key)
        const run = { runId: key, tau: 0, seconds: 0 }
        journal.append([
          { ...run, type: 'started', sequence: 0, step: 0, provenance, train: Int32Array.of(0) },
          { ...run, type: 'settled', sequence: 1, status: 'finished', step: 40 },
        ] as RunEvent[])
        await journal.close()
      }
      const { handlers } = laboratories.open(archive)
      const { id, key } = await handlers['sweep.open']({ path: folder.path })
      const other = await handlers['sweep.open']({ path: onGpu.path })
      await handlers['sweep.collect']({ sweep: id, partial: false })
      expect(key).toBe(archiveKey(folder))
      expect(await handlers['sweep.show']({ sweep: id })).toMatchObject({ key, collected: 4 })
      expect(await handlers['sweep.show']({ sweep: other.id })).toMatchObject({
        ...{ key: archiveKey(onGpu), gpu: 'a card', finished: 4, collected: 0, unfinished: 0 },
      })
      const stepsOf = async (sweep: string) =>
        (await handlers['sweep.runs']({ sweep, after: 0 })).runs.map(({ run }) => run.step)
      expect(await stepsOf(id)).toEqual(Array(4).fill(200))
      expect(await stepsOf(other.id)).toEqual(Array(4).fill(40))
      expect((await handlers['sweep.cell']({ sweep: other.id, cell: 0 })).runs.map(({ runId }) => runId)).toEqual([
        null,
        null,
      ])
      expect(await handlers['sweep.runIds']({ sweep: other.id, places: [0] })).toEqual({ runIds: [] })
      await expect(handlers['sweep.addSeeds']({ sweep: other.id, cell: 0, count: 5 })).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringMatching(/^cell 0 is computed on a card, by which/) as string,
      })
    })

    it('goes on there to the same bits', async () => {
      const { folder, archive } = copyOf(whole)
      cut(folder, () => 0.7)
      const { handlers } = laboratories.open(archive)
      const { id: sweep } = await handlers['sweep.open']({ path: folder.path })
      expect(await handlers['sweep.collect']({ sweep, partial: true })).toMatchObject({ taken: 0, partial: 4 })
      expect(await handlers['sweep.show']({ sweep })).toMatchObject({ begun: 4, collected: 0 })
      const list = () => handlers['run.list']({ where: '', limit: 200 })
      const { runs } = await list()
      await handlers['run.resume']({ runIds: runs.map(({ id }) => id), watch: false })
      await expect.poll(async () => (await list()).runs.every(({ status }) => status === 'finished')).toBe(true)
      expect(
        (await list()).runs.map(({ specificationHash, contentHash }) => `${specificationHash} ${contentHash}`).sort(),
      ).toEqual(results)
      expect(await handlers['sweep.collect']({ sweep, partial: true })).toMatchObject({ taken: 0, present: 4, open: 0 })
    })
  })
})

const resultsOf = ({ runs }: Archive) =>
  runs
    .listRuns()
    .map(({ specificationHash, contentHash }) => `${specificationHash} ${contentHash}`)
    .sort()

function reading<Answer>(path: string, read: (archive: Archive) => Answer): Answer {
  const archive = openArchive(path, { readOnly: true })
  try {
    return read(archive)
  } finally {
    archive.close()
  }
}

function copyOf({ path }: SweepFolder): { folder: SweepFolder; archive: string } {
  const place = temporaryFolder()
  cpSync(path, join(place, 'sweep'), { recursive: true })
  return { folder: openSweepFolder(join(place, 'sweep')), archive: join(place, 'a.grokscope') }
}

/** The same sweep, as a GPU is to compute it. */
function onCard({ path }: SweepFolder): Promise<SweepFolder> {
  return prepareSweepFolder(join(path, '../on a card'), plan, [], 'a card')
}

/** The first attempt at each run is left as it was when so much of it was written. */
function cut({ path }: SweepFolder, shareOf: (place: number) => number): void {
  for (const [place, name] of readdirSync(join(whole.path, 'journals')).sort().entries()) {
    const bytes = readFileSync(join(whole.path, 'journals', name))
    writeFileSync(join(path, 'journals', name), bytes.subarray(0, Math.ceil(bytes.length * shareOf(place))))
  }
}
