import { syncBuiltinESMExports } from 'node:module'
import zlib, { crc32, zstdCompressSync } from 'node:zlib'
import { join } from 'node:path'
import DatabaseConstructor, { SqliteError, type Database } from 'better-sqlite3'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Archive } from '../../../src/main/store/archive.ts'
import { RunIntegrityCheck } from '../../../src/main/store/runIntegrityCheck.ts'
import { SnapshotStore } from '../../../src/main/store/snapshots.ts'
import { eventsOf, measured, settled, smallSpec, snapshot, started, temporaryArchives } from '../../support/archive.ts'
import { datasetTask } from '../../support/datasetTask.ts'
import { newerKinds, storeNewerRun } from '../../support/newerRuns.ts'
import { refusal } from '../../support/refusal.ts'
import { writeVersion1 } from '../../support/version1.ts'

const { folder, open } = temporaryArchives()

const rows = [0, 10, 20].map((step) => measured(step, { trainLoss: step, ...(step > 0 ? {} : { testMse: 1 }) }))
const event = { type: 'event', name: 'halfRise', step: 10, tau: 0.01, value: 0.5 } as const
const story = [started, ...rows, event, snapshot(0), snapshot(100, { reason: 'final' }), settled()]

const forgedSteps = 'UPDATE documents SET spec = replace(spec, \'"steps":100\', \'"steps":99\')'

/** The pair 3 twice, as it would be stored. */
const twice = `x'${Buffer.from(Int32Array.of(3, 3, 5, 7, 8, 10, 11, 13, 14).buffer).toString('hex')}'`

/** Two finished runs, closed, and their ids. */
function finished(): { path: string; runIds: [string, string] } {
  const archive = open()
  const { runIds } = archive.runs.createExperiment({ spec: smallSpec({ seeds: [0, 1] }) })
  for (const runId of runIds) archive.applyEvents(eventsOf(runId, story))
  archive.close()
  return { path: archive.path, runIds: runIds as [string, string] }
}

function change(path: string, sql: string, ...input: unknown[]): void {
  withDatabase(path, (database) => database.prepare(sql).run(...input))
}

function withDatabase(path: string, act: (database: Database) => void): void {
  const database = new DatabaseConstructor(path)
  act(database)
  database.close()
}

/** Another number in a column, with the checksum that belongs to it. */
function forge(path: string, runId: string): void {
  withDatabase(path, (database) => {
    const chunk = "FROM chunks WHERE runId = ? AND name = 'trainLoss'"
    const data = database.prepare(`SELECT data ${chunk}`).pluck().get(runId) as Buffer
    data.writeDoubleLE(0.125, 8)
    const forged = "UPDATE chunks SET data = ?, checksum = ? WHERE runId = ? AND name = 'trainLoss'"
    database.prepare(forged).run(data, crc32(data), runId)
  })
}

const differs = (archive: Archive, runId: string) => archive.integrity.check(runId).hash === 'differs'

