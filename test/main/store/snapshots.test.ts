import { readFileSync } from 'node:fs'
import DatabaseConstructor from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { Archive } from '../../../src/main/store/archive.ts'
import { RecordChecksums } from '../../../src/main/store/recordChecksums.ts'
import { SnapshotStore } from '../../../src/main/store/snapshots.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import type { Snapshot } from '../../../src/shared/run.ts'
import {
  eventsOf,
  matrix,
  settled,
  smallSpec,
  snapshot,
  started,
  temporaryArchives,
  writeAsStored,
} from '../../support/archive.ts'

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

/** Of one step the reason that says most is kept. */
const reasons = ['checkpoint', 'scheduled', 'initial', 'event', 'final'] as const
const kinds = [
  { spec: smallSpec(), rows: 5, columns: 16 },
  {
    spec: smallSpec({
      task: { kind: 'toy', model: 'twoWeightLinear', start: [-1, 1] },
      dynamics: { kind: 'gradientFlow', steps: 100 },
    }),
    rows: 1,
    columns: 2,
  },
]

const commands = fc.array(
  fc.record({
    run: fc.nat(1),
    isBare: fc.boolean(),
    step: fc.nat(3),
    act: fc.constantFrom(...reasons, ...reasons, 'given' as const, 'demote' as const),
  }),
  { minLength: 1, maxLength: 12 },
)

it('snapshots are as those in memory, of which a later one takes the place of a checkpoint, whatever comes in which order', () => {
  const archive = open()
  const runs = kinds.map((kind) => ({ ...kind, id: archive.runs.createExperiment(kind).runIds[0]! }))
  archive.close()
  const database = new DatabaseConstructor(readFileSync(archive.path))
  const checksums = new RecordChecksums(database)
  const sealed = database.prepare('SELECT step, checksum FROM snapshots WHERE runId = ?')
  fc.assert(
    fc.property(commands, (given) => {
      database.exec('DELETE FROM matrices; DELETE FROM snapshots')
      const store = new SnapshotStore(database)
      const model = runs.map((run) => ({ ...run, kept: new Map<number, Kept>() }))
      for (const [place, { run, step, act, isBare }] of given.entries()) {
        const { id: runId, rows, columns, kept } = model[run]!
        const matrices: Snapshot['matrices'] = isBare ? {} : { E: matrix(rows, columns, place) }
        const told = { step, tau: place, matrices, scalars: { place } }
        if (act === 'given') {
          store.storeGiven(runId, { parameters: matrices })
          kept.set(0, { step: 0, tau: 0, matrices, scalars: {}, reason: 'initial', isGiven: true })
        } else if (act === 'demote') {
          store.demoteFinal(runId)
          for (const each of kept.values()) if (each.reason === 'final') each.reason = 'scheduled'
        } else {
          store.store(runId, { ...told, reason: act })
          const before = kept.get(step)
          const known = before && !before.isGiven ? reasons.indexOf(before.reason) : 0
          kept.set(step, { ...told, reason: reasons[Math.max(known, reasons.indexOf(act))]!, isGiven: false })
          for (const [at, each] of kept) {
            const isReplaced = each.reason === 'checkpoint' && at !== step
            if (isReplaced && (act === 'checkpoint' || act === 'final')) kept.delete(at)
          }
        }
        for (const each of model) expectKept(store, each)
      }
    }),
    { numRuns: 60 },
  )

  function expectKept(store: SnapshotStore, { id: runId, kept: model, rows, columns }: Modeled): void {
    const kept = [...model.values()].sort((a, b) => a.step - b.step)
    const withoutMark = kept.map(({ isGiven: _, ...snapshot }) => snapshot)
    expect(kept.map(({ step }) => store.readSnapshot(runId, step))).toEqual(withoutMark)
    const described = kept.map(({ step, tau, reason, matrices }) => ({
      ...{ step, tau, reason },
      matrices: Object.keys(matrices).map((name) => ({ name, rows, columns, precision: 'float64' })),
    }))
    expect(store.listSnapshots(runId)).toEqual(described)
    const latest = kept.findLast(({ isGiven }) => !isGiven)
    expect(store.latestStep(runId)).toBe(latest?.step)
    expect(store.latestSnapshot(runId)?.scalars).toEqual(latest?.scalars)
    for (const { step, checksum } of sealed.all(runId) as { step: number; checksum: unknown }[]) {
      expect(checksums.snapshot(runId, step)).toEqual(checksum)
    }
  }
  database.close()
})

type Kept = Snapshot & { isGiven: boolean }
interface Modeled {
  id: string
  kept: ReadonlyMap<number, Kept>
  rows: number
  columns: number
}

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

  it('is damaged where the matrix of its first layer is gone', () => {
    const archive = open()
    const initial = () => ({ parameters: { E: matrix(5, 16, 9), W: matrix(16, 5) } })
    const runs = [{ spec: toRunSpec(smallSpec(), 0), initial }]
    const [runId] = archive.runs.createExperiment({ spec: smallSpec(), runs }).runIds as [string]
    archive.close()
    writeAsStored(archive.path, (database) => database.exec("DELETE FROM matrices WHERE name = 'E'"))
    expect(() => open(archive.path, { readOnly: true }).runs.initialState(runId)).toThrow(
      expect.objectContaining({
        code: 'ARCHIVE_UNREADABLE',
        message: `the initial state of run ${runId} has no matrix E`,
      }),
    )
  })

  it('is not there where a run draws its start', () => {
    const { archive, runId } = archiveWithRun()
    archive.applyEvents(eventsOf(runId, [snapshot(0)], 1))
    expect(archive.runs.initialState(runId)).toBeUndefined()
  })
})

describe('a damaged snapshot', () => {
  it.each([
    ['UPDATE matrices SET rows = 6', /matrix E of run \w+ at step 7 is damaged: .* 6 × 16; .* makes it 5 × 16/],
    ["UPDATE matrices SET columns = 17 WHERE name = 'E'", /damaged: .* 5 × 17; its specification makes it 5 × 16/],
    ["UPDATE matrices SET name = 'Z' WHERE name = 'E'", /matrix Z of run \w+ .* it has no such matrix/],
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
