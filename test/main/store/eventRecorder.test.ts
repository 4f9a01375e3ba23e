import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Archive } from '../../../src/main/store/archive.ts'
import { RecordChecksums } from '../../../src/main/store/recordChecksums.ts'
import type { RunEvent, RunEventBody } from '../../../src/shared/run.ts'
import {
  eventsOf,
  measured,
  provenance,
  settled,
  smallSpec,
  snapshot,
  started,
  temporaryArchives,
  trainPairs,
} from '../../support/archive.ts'

const { open } = temporaryArchives()

function archiveWithRun(): { archive: Archive; runId: string } {
  const archive = open()
  return { archive, runId: archive.runs.createExperiment({ spec: smallSpec() }).runIds[0]! }
}

/** 100 steps of a run that does the same whenever it is asked, with events, checkpoints and a snapshot now and then. */
function story(fromStep = 0): RunEventBody[] {
  const rows: RunEventBody[] = []
  for (let step = fromStep; step <= 100; step++) {
    rows.push(measured(step, { testAccuracy: Math.sin(step), trainLoss: 1 / (1 + step) }))
    if (step === 42) rows.push({ type: 'event', name: 'halfRise', step, tau: step / 1000, value: 0.5 })
    if (step === 50) rows.push({ type: 'event', name: 'stalled', step, tau: step / 1000, value: 0 })
    if (step % 10 === 0 && step < 100)
      rows.push(snapshot(step, { reason: step % 50 === 0 ? 'scheduled' : 'checkpoint' }))
    rows.push({ type: 'progress', step, steps: 100, tau: step / 1000, stepsPerSecond: 1, secondsLeft: 0 })
  }
  return [...rows, snapshot(100, { reason: 'final' }), settled({ report })]
}

const report = { accepted: 100, rejected: 0, fieldEvaluations: 100, largestLocalError: 0.01 }

function contents(archive: Archive, runId: string) {
  const {
    id: _,
    experimentId: __,
    sequence: ___,
    createdAt: ____,
    startedAt: _____,
    finishedAt: ______,
    ...run
  } = archive.runs.run(runId)
  return {
    run,
    curves: archive.curves.readCurves(runId, ['testAccuracy', 'trainLoss']),
    snapshots: archive.snapshots.listSnapshots(runId).map(({ step }) => archive.snapshots.readSnapshot(runId, step)),
  }
}