describe('a run', () => {
  it('is the same as it was stored from its beginning to its end, and through all that is done to it', () => {
    const archive = open()
    const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds as [string]
    const expectSound = (hash: string) => expect(archive.integrity.checkWhole(runId)).toEqual({ hash, findings: [] })
    expectSound('none')
    story.forEach((body, sequence) => {
      archive.applyEvents([{ runId, sequence, ...body }])
      expectSound(body.type === 'settled' ? 'same' : 'none')
    })
    archive.library.rename(runId, 'another name')
    archive.library.annotate(runId, 'a note')
    archive.library.tag([runId], { add: ['a', 'b'] })
    archive.library.tag([runId], { remove: ['a'] })
    archive.library.move([runId], 'setAside')
    archive.library.renameExperiment(archive.runs.summary(runId).experimentId, 'another name')
    expectSound('same')
    archive.runs.requeue(runId, { steps: 200 })
    expectSound('none')
    archive.runs.setStatus(runId, 'running')
    archive.close()
    const again = open(archive.path)
    expect(again.runs.markInterrupted()).toEqual([runId])
    expect(again.integrity.checkWhole(runId)).toEqual({ hash: 'none', findings: [] })
  })

  it('that is damaged stays so, whatever is written of it, while others go on', () => {
    const { path, runIds } = finished()
    const [damaged, other] = runIds
    change(path, 'UPDATE events SET tau = 7 WHERE runId = ?', damaged)
    const archive = open(path)
    archive.library.tag(runIds, { add: ['mine'] })
    archive.library.rename(damaged, 'another name')
    archive.library.renameExperiment(archive.runs.summary(damaged).experimentId, 'another name')
    expect(archive.integrity.check(damaged).findings).toEqual(['its record is not what was stored'])
    expect(differs(archive, other)).toBe(false)
    expect(() => archive.runs.requeue(damaged, { steps: 200 })).toThrow(
      expect.objectContaining({
        code: 'RUN_DAMAGED',
        message: expect.stringContaining('is damaged: its record') as string,
      }),
    )
    expect(archive.runs.status(damaged)).toBe('finished')
    archive.runs.requeue(other, { steps: 200 })
    archive.close()
    const again = open(path, { readOnly: true })
    expect(runIds.map((runId) => differs(again, runId))).toEqual([true, false])
  })

  it('is told from what was computed where every checksum fits', () => {
    const { path, runIds } = finished()
    const old = join(folder(), 'old.grokscope')
    writeVersion1(path, old)
    forge(old, runIds[0])
    const archive = open(old, { readOnly: true })
    expect(archive.integrity.check(runIds[0])).toEqual({
      hash: 'differs',
      findings: ['what it computed is not what its content hash was taken of'],
    })
    expect(archive.integrity.check(runIds[1]).hash).toBe('same')
    const target = open()
    const { imported, refused } = target.exchange.importRuns(old)
    expect([imported, refused.map(({ runId }) => runId)]).toEqual([[runIds[1]], [runIds[0]]])
  })

  it('that lacks a column where there was one cannot be read there, and one that never had it can', () => {
    const { path, runIds } = finished()
    change(path, "DELETE FROM chunks WHERE name = 'testMse' AND runId = ?", runIds[0])
    const archive = open(path, { readOnly: true })
    expect(() => archive.curves.readColumn(runIds[0], 'testMse')).toThrow(/part 0 of testMse is missing/)
    expect(archive.curves.readColumn(runIds[0], 'trainMargin')).toEqual(new Float64Array(3).fill(NaN))
    expect(archive.curves.readColumn(runIds[1], 'testMse')).toEqual(Float64Array.of(1, NaN, NaN))
  })
})

describe('a run of a newer version', () => {
  it.each(newerKinds)(
    'with $what is held against its checksums alone, and cannot be gone on from',
    ({ write, told }) => {
      const path = join(folder(), 'newer.grokscope')
      const { newer, other } = storeNewerRun(path, write)
      const whole = open(path)
      for (const check of ['check', 'checkWhole'] as const) {
        expect(whole.integrity[check](newer)).toEqual({ hash: 'same', findings: [] })
      }
      expect(whole.integrity.newer(newer)).toMatch(told)
      expect(whole.integrity.newer(other)).toBeNull()
      expect(() => whole.integrity.require(newer)).toThrow(expect.objectContaining({ code: 'RUN_NEWER' }))
      expect(() => whole.integrity.require(other)).not.toThrow()
      whole.close()
      change(path, "UPDATE chunks SET data = zeroblob(length(data)) WHERE name = 'trainLoss' AND runId = ?", newer)
      expect(open(path, { readOnly: true }).integrity.check(newer).hash).toBe('differs')
    },
  )
})

describe('a run that is still computed', () => {
  it('is held against its record at once, and what it measured where all of it is asked for', () => {
    const archive = open()
    const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds as [string]
    archive.applyEvents(eventsOf(runId, [started, ...rows, settled({ status: 'failed' })]))
    archive.runs.requeue(runId)
    for (const status of ['queued', 'running', 'paused'] as const) {
      if (archive.runs.status(runId) !== status) archive.runs.setStatus(runId, status)
      const database = new DatabaseConstructor(archive.path)
      database.exec('BEGIN; UPDATE chunks SET data = zeroblob(length(data))')
      const integrity = new RunIntegrityCheck(database, new SnapshotStore(database))
      expect(integrity.check(runId)).toEqual({ hash: 'none', findings: [] })
      const { hash, findings } = integrity.checkWhole(runId)
      expect([hash, findings]).toEqual(['differs', [expect.stringContaining('fails its checksum')]])
      database.exec('ROLLBACK')
      database.close()
    }
  })
})

