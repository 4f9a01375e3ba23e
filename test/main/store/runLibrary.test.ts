import { statSync } from 'node:fs'
import DatabaseConstructor from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Archive } from '../../../src/main/store/archive.ts'
import { datasetHash } from '../../../src/main/store/datasetHash.ts'
import {
  eventsOf,
  matrix,
  measured,
  settled,
  smallSpec,
  snapshot,
  started,
  temporaryArchives,
} from '../../support/archive.ts'
import { datasetTask } from '../../support/datasetTask.ts'

const { open } = temporaryArchives()

function archiveWithRuns(count: number): { archive: Archive; runIds: string[] } {
  const archive = open()
  const seeds = Array.from({ length: count }, (_, i) => i)
  const { runIds } = archive.runs.createExperiment({ spec: smallSpec({ seeds, network: { hidden: 3200 } }) })
  for (const runId of runIds) {
    const matrices = { E: matrix(5, 3200, 1) }
    archive.applyEvents(eventsOf(runId, [started, measured(1, { trainLoss: 1 }), snapshot(1, { matrices }), settled()]))
  }
  return { archive, runIds }
}

describe('the library', () => {
  it('says of moves and of tags what undoes them', () => {
    const { archive, runIds } = archiveWithRuns(3)
    const [first, second, third] = runIds as [string, string, string]
    archive.library.move([second], 'setAside')
    archive.library.tag([first], { add: ['a'] })
    const state = () =>
      archive.runs
        .summaries(runIds)
        .map(({ id, tags, archivedAt, binnedAt }) => [id, tags, archivedAt !== null, binnedAt])
    const before = state()
    const moves = archive.library.move(runIds, 'bin')
    expect(moves).toEqual([
      { runIds: [first, third], to: 'library' },
      { runIds: [second], to: 'setAside' },
    ])
    const changes = archive.library.tag(runIds, { add: ['b', 'a'], remove: ['a', 'never'] })
    expect(changes).toEqual([
      { runIds: [first], add: ['a'], remove: ['b', 'a'] },
      { runIds: [second, third], add: [], remove: ['b', 'a'] },
    ])
    for (const { runIds: ids, to } of moves) archive.library.move(ids, to)
    for (const { runIds: ids, ...tags } of changes) archive.library.tag(ids, tags)
    expect(state()).toEqual(before)
  })

  it('undoes nothing of a tag that was there, or was not', () => {
    const { archive, runIds } = archiveWithRuns(1)
    const tag = (change: { add?: string[]; remove?: string[] }) => archive.library.tag(runIds, change)
    expect([tag({}), tag({ remove: ['a'] })]).toEqual([[], []])
    expect(tag({ add: ['a'] })).toEqual([{ runIds, add: [], remove: ['a'] }])
    expect(tag({ add: ['a'] })).toEqual([])
    expect(tag({ add: ['b'], remove: ['a'] })).toEqual([{ runIds, add: ['a'], remove: ['b'] }])
    expect(archive.runs.summary(runIds[0]!).tags).toEqual(['b'])
  })

  it('keeps notes of others beside those that were written from earlier ones, and replaces them where it is asked to', () => {
    const { archive, runIds } = archiveWithRuns(1)
    const [runId] = runIds as [string]
    const { library } = archive
    expect(library.annotate(runId, 'mine', '')).toBe('mine')
    expect(library.annotate(runId, 'theirs', '')).toBe('mine\n\ntheirs')
    expect(archive.runs.run(runId).notes).toBe('mine\n\ntheirs')
    expect(library.annotate(runId, 'theirs')).toBe('theirs')
    expect(archive.runs.run(runId).notes).toBe('theirs')
  })

  it('takes the data of a file along with the last run that was set before it', () => {
    const archive = open()
    const { task, dataset } = datasetTask({ X: new Float64Array(18).fill(0.5), Y: Int32Array.of(0, 1, 0, 1, 0, 1) })
    const spec = smallSpec({ task, seeds: [0, 1] })
    const { runIds } = archive.runs.createExperiment({ spec, dataset })
    const purge = (runId: string) => {
      archive.runs.setStatus(runId, 'cancelled')
      archive.library.move([runId], 'bin')
      archive.library.purge([runId])
      return archive.datasets.has(datasetHash(dataset))
    }
    expect(runIds.map(purge)).toEqual([true, false])
  })

  it('keeps names, notes and tags', () => {
    const { archive, runIds } = archiveWithRuns(2)
    const [first, second] = runIds as [string, string]
    archive.library.rename(first, 'the good one')
    archive.library.annotate(first, 'seen on Monday\n\nλ')
    archive.library.tag(runIds, { add: ['b', 'a', 'a'] })
    archive.library.tag([second], { add: ['c'], remove: ['a', 'never'] })
    expect(archive.runs.run(first)).toMatchObject({
      name: 'the good one',
      notes: 'seen on Monday\n\nλ',
      tags: ['a', 'b'],
    })
    expect(archive.runs.run(second)).toMatchObject({ name: 'small, seed 1', notes: '', tags: ['b', 'c'] })
    archive.library.renameExperiment(archive.runs.summary(first).experimentId, 'better')
    expect(archive.runs.summary(second).experiment).toBe('better')
  })

  it('moves runs to the archive, to the bin and back, and loses nothing', () => {
    const { archive, runIds } = archiveWithRuns(2)
    const [first, second] = runIds as [string, string]
    const before = archive.runs.run(first)
    archive.library.move([first], 'setAside')
    expect(archive.runs.summary(first)).toMatchObject({ archivedAt: expect.any(Number) as number, binnedAt: null })
    archive.library.move([first], 'bin')
    expect(archive.runs.listRuns().map(({ id }) => id)).toEqual([second])
    expect(archive.runs.listRuns({ includeBinned: true }).map(({ id }) => id)).toEqual([first, second])
    expect(() => archive.runs.requeue(first, { steps: 200 })).toThrow(/is in the bin; restore it first/)
    archive.library.move([first], 'library')
    expect(archive.runs.run(first)).toEqual(before)
    archive.library.move([second], 'bin')
    expect(archive.runs.summary(second)).toMatchObject({ archivedAt: null, binnedAt: expect.any(Number) as number })
    // Only the bin is for what has ended.
    const { runIds: queued } = archive.runs.createExperiment({ spec: smallSpec() })
    expect(archive.library.move(queued, 'setAside')).toEqual([{ runIds: queued, to: 'library' }])
  })

  it('deletes for good what is in the bin, with all that belongs to it, and gives the space back', () => {
    const { archive, runIds } = archiveWithRuns(6)
    archive.close()
    const sizeBefore = statSync(archive.path).size
    const again = open(archive.path)
    again.library.move(runIds.slice(1), 'bin')
    again.library.purge(runIds.slice(1))
    expect(again.runs.listRuns({ includeBinned: true }).map(({ id }) => id)).toEqual([runIds[0]])
    expect(again.snapshots.listSnapshots(runIds[0]!)).toHaveLength(1)
    expect(() => again.runs.run(runIds[1]!)).toThrow('there is no run')
    again.library.move([runIds[0]!], 'bin')
    again.library.purge([runIds[0]!])
    again.close()
    expect(statSync(archive.path).size).toBeLessThan(sizeBefore / 3)
    const database = new DatabaseConstructor(archive.path, { readonly: true })
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'writer'")
      .pluck()
      .all()
    for (const table of tables as string[]) {
      expect([table, database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()]).toEqual([table, 0])
    }
    database.close()
  })

  it('refuses as a whole what it cannot do to one', () => {
    const { archive, runIds } = archiveWithRuns(2)
    const [first, second] = runIds as [string, string]
    const [queued] = archive.runs.createExperiment({ spec: smallSpec() }).runIds
    expect(() => archive.library.move([first, queued!], 'bin')).toThrow(`run ${queued} is queued; cancel it before`)
    expect(() => archive.library.tag([first, 'nobody'], { add: ['x'] })).toThrow('there is no run "nobody"')
    archive.library.move([first], 'bin')
    expect(() => archive.library.purge([first, second])).toThrow(
      `run ${second} is not in the bin; only the bin is purged`,
    )
    expect(archive.runs.run(first).tags).toEqual([])
    expect(archive.runs.listRuns()).toHaveLength(2)
    expect(() => archive.library.rename('nobody', 'x')).toThrow('there is no run "nobody"')
    expect(() => archive.library.annotate('nobody', 'x')).toThrow('there is no run "nobody"')
    expect(() => archive.library.renameExperiment('nobody', 'x')).toThrow('there is no experiment "nobody"')
  })

  it('lets a run that was purged and one that goes on be told apart by later events', () => {
    const { archive, runIds } = archiveWithRuns(2)
    const [gone, kept] = runIds as [string, string]
    archive.library.move([gone], 'bin')
    archive.library.purge([gone])
    expect(() => archive.applyEvents(eventsOf(gone, [measured(2, {})], 9))).toThrow(`there is no run "${gone}"`)
    archive.applyEvents(eventsOf(kept, [measured(2, { trainLoss: 2 })], 9))
    expect(archive.curves.readCurves(kept, ['trainLoss']).trainLoss.value).toEqual(Float64Array.of(1, 2))
  })
})
