import { queryObjects } from 'node:v8'
import DatabaseConstructor from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Archive } from '../../../src/main/store/archive.ts'
import { MeasurementStore, rowsPerPart } from '../../../src/main/store/measurements.ts'
import { eventsOf, measured, settled, smallSpec, started, temporaryArchives } from '../../support/archive.ts'

const { open } = temporaryArchives()

function archiveWithRun(): { archive: Archive; runId: string } {
  const archive = open()
  const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds
  archive.applyEvents(eventsOf(runId!, [started]))
  return { archive, runId: runId! }
}

function counts(path: string) {
  const database = new DatabaseConstructor(path, { readonly: true })
  const count = (table: string) => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
  const found = { hot: count('hotRows'), parts: count('parts'), chunks: count('chunks') }
  database.close()
  return found
}

const rows = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)

describe('measurements', () => {
  it('are sealed in parts as they come, and the rest when the run settles, without any change to what is read', () => {
    const { archive, runId } = archiveWithRun()
    const total = 2 * rowsPerPart + 100
    const events = rows(0, total).map((step) => measured(step, { trainLoss: Math.cos(step), testMse: 1 / (1 + step) }))
    archive.applyEvents(eventsOf(runId, events, 1))
    const hot = archive.curves.readCurves(runId, ['trainLoss', 'testMse'])
    expect(counts(archive.path)).toEqual({ hot: 100, parts: 2, chunks: 10 })
    archive.applyEvents(eventsOf(runId, [settled()], total + 1))
    expect(counts(archive.path)).toEqual({ hot: 0, parts: 3, chunks: 15 })
    expect(archive.curves.readCurves(runId, ['trainLoss', 'testMse'])).toEqual(hot)
    expect(hot.trainLoss.value).toEqual(Float64Array.from(rows(0, total), (step) => Math.cos(step)))
  })

  it('leave nothing in memory of a run that has settled, which goes on where it was', () => {
    const archive = open()
    const { runIds } = archive.runs.createExperiment({ spec: smallSpec({ seeds: rows(0, 200) }) })
    const maps = () => queryObjects(Map, { format: 'count' })
    const before = maps()
    for (const runId of runIds) {
      archive.applyEvents(eventsOf(runId, [started, measured(1, { trainLoss: 1 })]))
      archive.applyEvents(eventsOf(runId, [measured(2, { trainLoss: 2 }), settled({ status: 'cancelled' })], 2))
    }
    expect(maps() - before).toBeLessThan(runIds.length)
    const [again] = runIds as [string]
    archive.runs.requeue(again)
    const next = [started, measured(2, { trainLoss: 7 }), measured(3, { trainLoss: 3, testMse: 1 })]
    archive.applyEvents(eventsOf(again, next, archive.runs.nextSequence(again)))
    expect(archive.curves.readCurves(again, ['trainLoss']).trainLoss.value).toEqual(Float64Array.of(1, 2, 3))
    expect(archive.curves.readCurves(again, ['testMse']).testMse.value).toEqual(Float64Array.of(NaN, NaN, 1))
  })

  it('hold NaN where a column was not measured: before it appeared, between, and in parts without it', () => {
    const { archive, runId } = archiveWithRun()
    const total = 3 * rowsPerPart
    const late = rowsPerPart + 10
    const events = rows(0, total).map((step) =>
      measured(step, {
        trainLoss: step,
        ...(step >= late && step < 2 * rowsPerPart && step % 5 === 0 && { conditionNumber: step }),
      }),
    )
    archive.applyEvents(eventsOf(runId, events, 1))
    const { conditionNumber, trainLoss } = archive.curves.readCurves(runId, ['conditionNumber', 'trainLoss'])
    const expected = rows(0, total).map((step) =>
      step >= late && step < 2 * rowsPerPart && step % 5 === 0 ? step : NaN,
    )
    expect(conditionNumber.value).toEqual(Float64Array.from(expected))
    expect(trainLoss.value).toEqual(Float64Array.from(rows(0, total)))
  })

  it('are refused where they have more points than there is room for, and only those that were measured count', () => {
    const { archive, runId } = archiveWithRun()
    const events = rows(0, 100).map((step) => measured(step, { trainLoss: step, testMse: step }))
    archive.applyEvents(eventsOf(runId, events, 1))
    const read = (maxPoints: number, range = {}) => {
      const names = ['trainLoss', 'testMse', 'conditionNumber']
      return Object.values(archive.curves.readCurves(runId, names, { ...range, maxPoints })).map(
        ({ step }) => step.length,
      )
    }
    expect(read(200)).toEqual([100, 100, 0])
    expect(() => read(199)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }))
    expect(() => read(199)).toThrow(/would add 200 points .* ask for fewer runs, measurements or points/)
    expect(read(20, { fromStep: 90 })).toEqual([10, 10, 0])
    expect(read(40, { points: 20 }).every((length) => length <= 20)).toBe(true)
    expect(() => read(39, { points: 20 })).toThrow('would add 40 points')
  })

  it('that a run never made give an empty curve', () => {
    const { archive, runId } = archiveWithRun()
    archive.applyEvents(eventsOf(runId, [measured(0, { trainLoss: 1 })], 1))
    expect(archive.curves.readCurves(runId, ['testMargin']).testMargin.value).toHaveLength(0)
    expect(archive.curves.readCurves('nobody', ['testMargin']).testMargin.step).toHaveLength(0)
  })

  it('are read between steps, both included, wherever parts begin', () => {
    const { archive, runId } = archiveWithRun()
    archive.applyEvents(
      eventsOf(
        runId,
        rows(0, 5000, 2).map((step) => measured(step, { trainLoss: -step })),
        1,
      ),
    )
    for (const [fromStep, toStep] of [
      [0, 0],
      [1, 1],
      [2047, 2050],
      [100, 4900],
      [4998, 10_000],
      [6000, 7000],
      [9, 3],
    ] as const) {
      const { step, value, tau, seconds } = archive.curves.readCurves(runId, ['trainLoss'], {
        fromStep,
        toStep,
      }).trainLoss
      const expected = rows(0, 5000, 2).filter((candidate) => candidate >= fromStep && candidate <= toStep)
      expect([...step]).toEqual(expected)
      expect([...value]).toEqual(expected.map((candidate) => -candidate))
      expect([tau.length, seconds.length]).toEqual([step.length, step.length])
    }
  })

  it('are thinned out to extremes at the rows where they are, each at its own time', () => {
    const { archive, runId } = archiveWithRun()
    const value = (step: number) => (step === 3333 ? 50 : step === 4444 ? -50 : Math.sin(step))
    archive.applyEvents(
      eventsOf(
        runId,
        rows(0, 6000).map((step) => measured(step, { testMargin: value(step) })),
        1,
      ),
    )
    for (const spacing of ['linear', 'log'] as const) {
      const { testMargin } = archive.curves.readCurves(runId, ['testMargin'], { fromStep: 100, points: 40, spacing })
      expect(testMargin.step.length).toBeLessThanOrEqual(42)
      expect(testMargin.step).toContain(3333)
      expect(testMargin.step).toContain(4444)
      expect(testMargin.value).toEqual(testMargin.step.map(value))
      expect(testMargin.tau).toEqual(testMargin.step.map((step) => step / 1000))
      expect(testMargin.seconds).toEqual(testMargin.step.map((step) => step / 100))
    }
  })

  it('of a million rows keep every value and every extreme', () => {
    const { archive, runId } = archiveWithRun()
    archive.close()
    fillWithMillionRows(archive.path, runId)
    const reader = open(archive.path, { readOnly: true })
    const column = reader.curves.readColumn(runId, 'trainLoss')
    expect(column).toHaveLength(million)
    expect(column.every((value, row) => value === wave(row))).toBe(true)
    const { trainLoss } = reader.curves.readCurves(runId, ['trainLoss'], { points: 100 })
    expect(trainLoss.step.length).toBeLessThanOrEqual(102)
    expect(Math.max(...trainLoss.value)).toBe(Math.max(...chunked(column, Math.max)))
    expect(Math.min(...trainLoss.value)).toBe(Math.min(...chunked(column, Math.min)))
    expect(trainLoss.value).toEqual(trainLoss.step.map(wave))
  })
})