describe('a check of the whole', () => {
  it('reads the numbers of every matrix, and says once that some are not what was stored', () => {
    const { path, runIds } = finished()
    change(path, 'UPDATE matrices SET data = zeroblob(length(data)) WHERE runId = ?', runIds[0])
    const { integrity } = open(path, { readOnly: true })
    expect(integrity.check(runIds[0])).toEqual({ hash: 'same', findings: [] })
    const damaged = expect.stringMatching(/^matrix \w of run \w+ at step 0 is damaged/) as string
    expect(integrity.checkWhole(runIds[0])).toEqual({ hash: 'differs', findings: [damaged] })
    expect(integrity.checkWhole(runIds[1])).toEqual({ hash: 'same', findings: [] })
  })

  it('reads the data that a run is set before', () => {
    const archive = open()
    const { task, dataset } = datasetTask({ X: new Float64Array(18).fill(0.5), Y: Int32Array.of(0, 1, 0, 1, 0, 1) })
    const [runId] = archive.runs.createExperiment({ spec: smallSpec({ task }), dataset }).runIds as [string]
    expect(archive.integrity.checkWhole(runId).findings).toEqual([])
    archive.close()
    change(archive.path, "UPDATE datasets SET data = zeroblob(length(data)) WHERE name = 'X'")
    const { integrity } = open(archive.path, { readOnly: true })
    expect(integrity.check(runId).findings).toEqual([])
    expect(integrity.checkWhole(runId).findings).toHaveLength(1)
  })
})

it('what the clock said is held against its checksum too', () => {
  const { path, runIds } = finished()
  change(path, "UPDATE chunks SET data = zeroblob(length(data)) WHERE name = 'seconds' AND runId = ?", runIds[0])
  const { integrity } = open(path, { readOnly: true })
  expect(integrity.check(runIds[0]).findings).toEqual([expect.stringContaining('part 0 of seconds')])
  expect(integrity.check(runIds[1]).findings).toEqual([])
  expect(() => integrity.check('nobody')).toThrow('there is no run "nobody"')
})

describe('that the disk fails', () => {
  it.each([
    ['SQLITE_IOERR_READ', true],
    ['SQLITE_BUSY', true],
    ['SQLITE_CORRUPT', false],
    ['SQLITE_CORRUPT_VTAB', false],
  ])('with %s is no finding of a run: %s', (code, isThrown) => {
    const { path, runIds } = finished()
    withDatabase(path, (database) => {
      const snapshots = new SnapshotStore(database)
      snapshots.listSnapshots = () => {
        throw new SqliteError('cannot be read', code)
      }
      const check = () => new RunIntegrityCheck(database, snapshots).check(runIds[0])
      if (isThrown) expect(check).toThrow('cannot be read')
      else expect(check()).toEqual({ hash: 'differs', findings: ['cannot be read'] })
    })
  })
})

describe('an archive of the first version', () => {
  it('is read, and brought to the newest, with what its runs hold', () => {
    const archive = open()
    const { runIds } = archive.runs.createExperiment({ spec: smallSpec({ seeds: [0, 1] }) })
    const [whole, interrupted] = runIds as [string, string]
    archive.applyEvents(eventsOf(whole, [...story.slice(0, -1), settled({ status: 'cancelled' })]))
    archive.runs.requeue(whole)
    // A part in which one of the columns is empty.
    const next = archive.runs.nextSequence(whole)
    archive.applyEvents(eventsOf(whole, [started, measured(100, { trainLoss: 4 }), settled()], next))
    archive.applyEvents(eventsOf(interrupted, story.slice(0, -2)))
    archive.runs.end([interrupted], { status: 'interrupted', error: { code: 'WORKER_DIED', message: 'gone' } })
    const contents = (from: Archive) =>
      runIds.map((runId) => [
        { ...from.runs.run(runId), contentHashVersion: null },
        from.curves.readCurves(runId, ['trainLoss', 'testMse']),
        from.integrity.checkWhole(runId),
      ])
    const versions = (from: Archive) => runIds.map((runId) => from.runs.summary(runId).contentHashVersion)
    const before = contents(archive)
    expect(versions(archive)).toEqual([2, 2])
    archive.close()
    const old = join(folder(), 'old.grokscope')
    writeVersion1(archive.path, old)
    expect(contents(open(old, { readOnly: true }))).toEqual(before)
    const migrated = open(old)
    expect(contents(migrated)).toEqual(before)
    expect(versions(migrated)).toEqual([1, 1])
    migrated.runs.requeue(interrupted)
    const end = eventsOf(
      interrupted,
      [started, measured(50, { testMse: 1 }), settled()],
      migrated.runs.nextSequence(interrupted),
    )
    migrated.applyEvents(end)
    expect(migrated.integrity.checkWhole(interrupted)).toEqual({ hash: 'same', findings: [] })
  })
})