describe('what a run tells', () => {
  it('takes the place of all that it told before, as if it had told nothing else, and not of what a person wrote', () => {
    const { archive, runId } = archiveWithRun()
    const other = measured(7, { testMse: 3 })
    archive.applyEvents(eventsOf(runId, [started, other, snapshot(7), { ...story()[1]!, step: 200 } as RunEventBody]))
    archive.runs.end(runId, { status: 'interrupted', error: { code: 'SWEEP_UNFINISHED', message: 'not yet' } })
    archive.library.rename(runId, 'by hand')
    archive.library.annotate(runId, 'seen')
    archive.library.tag([runId], { add: ['kept'] })
    archive.replaceEvents(runId, eventsOf(runId, [started, ...story()]))
    const { archive: plain, runId: plainId } = archiveWithRun()
    plain.applyEvents(eventsOf(plainId, [started, ...story()]))
    const { run, ...rest } = contents(archive, runId)
    const { run: plainRun, ...plainRest } = contents(plain, plainId)
    const own = { name: 'by hand', notes: 'seen', tags: ['kept'] }
    expect(run).toEqual({ ...plainRun, ...own })
    expect(rest).toEqual(plainRest)
    expect(archive.integrity.checkWhole(runId).findings).toEqual([])
  })

  it('is all in the archive, and in its summary', () => {
    const { archive, runId } = archiveWithRun()
    archive.applyEvents(eventsOf(runId, [started, ...story()]))
    const run = archive.runs.run(runId)
    expect(run).toMatchObject({
      status: 'finished',
      step: 100,
      tau: 0.1,
      seconds: 1,
      provenance,
      report,
      largestLocalError: 0.01,
      latest: { testAccuracy: Math.sin(100), trainLoss: 1 / 101 },
      measured: ['testAccuracy', 'trainLoss'],
    })
    expect(run.events).toEqual({
      halfRise: { step: 42, tau: 0.042, value: 0.5 },
      stalled: { step: 50, tau: 0.05, value: 0 },
    })
    expect(run.train).toEqual(trainPairs)
    const { testAccuracy } = archive.curves.readCurves(runId, ['testAccuracy'])
    expect(testAccuracy.step).toEqual(Float64Array.from({ length: 101 }, (_, step) => step))
    expect(testAccuracy.tau).toEqual(testAccuracy.step.map((step) => step / 1000))
    expect(testAccuracy.seconds).toEqual(testAccuracy.step.map((step) => step / 100))
    expect(testAccuracy.value).toEqual(testAccuracy.step.map((step) => Math.sin(step)))
  })

  it('is stored the same in whatever batches it comes', () => {
    const batches = [1, 7, 1000].map((size) => {
      const { archive, runId } = archiveWithRun()
      const events = eventsOf(runId, [started, ...story()])
      for (let i = 0; i < events.length; i += size) archive.applyEvents(events.slice(i, i + size))
      return contents(archive, runId)
    })
    expect(batches[1]).toEqual(batches[0])
    expect(batches[2]).toEqual(batches[0])
  })

  it('stays complete and single when the run is interrupted anywhere and resumed from its latest snapshot', () => {
    const whole = archiveWithRun()
    whole.archive.applyEvents(eventsOf(whole.runId, [started, ...story()]))
    for (const cut of [1, 2, 30, 77, 130, 200, 214]) {
      const { archive, runId } = archiveWithRun()
      archive.applyEvents(eventsOf(runId, [started, ...story()].slice(0, cut)))
      expect(archive.runs.markInterrupted()).toEqual([runId])
      archive.runs.requeue(runId)
      const latest = archive.snapshots.latestSnapshot(runId)
      const rest = latest ? story(latest.step).slice(1) : story()
      const again: RunEventBody = { ...started, step: latest?.step ?? 0 } as RunEventBody
      archive.applyEvents(eventsOf(runId, [again, ...rest], archive.runs.nextSequence(runId)))
      expect(contents(archive, runId)).toEqual(contents(whole.archive, whole.runId))
    }
  })

  it('is stored once even if it is told twice, also after the end', () => {
    const { archive, runId } = archiveWithRun()
    const events = eventsOf(runId, [started, ...story()])
    archive.applyEvents(events)
    const before = { ...contents(archive, runId), run: archive.runs.run(runId) }
    archive.applyEvents(events)
    expect({ ...contents(archive, runId), run: archive.runs.run(runId) }).toEqual(before)
  })

  it('is stored entirely or, where one event cannot be, not at all', () => {
    const { archive, runId } = archiveWithRun()
    archive.applyEvents(eventsOf(runId, [started, measured(1, { trainLoss: 1 })]))
    const stranger: RunEvent = { runId: 'nobody', sequence: 0, ...measured(2, {}) }
    const batch = [...eventsOf(runId, [measured(2, { testMse: 2 }), settled()], 2), stranger]
    expect(() => archive.applyEvents(batch)).toThrow('there is no run "nobody"')
    expect(archive.runs.run(runId)).toMatchObject({ status: 'running', step: 1, measured: ['trainLoss'] })
    archive.applyEvents(eventsOf(runId, [measured(2, { testMse: 3 }), settled()], 2))
    const { testMse } = archive.curves.readCurves(runId, ['testMse'])
    expect(testMse.value).toEqual(Float64Array.of(NaN, 3))
  })

  it('ends the run whatever the archive took it to be doing', () => {
    const { archive, runId } = archiveWithRun()
    archive.applyEvents(eventsOf(runId, [started]))
    archive.runs.markInterrupted()
    const failure = settled({ status: 'failed', code: 'DIVERGED', message: 'NaN at step 3', advice: 'a smaller step' })
    archive.applyEvents(eventsOf(runId, [failure], 1))
    expect(archive.runs.run(runId)).toMatchObject({
      status: 'failed',
      code: 'DIVERGED',
      message: 'NaN at step 3',
      advice: 'a smaller step',
    })
  })

  it('keeps a measured NaN apart from the last value that was a number', () => {
    const { archive, runId } = archiveWithRun()
    archive.applyEvents(eventsOf(runId, [started, measured(1, { testMse: 2 }), measured(2, { testMse: NaN })]))
    expect(archive.runs.summary(runId).latest.testMse).toBe(2)
    expect(archive.curves.readCurves(runId, ['testMse']).testMse.value).toEqual(Float64Array.of(2, NaN))
  })

  it('counts on in one sequence over resumptions', () => {
    const { archive, runId } = archiveWithRun()
    expect(archive.runs.nextSequence(runId)).toBe(0)
    archive.applyEvents(eventsOf(runId, [started, measured(1, {})]))
    expect(archive.runs.nextSequence(runId)).toBe(2)
    archive.applyEvents(eventsOf(runId, [measured(1, {})]))
    expect(archive.runs.nextSequence(runId)).toBe(2)
  })

  it('cannot start a run that is not queued', () => {
    const { archive, runId } = archiveWithRun()
    archive.applyEvents(eventsOf(runId, [started]))
    archive.runs.markInterrupted()
    expect(() => archive.applyEvents(eventsOf(runId, [started], 1))).toThrow(
      /is interrupted and cannot become running; allowed: queued/,
    )
  })
})

describe('the record of a run', () => {
  afterEach(() => void vi.restoreAllMocks())

  it('is read once for its checksum where all that it tells comes at once, and is sound', () => {
    const { archive, runId } = archiveWithRun()
    const read = vi.spyOn(RecordChecksums.prototype, 'run')
    archive.applyEvents(eventsOf(runId, [started, ...story()]))
    expect(read).toHaveBeenCalledTimes(1)
    archive.replaceEvents(runId, eventsOf(runId, [started, ...story()]))
    expect(read).toHaveBeenCalledTimes(2)
    expect(archive.integrity.checkWhole(runId).findings).toEqual([])
  })

  it('keeps its checksum where what it tells is taken back', () => {
    const { archive, runId } = archiveWithRun()
    const torn = [...eventsOf(runId, [started, ...story()]), ...eventsOf('nobody', [settled()])]
    expect(() => archive.applyEvents(torn)).toThrow('there is no run "nobody"')
    expect(archive.integrity.checkWhole(runId).findings).toEqual([])
    archive.applyEvents(eventsOf(runId, [started, ...story()]))
    expect(archive.integrity.checkWhole(runId).findings).toEqual([])
  })
})
