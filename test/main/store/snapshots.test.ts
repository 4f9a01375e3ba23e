import DatabaseConstructor from 'better-sqlite3'
import { describe, expect, it, vi } from 'vitest'
import type { Archive } from '../../../src/main/store/archive.ts'
import { SnapshotStore } from '../../../src/main/store/snapshots.ts'
import type { SnapshotReason } from '../../../src/shared/run.ts'
import { eventsOf, matrix, settled, smallSpec, snapshot, started, temporaryArchives } from '../../support/archive.ts'

const { open } = temporaryArchives()

function archiveWithRun(): { archive: Archive; runId: string } {
  const archive = open()
  const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds
  archive.applyEvents(eventsOf(runId!, [started]))
  return { archive, runId: runId! }
}

describe('snapshots', () => {
  it('hold the start of a step that they lie within, for networks and for a few weights', () => {
    const toy = smallSpec({
      task: { kind: 'toy', model: 'twoWeightLinear', start: [-1, 1] },
      dynamics: { kind: 'gradientFlow', steps: 50 },
    })
    for (const { spec, matrices } of [
      { spec: smallSpec(), matrices: { E: matrix(5, 16), stepStartE: matrix(5, 16), stepStartW: matrix(16, 5) } },
      { spec: toy, matrices: { E: matrix(1, 2), stepStartE: matrix(1, 2) } },
    ]) {
      const archive = open()
      const [runId] = archive.runs.createExperiment({ spec }).runIds
      archive.applyEvents(eventsOf(runId!, [started, snapshot(30, { matrices, scalars: { stepStart: 29.5 } })]))
      expect(archive.snapshots.latestSnapshot(runId!)).toMatchObject({ matrices, scalars: { stepStart: 29.5 } })
    }
  })

  it('come back with every bit, whatever they hold', () => {
    const { archive, runId } = archiveWithRun()
    const scalars = { stepSize: 0.1 + 0.2, zero: -0, missing: NaN, large: Infinity, small: -Infinity }
    const velocity = { rows: 5, columns: 16, data: Float32Array.from({ length: 80 }, (_, i) => [NaN, -0][i] ?? i / 3) }
    const matrices = { E: matrix(5, 16), velocityE: velocity }
    const event = snapshot(30, { matrices, scalars })
    archive.applyEvents(eventsOf(runId, [event], 1))
    expect(archive.snapshots.readSnapshot(runId, 30)).toEqual({
      step: 30,
      tau: 0.03,
      reason: 'scheduled',
      matrices,
      scalars,
    })
    expect(Object.is(archive.snapshots.latestSnapshot(runId)?.scalars.zero, -0)).toBe(true)
    expect(archive.snapshots.listSnapshots(runId)).toEqual([
      {
        step: 30,
        tau: 0.03,
        reason: 'scheduled',
        matrices: [
          { name: 'E', rows: 5, columns: 16, precision: 'float64' },
          { name: 'velocityE', rows: 5, columns: 16, precision: 'float32' },
        ],
      },
    ])
    expect(archive.snapshots.readMatrix(runId, 30, 'E')).toEqual(matrices.E)
  })

  it.each<[string, [number, SnapshotReason][], [number, SnapshotReason][]]>([
    [
      'a checkpoint replaces the one before',
      [
        [5, 'checkpoint'],
        [9, 'checkpoint'],
      ],
      [[9, 'checkpoint']],
    ],
    [
      'the final state replaces the checkpoint',
      [
        [5, 'checkpoint'],
        [100, 'final'],
      ],
      [[100, 'final']],
    ],
    [
      'scheduled and event states stay',
      [
        [1, 'scheduled'],
        [4, 'event'],
        [5, 'checkpoint'],
        [9, 'checkpoint'],
      ],
      [
        [1, 'scheduled'],
        [4, 'event'],
        [9, 'checkpoint'],
      ],
    ],
    [
      'a checkpoint leaves a scheduled state of its step scheduled',
      [
        [5, 'scheduled'],
        [5, 'checkpoint'],
        [9, 'checkpoint'],
      ],
      [
        [5, 'scheduled'],
        [9, 'checkpoint'],
      ],
    ],
    [
      'an event at a checkpoint keeps it',
      [
        [5, 'checkpoint'],
        [5, 'event'],
        [9, 'checkpoint'],
      ],
      [
        [5, 'event'],
        [9, 'checkpoint'],
      ],
    ],
    [
      'telling the same again changes nothing',
      [
        [1, 'scheduled'],
        [5, 'event'],
        [1, 'scheduled'],
      ],
      [
        [1, 'scheduled'],
        [5, 'event'],
      ],
    ],
  ])('%s', (_, told, kept) => {
    const { archive, runId } = archiveWithRun()
    archive.applyEvents(
      eventsOf(
        runId,
        told.map(([step, reason]) => snapshot(step, { reason })),
        1,
      ),
    )
    expect(archive.snapshots.listSnapshots(runId).map(({ step, reason }) => [step, reason])).toEqual(kept)
    for (const [step] of kept) expect(archive.snapshots.readMatrix(runId, step, 'E')).toEqual(matrix(5, 16, step))
  })

  it('of the end become scheduled when the run is extended', () => {
    const { archive, runId } = archiveWithRun()
    archive.applyEvents(eventsOf(runId, [snapshot(100, { reason: 'final' }), settled()], 1))
    archive.runs.requeue(runId, { steps: 200 })
    archive.applyEvents(
      eventsOf(runId, [started, snapshot(200, { reason: 'final' })], archive.runs.nextSequence(runId)),
    )
    expect(archive.snapshots.listSnapshots(runId).map(({ step, reason }) => [step, reason])).toEqual([
      [100, 'scheduled'],
      [200, 'final'],
    ])
  })

  it('that are not there are named', () => {
    const { archive, runId } = archiveWithRun()
    archive.applyEvents(eventsOf(runId, [snapshot(1)], 1))
    expect(() => archive.snapshots.readSnapshot(runId, 2)).toThrow(`run ${runId} has no snapshot of step 2`)
    expect(() => archive.snapshots.readMatrix(runId, 1, 'Z')).toThrow(`run ${runId} has no matrix "Z" at step 1`)
    expect(archive.snapshots.latestSnapshot('nobody')).toBeUndefined()
  })
})