describe('what is read', () => {
  it.each<[string, string, unknown, (archive: Archive, runId: string) => unknown]>([
    [
      'scalars that are none',
      "UPDATE snapshots SET scalars = 'null'",
      /null is not allowed; expected an object/,
      readAll,
    ],
    ['a scalar of text', `UPDATE snapshots SET scalars = '{"a":"b"}'`, /a: "b" is not allowed/, readAll],
    [
      'JSON that is deep',
      `UPDATE snapshots SET scalars = '${'['.repeat(1e5)}${']'.repeat(1e5)}'`,
      /deeper than 32/,
      readAll,
    ],
    ['a provenance of another kind', `UPDATE documents SET provenance = '[]'`, /provenance .* is damaged/, readAll],
    ['a report without numbers', `UPDATE documents SET report = '{"accepted":"x"}'`, /accepted: "x"/, readAll],
    ['a specification that is none', `UPDATE documents SET spec = '7'`, /7.* is not an object/, readAll],
    [
      'training pairs that do not exist',
      "UPDATE documents SET train = x'ff000000'",
      /holds 255, and there are 15/,
      readAll,
    ],
    ['half an index', "UPDATE documents SET train = x'ff'", /1 bytes are not whole numbers/, readAll],
    ['an event without value', 'UPDATE events SET value = NULL', /event halfRise .* no value/, readAll],
    [
      'a matrix of another name',
      "UPDATE matrices SET name = 'momentum' WHERE name = 'E'",
      /has no such matrix/,
      readAll,
    ],
    [
      'a matrix of another shape',
      'UPDATE matrices SET rows = columns, columns = rows',
      /specification makes it 5 × 16/,
      readAll,
    ],
  ])('is refused, naming the run, where there is %s', (_, damage, message, read) => {
    const { path, runIds } = finished()
    withDatabase(path, (database) => {
      database.pragma('foreign_keys = OFF')
      database.exec(damage)
    })
    for (const archive of [open(path, { readOnly: true }), open(path)]) {
      expect(() => read(archive, runIds[0])).toThrow(
        expect.objectContaining({
          code: 'ARCHIVE_UNREADABLE',
          message: expect.stringMatching(message as RegExp) as string,
        }),
      )
      expect(differs(archive, runIds[0])).toBe(true)
      // The others are still to be seen.
      expect(archive.runs.listRuns()).toHaveLength(2)
    }
  })

  it('is never taken out of a blob that is larger than its matrix can be', () => {
    const { path, runIds } = finished()
    const bomb = zstdCompressSync(Buffer.alloc(2 ** 28))
    change(path, 'UPDATE matrices SET rows = 8192, columns = 4096, data = ? WHERE runId = ?', bomb, runIds[0])
    const archive = open(path, { readOnly: true })
    const decompress = vi.spyOn(zlib, 'zstdDecompressSync')
    onTestFinished(() => {
      decompress.mockRestore()
      syncBuiltinESMExports()
    })
    syncBuiltinESMExports()
    expect(() => archive.snapshots.readMatrix(runIds[0], 0, 'E')).toThrow(/claims to be 8192 × 4096/)
    expect(archive.integrity.checkWhole(runIds[0]).hash).toBe('differs')
    expect(decompress.mock.calls).toEqual([])
    archive.snapshots.readMatrix(runIds[1], 0, 'E')
    expect(decompress.mock.calls).toEqual([[expect.any(Uint8Array), { maxOutputLength: 5 * 16 * 8 }]])
  })

  it.each([
    ['pairs that stand twice', `UPDATE documents SET train = ${twice}`, 'its training pairs do not ascend at place 1'],
    ['too few pairs', "UPDATE documents SET train = x'03000000'", 'it has 1 training pairs instead of 9'],
    ['another event', "UPDATE events SET name = 'invented'", 'it has an event "invented", which is none'],
    ['another measurement', "UPDATE measurementColumns SET name = '=1+1' WHERE name = 'testMse'", 'it measured "=1+1"'],
    ['a run that ends before its last snapshot', forgedSteps, 'a snapshot is at step 100 of 99'],
    ['an event after the end', 'UPDATE events SET step = 101', 'event halfRise is at step 101 of 100'],
  ])('is told, and shown as it is, where there is %s', (_, damage, finding) => {
    const { path, runIds } = finished()
    change(path, damage)
    const archive = open(path, { readOnly: true })
    expect(archive.integrity.check(runIds[0]).findings.join()).toContain(finding)
    expect(archive.runs.run(runIds[0]).id).toBe(runIds[0])
  })

  it('names the archive where the program does not know what it meets, and keeps what led to that', () => {
    const { path, runIds } = finished()
    const unknown = null as unknown as []
    const error = refusal(() => open(path, { readOnly: true }).curves.readCurves(runIds[0], unknown))
    expect(error).toMatchObject({ code: 'ARCHIVE_UNREADABLE', message: expect.stringContaining(path) as string })
    expect(error.cause).toBeInstanceOf(TypeError)
  })
})

function readAll(archive: Archive, runId: string): void {
  archive.runs.run(runId)
  for (const { step } of archive.snapshots.listSnapshots(runId)) archive.snapshots.readSnapshot(runId, step)
}
