import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Archive } from '../../../src/main/store/archive.ts'
import { RecordChecksums } from '../../../src/main/store/recordChecksums.ts'
import type { Provenance, RunEvent, RunEventBody, SnapshotReason } from '../../../src/shared/run.ts'
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
    archive.runs.end([runId], { status: 'interrupted', error: { code: 'SWEEP_UNFINISHED', message: 'not yet' } })
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

  it('keeps what computed a run before it went on by something else, and only where that is so', () => {
    const { archive, runId } = archiveWithRun()
    const { before: _, ...first } = provenance
    const begins = (step: number, changes: Partial<Provenance> = {}): RunEventBody => ({
      ...started,
      type: 'started',
      step,
      provenance: { ...first, ...changes },
      train: trainPairs,
    })
    const goOn = (event: RunEventBody) =>
      archive.applyEvents(eventsOf(runId, [event], archive.runs.nextSequence(runId)))
    const before = () => archive.runs.run(runId).provenance!.before
    goOn(begins(0))
    goOn(begins(20, { choice: 'as the run began', compileSeconds: 3 }))
    expect(before()).toBeUndefined()
    goOn(begins(40, { device: 'another library', threads: 2 }))
    expect(before()).toBe('until step 40: device processor, threads 1')
    goOn(begins(40, { device: 'another library', threads: 2 }))
    expect(before()).toBe('until step 40: device processor, threads 1')
    goOn(begins(60))
    expect(before()).toBe(
      'until step 40: device processor, threads 1; until step 60: device another library, threads 2',
    )
    expect(archive.runs.run(runId).provenance).toMatchObject(first)
    // What was measured beyond the snapshot stays that of before.
    goOn(measured(90, { trainLoss: 1 }))
    goOn(begins(80, { device: 'a third' }))
    expect(before()).toMatch(/until step 80, measured to 90: device processor$/)
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

  it('does not end a run that is queued again where its end comes again', () => {
    const { archive, runId } = archiveWithRun()
    const events = eventsOf(runId, [started, measured(1, { trainLoss: 1 }), settled({ status: 'failed', step: 1 })])
    archive.applyEvents(events)
    archive.runs.requeue(runId)
    archive.applyEvents(events)
    expect(archive.runs.run(runId)).toMatchObject({ status: 'queued', contentHash: null, finishedAt: null })
    archive.applyEvents(eventsOf(runId, [started, settled()], archive.runs.nextSequence(runId)))
    expect(archive.runs.status(runId)).toBe('finished')
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

  it('is stored as if it had come alone where a change around it is taken back', () => {
    const { archive, runId } = archiveWithRun()
    const soFar = eventsOf(runId, [started, measured(1, { trainLoss: 1 })])
    archive.applyEvents(soFar)
    const failing = () =>
      archive.together(() => {
        archive.replaceEvents(runId, [...soFar, ...eventsOf(runId, story(2), 2)])
        throw new Error('the next run cannot be read')
      })
    expect(failing).toThrow('cannot be read')
    archive.applyEvents(eventsOf(runId, story(2), 2))
    expect(archive.integrity.checkWhole(runId).findings).toEqual([])
    expect(archive.curves.readCurves(runId, ['trainLoss']).trainLoss.step).toHaveLength(100)
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

/** What lists and pages show of a run that has told this much, each of it once. */
function heard(bodies: readonly RunEventBody[]) {
  const shown = {
    status: 'queued',
    step: 0,
    tau: 0,
    seconds: 0,
    code: null as string | null,
    sequence: bodies.length - 1,
  }
  const run = { ...shown, message: null as string | null, latest: {} as Record<string, number>, events: {} as object }
  const losses: number[] = []
  let snapshots: { step: number; reason: SnapshotReason }[] = []
  for (const body of bodies) {
    if (body.type === 'started') Object.assign(run, { status: 'running', step: body.step })
    if (body.type === 'progress') Object.assign(run, { step: body.step, tau: body.tau })
    if (body.type === 'measured') {
      const { step, tau, seconds, values } = body
      Object.assign(run, { step, tau, seconds })
      losses.push(values.trainLoss!)
      if (!Number.isNaN(values.trainLoss)) run.latest.trainLoss = values.trainLoss!
    }
    if (body.type === 'event') {
      const { name, step, tau, value } = body
      run.events = { [name]: { step, tau, value }, ...run.events }
    }
    if (body.type === 'snapshot') {
      const { step, reason } = body.snapshot
      if (reason === 'checkpoint') snapshots = snapshots.filter((each) => each.reason !== reason)
      snapshots.push({ step, reason })
    }
    if (body.type === 'settled') {
      const { status, step, tau, seconds, code = null, message = null } = body
      Object.assign(run, { status, step, tau, seconds, code, message })
    }
  }
  return { run, losses, snapshots }
}

const loss = fc.constantFrom(NaN, Infinity, 0.5, 0.25)
const body = fc.oneof(
  fc.record({ type: fc.constant('started' as const) }),
  fc.record({ type: fc.constant('progress' as const) }),
  fc.record({ type: fc.constant('measured' as const), loss }),
  fc.record({ type: fc.constant('event' as const), name: fc.constantFrom('memorized' as const, 'stalled' as const) }),
  fc.record({
    type: fc.constant('snapshot' as const),
    reason: fc.constantFrom('checkpoint' as const, 'scheduled' as const),
  }),
)

/** What a run tells from its start, a step each, to an end where it has one. */
const bodies = fc.tuple(fc.array(body, { maxLength: 12 }), fc.boolean()).map(([drawn, ends]): RunEventBody[] => {
  const told = drawn.map((each, i): RunEventBody => {
    const [step, tau] = [i + 1, (i + 1) / 1000]
    if (each.type === 'started') return { ...started, step } as RunEventBody
    if (each.type === 'measured') return measured(step, { trainLoss: each.loss, conditionNumber: step })
    if (each.type === 'snapshot') return snapshot(step, { reason: each.reason })
    if (each.type === 'event') return { type: 'event', name: each.name, step, tau, value: step }
    return { type: 'progress', step, tau, steps: 100, stepsPerSecond: 1, secondsLeft: 0 }
  })
  return [started, ...told, ...(ends ? [settled({ status: 'failed', code: 'DIVERGED', message: 'NaN' })] : [])]
})

it('what a run tells counts once, in whatever pieces it comes and however often any of them comes again', () => {
  const archive = open()
  fc.assert(
    fc.property(
      bodies,
      fc.array(fc.tuple(fc.nat(13), fc.integer({ min: 1, max: 6 })), { maxLength: 6 }),
      (told, pieces) => {
        const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds as [string]
        const events = eventsOf(runId, told)
        let reached = 0
        for (const [begin, length] of [...pieces, [reached, events.length] as const]) {
          const from = Math.min(begin, reached)
          archive.applyEvents(events.slice(from, from + length))
          reached = Math.max(reached, Math.min(from + length, events.length))
          const { run, losses, snapshots } = heard(told.slice(0, reached))
          expect(archive.runs.summary(runId)).toMatchObject(run)
          expect(archive.runs.summary(runId).startedAt === null).toBe(run.status === 'queued')
          expect([...archive.curves.readColumn(runId, 'trainLoss')]).toEqual(losses)
          expect(archive.snapshots.listSnapshots(runId)).toMatchObject(snapshots)
        }
        expect(archive.integrity.check(runId).findings).toEqual([])
      },
    ),
    { numRuns: 40 },
  )
})

it('a run that was paused before its worker began is paused when it begins', () => {
  const { archive, runId } = archiveWithRun()
  for (const status of ['running', 'paused'] as const) archive.runs.setStatus(runId, status)
  archive.applyEvents(eventsOf(runId, [started, measured(1, { trainLoss: 1 })]))
  expect(archive.runs.summary(runId)).toMatchObject({ status: 'paused', step: 1 })
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

  it('is sound where another program than it was written by replaces all of it', () => {
    const { archive, runId } = archiveWithRun()
    archive.applyEvents(eventsOf(runId, [started, measured(1, { trainLoss: 1 })]))
    archive.close()
    const again = open(archive.path)
    again.replaceEvents(runId, eventsOf(runId, [started, ...story()]))
    expect(again.integrity.checkWhole(runId).findings).toEqual([])
  })

  it('is found by what it came to, though it comes with what it measured', () => {
    const { archive, runId } = archiveWithRun()
    const found = () => archive.runs.listIds({ where: 't_grok > 0' })
    archive.applyEvents(eventsOf(runId, [started]))
    expect(found()).toEqual([])
    const generalized = { type: 'event', name: 'generalized', step: 1, tau: 0.001, value: 1 } as const
    archive.applyEvents(eventsOf(runId, [measured(1, { testAccuracy: 1 }), generalized], 1))
    expect(found()).toEqual([runId])
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