describe('a given start', () => {
  it('is read when its run is stored: many runs hold one at a time', () => {
    const archive = open()
    const { seeds: _, ...shared } = smallSpec({})
    const order: string[] = []
    const store = vi.spyOn(SnapshotStore.prototype, 'storeGiven').mockImplementation(() => void order.push('stored'))
    const runs = [0, 1, 2].map((seed) => ({
      spec: { ...shared, seed },
      initial: () => (order.push(`read ${seed}`), { parameters: { E: matrix(5, 16, seed) } }),
    }))
    archive.runs.createExperiment({ spec: smallSpec({ seeds: [0, 1, 2] }), runs })
    expect(order).toEqual(['read 0', 'stored', 'read 1', 'stored', 'read 2', 'stored'])
    store.mockRestore()
  })

  it('is what the run starts from, before and after the run has stored it itself, and nothing to resume from', () => {
    const archive = open()
    const spec = smallSpec({ initialization: { kind: 'file', path: 'start.npz' } })
    const { seeds: _, ...shared } = spec
    const initial = { parameters: { E: matrix(5, 16, 9) }, train: Int32Array.of(1, 2, 5) }
    const { runIds } = archive.runs.createExperiment({
      spec,
      runs: [{ spec: { ...shared, seed: 0 }, initial: () => initial }],
    })
    const runId = runIds[0]!
    expect(archive.runs.initialState(runId)).toEqual(initial)
    expect(archive.snapshots.latestSnapshot(runId)).toBeUndefined()
    expect(archive.snapshots.listSnapshots(runId)).toMatchObject([{ step: 0, reason: 'initial' }])

    const own = { E: initial.parameters.E, W: matrix(16, 5, 3) }
    archive.applyEvents(
      eventsOf(runId, [{ ...started, train: initial.train } as typeof started, snapshot(0, { matrices: own })]),
    )
    expect(archive.runs.initialState(runId)).toEqual({ ...initial, parameters: own })
    expect(archive.snapshots.latestSnapshot(runId)?.matrices).toEqual(own)
    expect(archive.snapshots.listSnapshots(runId)).toHaveLength(1)
  })

  it('is not there where a run draws its start', () => {
    const { archive, runId } = archiveWithRun()
    archive.applyEvents(eventsOf(runId, [snapshot(0)], 1))
    expect(archive.runs.initialState(runId)).toBeUndefined()
  })
})

describe('a damaged snapshot', () => {
  it.each([
    ['UPDATE matrices SET rows = 6', /matrix E of run \w+ at step 7 is damaged/],
    ['UPDATE matrices SET rows = 1000000000, columns = 1000000000', /matrix E of run \w+ at step 7 is damaged/],
    ['UPDATE matrices SET data = zeroblob(5000000)', /E of run \w+ at step 7 is damaged: 5000000 bytes for 5 × 16/],
    ['UPDATE matrices SET data = substr(data, 1, 60)', /E of run \w+ at step 7 is damaged/],
    ["UPDATE snapshots SET scalars = '{'", /the snapshot of run \w+ at step 7 is damaged: "\{" is not JSON/],
  ])('by %j is refused, by name', (damage, message) => {
    const { archive, runId } = archiveWithRun()
    archive.applyEvents(eventsOf(runId, [snapshot(7)], 1))
    archive.close()
    const database = new DatabaseConstructor(archive.path)
    database.exec(damage)
    database.close()
    const reader = open(archive.path, { readOnly: true })
    expect(() => reader.snapshots.readSnapshot(runId, 7)).toThrow(
      expect.objectContaining({ code: 'ARCHIVE_UNREADABLE' }),
    )
    expect(() => reader.snapshots.readSnapshot(runId, 7)).toThrow(message)
  })
})