const million = 1_000_000
const wave = (row: number) => Math.sin(row * 1.1) * Math.sqrt(row)

/** As a run of a million steps leaves an archive, without waiting for a million events. */
function fillWithMillionRows(path: string, runId: string): void {
  const database = new DatabaseConstructor(path)
  const store = new MeasurementStore(database)
  database.transaction(() => {
    for (let step = 0; step < million; step++)
      store.append(runId, { step, tau: step, seconds: step, values: { trainLoss: wave(step) } })
    store.flush(runId)
  })()
  database.close()
}

function chunked(values: Float64Array, choose: (...values: number[]) => number): number[] {
  return Array.from({ length: values.length / 1000 }, (_, i) => choose(...values.subarray(1000 * i, 1000 * (i + 1))))
}

describe('damaged measurements', () => {
  it.each([
    [
      "UPDATE chunks SET data = zeroblob(length(data)) WHERE name = 'trainLoss'",
      /part 0 of trainLoss fails its checksum/,
    ],
    [
      "UPDATE chunks SET data = substr(data, 9) WHERE name = 'trainLoss'",
      /part 0 of trainLoss takes 32 bytes for 5 numbers/,
    ],
    ["UPDATE chunks SET data = substr(data, 9) WHERE name = 'step'", /part 0 of step takes 32 bytes for 5 numbers/],
    ["DELETE FROM chunks WHERE name = 'step'", /part 0 of step takes null bytes for 5 numbers/],
    ['UPDATE parts SET count = 1000000000000', /takes 40 bytes for 1000000000000 numbers/],
    ['UPDATE parts SET count = -5', /takes 40 bytes for -5 numbers/],
  ])('by %j are refused, by name', (damage, message) => {
    const { archive, runId } = archiveWithRun()
    const events = [...rows(0, 5).map((step) => measured(step, { trainLoss: step })), settled()]
    archive.applyEvents(eventsOf(runId, events, 1))
    archive.close()
    const database = new DatabaseConstructor(archive.path)
    database.exec(damage)
    database.close()
    const reader = open(archive.path, { readOnly: true })
    const read = () => reader.curves.readCurves(runId, ['trainLoss'])
    expect(read).toThrow(expect.objectContaining({ code: 'ARCHIVE_UNREADABLE' }))
    expect(read).toThrow(`the measurements of run ${runId} are damaged`)
    expect(read).toThrow(message)
  })
})
