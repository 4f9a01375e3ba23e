import { describe, expect, it, vi } from 'vitest'
import type { BackendSelection, ChoiceRequest } from '../../../src/main/engine/messages.ts'
import { createExperimentService, type ExperimentServiceOptions } from '../../../src/main/services/experiments.ts'
import { memoryOf } from '../../../src/main/services/requireMemory.ts'
import { createRunService } from '../../../src/main/services/runs.ts'
import { RunStore } from '../../../src/main/store/runs.ts'
import { SnapshotStore } from '../../../src/main/store/snapshots.ts'
import { errorAdvice, LabError } from '../../../src/shared/errors.ts'
import type { Preparation } from '../../../src/shared/preparation.ts'
import type { HostEventName } from '../../../src/shared/contract.ts'
import type { Provenance, RunEvent, RunEventBody, RunSummary } from '../../../src/shared/run.ts'
import {
  eventsOf,
  measured,
  provenance,
  settled,
  smallSpec,
  snapshot,
  started,
  temporaryArchives,
} from '../../support/archive.ts'
import { stepsOf, toRunSpec } from '../../../src/shared/experiment.ts'
import { fakeWorkers, type FakeWorker } from '../../support/fakeWorkers.ts'

const machine = vi.hoisted(() => ({ freeBytes: 2 ** 40 }))
vi.mock('node:os', async (actual) => {
  const os = await actual<typeof import('node:os')>()
  return { ...os, freemem: () => machine.freeBytes, totalmem: () => 2 * machine.freeBytes }
})

const archives = temporaryArchives()

/** The service over an archive in a file and fake workers; `choose` stands for the choice of arithmetic. */
function startService(slots = 2, choose: (request: ChoiceRequest) => Promise<BackendSelection> = chooseAsked) {
  const archive = archives.open()
  const { startWorker, workers } = fakeWorkers()
  const told: { name: HostEventName; data: unknown }[] = []
  const passedOn: RunEvent[] = []
  const service = createRunService({
    archive,
    startWorker,
    broadcast: (name, data) => void told.push({ name, data }),
    slots,
    backend: { kind: 'auto' },
    choose,
    cacheFolder: '/nowhere',
    onEvents: (events) => passedOn.push(...events),
    log: () => {},
  })
  const create = (seeds: number[]) => archive.runs.createExperiment({ spec: smallSpec({ seeds }) }).runIds
  const tell = (worker: FakeWorker, bodies: RunEventBody[]) => {
    const { runId, firstSequence } = worker.job
    const first = Math.max(firstSequence, archive.runs.nextSequence(runId))
    worker.send({ type: 'events', events: eventsOf(runId, bodies, first) })
  }
  const statuses = () => Object.fromEntries(archive.runs.listRuns().map(({ id, status }) => [id, status]))
  /** The statuses that each message told. */
  const changes = () =>
    told
      .filter(({ name }) => name === 'run.changed')
      .map(({ data }) => (data as RunSummary[]).map(({ status }) => status).join())
  return { archive, service, workers, told, passedOn, create, tell, statuses, changes }
}

async function chooseAsked({ backend }: ChoiceRequest): Promise<BackendSelection> {
  const { kind, threads = 1 } = backend
  return { kind: kind === 'auto' ? 'plain' : kind, threads, reason: 'asked for' }
}

/** Lets promises that are settled be acted on. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('a run', () => {
  it('begins as it was planned, which is as it was stored, and nothing of it is read for that', async () => {
    const { archive, service, workers } = startService()
    const spec = smallSpec({ seeds: [3, 5] })
    const planned = spec.seeds.map((seed) => ({ spec: toRunSpec(spec, seed), backend: 'wasm' as const }))
    const { runIds } = archive.runs.createExperiment({ spec, runs: planned })
    const read = vi.spyOn(RunStore.prototype, 'run')
    service.start(runIds, planned)
    await turn()
    expect(read).not.toHaveBeenCalled()
    read.mockRestore()
    const jobs = workers.map(({ job }) => ({ runId: job.runId, spec: job.spec, kind: job.backend.kind }))
    expect(jobs).toEqual(runIds.map((runId) => ({ runId, spec: archive.runs.run(runId).spec, kind: 'wasm' })))
  })

  it('goes from queued over running to its end, each state stored before it is told', async () => {
    const { archive, service, workers, create, tell, told, changes, passedOn } = startService()
    const [runId] = create([0])
    service.start([runId!])
    await turn()
    expect(workers[0]!.job).toMatchObject({ runId, firstSequence: 0, backend: { kind: 'plain', threads: 1 } })
    tell(workers[0]!, [started, snapshot(0), measured(0, { trainLoss: 3 }), measured(10, { trainLoss: 2, testMse: 1 })])
    expect(archive.runs.status(runId!)).toBe('running')
    tell(workers[0]!, [{ type: 'event', name: 'memorized', step: 10, tau: 0.01, value: 1 }, settled()])
    expect(changes()).toEqual(['queued', 'running', 'finished'])
    expect(archive.runs.summary(runId!)).toMatchObject({
      status: 'finished',
      events: { memorized: { step: 10 } },
      latest: { trainLoss: 2 },
    })
    expect(passedOn.map(({ type }) => type)).toEqual([
      'started',
      'snapshot',
      'measured',
      'measured',
      'event',
      'settled',
    ])
    const rows = told.find(({ name }) => name === 'run.measured')!.data
    expect(rows).toMatchObject({
      runId,
      step: Float64Array.of(0, 10),
      values: { trainLoss: Float64Array.of(3, 2), testMse: Float64Array.of(NaN, 1) },
    })
    expect(told.filter(({ name }) => name === 'run.snapshotSaved')).toMatchObject([
      {
        data: {
          runId,
          snapshot: { step: 0, matrices: [{ name: 'E', rows: 5, columns: 16, precision: 'float64' }, {}] },
        },
      },
    ])
    expect(service.isActive(runId!)).toBe(false)
  })

  it('whose device is tested and compiles is told of while it waits, until it begins', async () => {
    const { archive, service, workers, tell, told, create } = startService()
    const [runId] = create([0])
    service.start([runId!])
    await turn()
    const words: Preparation[] = [{ doing: 'testing' }, { doing: 'compiling', done: 1, of: 3 }]
    for (const preparation of words) workers[0]!.send({ type: 'preparing', preparation })
    const preparing = () => told.filter(({ name }) => name === 'run.preparing').map(({ data }) => data)
    expect(preparing()).toEqual(words.map((preparation) => ({ runId, preparation })))
    expect(archive.runs.run(runId!).status).toBe('queued')
    tell(workers[0]!, [started, snapshot(0)])
    tell(workers[0]!, [settled()])
    expect(preparing().slice(2)).toEqual([{ runId, preparation: null }])
  })

  it('whose start is trained is running, and told of until it measures', async () => {
    const { archive, service, workers, tell, told, create } = startService()
    const [runId] = create([0])
    service.start([runId!])
    await turn()
    tell(workers[0]!, [started])
    const words: Preparation[] = [1, 2].map((done) => ({ doing: 'training', done, of: 3 }))
    for (const preparation of words) workers[0]!.send({ type: 'preparing', preparation })
    expect(archive.runs.status(runId!)).toBe('running')
    tell(workers[0]!, [measured(0, { trainLoss: 1 }), measured(1, { trainLoss: 1 })])
    const preparing = told.filter(({ name }) => name === 'run.preparing').map(({ data }) => data)
    expect(preparing).toEqual([...words, null].map((preparation) => ({ runId, preparation })))
  })

  it('that its worker refuses has failed, with the reason and advice', async () => {
    const { archive, service, workers, create } = startService()
    const [runId] = create([0])
    service.start([runId!])
    await turn()
    workers[0]!.send({ type: 'refused', error: { code: 'BACKEND_UNAVAILABLE', message: 'no abacus' } })
    expect(archive.runs.run(runId!)).toMatchObject({
      status: 'failed',
      code: 'BACKEND_UNAVAILABLE',
      message: 'no abacus',
      advice: errorAdvice.BACKEND_UNAVAILABLE,
    })
  })

  it('whose arithmetic cannot be chosen has failed too, and the next one begins', async () => {
    const fails = async (request: ChoiceRequest) => {
      if (request.backend.kind === 'auto') throw new LabError('WORKER_DIED', 'while measuring')
      return chooseAsked(request)
    }
    const { service, create, archive } = startService(2, fails)
    const runIds = create([0, 1])
    service.start(runIds)
    await turn()
    for (const runId of runIds)
      expect(archive.runs.summary(runId)).toMatchObject({ status: 'failed', code: 'WORKER_DIED' })
    expect(service.load()).toEqual({ running: 0, queued: 0, slots: 2 })
  })

  it('has the arithmetic of those alike that start with it, which is asked for once, also where that fails', async () => {
    const asked: ChoiceRequest[] = []
    const { service, create, archive, workers } = startService(2, (request) => {
      asked.push(request)
      const { hidden } = request.size
      if (hidden === 17) return Promise.reject(new LabError('BACKEND_UNAVAILABLE', 'no abacus'))
      return Promise.resolve({ kind: 'wasm', threads: asked.length, reason: 'the fastest' })
    })
    const others = (hidden: number) =>
      archive.runs.createExperiment({ spec: smallSpec({ seeds: [0, 1], network: { hidden } }) }).runIds
    const [alike, wider, failing] = [create([0, 1, 2]), others(32), others(17)]
    service.start([...alike, ...wider, ...failing])
    await turn()
    expect(asked.map(({ size }) => size.hidden)).toEqual([16, 32, 17])
    expect(workers.map(({ job }) => job.backend.threads)).toEqual([1, 1])
    for (const runId of failing) expect(archive.runs.summary(runId)).toMatchObject({ code: 'BACKEND_UNAVAILABLE' })
    // Later it is asked again: what failed may work by then.
    service.start(create([3]))
    await turn()
    expect(asked).toHaveLength(4)
  })

  it('whose worker dies is interrupted, its neighbors are not, and it goes on from its last snapshot', async () => {
    const { archive, service, workers, create, tell, statuses } = startService()
    const [a, b] = create([0, 1]) as [string, string]
    service.start([a, b])
    await turn()
    tell(workers[0]!, [started, snapshot(0), measured(0, {}), snapshot(40), measured(40, {}), measured(50, {})])
    tell(workers[1]!, [started])
    workers[0]!.die()
    expect(statuses()).toEqual({ [a]: 'interrupted', [b]: 'running' })
    expect(archive.runs.summary(a)).toMatchObject({ code: 'WORKER_DIED', step: 50 })
    service.resume([a])
    await turn()
    const { job } = workers[2]!
    expect(job.resumeFrom).toMatchObject({ step: 40 })
    expect(job.firstSequence).toBe(archive.runs.nextSequence(a))
    // By the arithmetic it began with, whatever would be chosen now.
    expect(job.backend).toMatchObject({ kind: 'plain', threads: 1 })
  })

  it('that goes on asks for the library, and the threads, that it began with; one that has saved nothing does not', async () => {
    const asked: ChoiceRequest['backend'][] = []
    const { service, workers, create, tell } = startService(2, (request) => {
      asked.push(request.backend)
      return chooseAsked(request)
    })
    const [a, b] = create([0, 1]) as [string, string]
    service.start([a, b])
    await turn()
    const by: Partial<Provenance> = { backend: 'blas', device: 'OpenBLAS (/usr/lib/libopenblas.so.0)', threads: 2 }
    const begun = { ...started, provenance: { ...provenance, ...by } } as RunEventBody
    tell(workers[0]!, [begun, snapshot(40)])
    tell(workers[1]!, [begun])
    for (const worker of workers) worker.die()
    service.resume([a, b])
    await turn()
    expect(asked.slice(1)).toEqual([
      { kind: 'blas', threads: 2, device: 'OpenBLAS (/usr/lib/libopenblas.so.0)' },
      { kind: 'auto', threads: 1 },
    ])
  })

  it('that is repeated is computed by what computed it, where that is here, and not where a GPU computed it with others at once', async () => {
    const asked: ChoiceRequest['backend'][] = []
    const { archive, service, workers, create, tell } = startService(4, (request) => {
      asked.push(request.backend)
      const isHere = request.backend.kind !== 'cuda'
      return isHere ? chooseAsked(request) : Promise.reject(new LabError('BACKEND_UNAVAILABLE', 'no card'))
    })
    const { rerun } = createExperimentService({ archive, runs: service } as ExperimentServiceOptions)
    const ids = create([0, 1, 2, 3]) as [string, string, string, string]
    service.start(ids)
    await turn()
    const by = (more: Partial<Provenance>) => ({ ...started, provenance: { ...provenance, ...more } }) as RunEventBody
    for (const [place, of] of (
      [
        { backend: 'blas', device: 'OpenBLAS 0.3 (/lib/a.so)', threads: 2 },
        { backend: 'wasm', device: 'WebAssembly SIMD', threads: 8 },
        { backend: 'cuda', device: 'a card', threads: 1 },
        { backend: 'webgpu', device: 'a card, many runs at once', threads: 1 },
      ] as const
    ).entries())
      tell(workers[place]!, [by(of), settled()])
    asked.length = 0
    for (const id of ids.slice(0, 3)) {
      rerun([id])
      await turn()
    }
    expect(asked).toMatchObject([
      { kind: 'blas', threads: 2, device: 'OpenBLAS 0.3 (/lib/a.so)' },
      { kind: 'wasm', device: 'WebAssembly SIMD' },
      { kind: 'cuda', device: 'a card' },
      { kind: 'auto' },
    ])
    expect(asked[1]!.threads).not.toBe(8)
    expect(() => rerun([ids[3]])).toThrow(/alone it would not be repeated to the bit/)
  })

  it('that a GPU computed with others at once is neither resumed nor extended alone, and stays as it was', async () => {
    const { service, workers, create, tell, statuses } = startService(1)
    const [runId] = create([0]) as [string]
    service.start([runId])
    await turn()
    const by: Partial<Provenance> = { backend: 'webgpu', device: 'a card, many runs at once' }
    tell(workers[0]!, [{ ...started, provenance: { ...provenance, ...by } } as RunEventBody, snapshot(40)])
    workers[0]!.die()
    expect(() => service.resume([runId])).toThrow(/a card, many runs at once: alone it would not be resumed to the bit/)
    expect(() => service.resume([runId], 1000)).toThrow(/alone it would not be extended to the bit/)
    expect(statuses()).toEqual({ [runId]: 'interrupted' })
  })

  it('whose worker dies before it told anything is interrupted as well, and begins anew', async () => {
    const { service, workers, create, tell, statuses } = startService(1)
    const [runId] = create([0])
    service.start([runId!])
    await turn()
    workers[0]!.die()
    expect(statuses()).toEqual({ [runId!]: 'interrupted' })
    service.resume([runId!])
    await turn()
    expect(workers[1]!.job.resumeFrom).toBeUndefined()
    tell(workers[1]!, [started, settled()])
    expect(statuses()).toEqual({ [runId!]: 'finished' })
  })

  it('that is extended goes on from its end to more steps', async () => {
    const { service, workers, create, tell, archive } = startService()
    const [runId] = create([0]) as [string]
    service.start([runId])
    await turn()
    tell(workers[0]!, [started, snapshot(100, { reason: 'final' }), settled()])
    expect(() => service.resume([runId])).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
    service.resume([runId], 250)
    await turn()
    expect(stepsOf(workers[1]!.job.spec)).toBe(250)
    expect(workers[1]!.job.resumeFrom).toMatchObject({ step: 100 })
    expect(archive.runs.summary(runId)).toMatchObject({ steps: 250 })
  })
})

describe('a run that was left waiting by a program that has gone', () => {
  it.each([
    [undefined, 100],
    [100, 100],
    [250, 250],
  ])('begins, to as many steps as are asked for: %s', async (steps, end) => {
    const { service, workers, create, archive } = startService()
    const [runId] = create([0]) as [string]
    service.resume([runId], steps)
    await turn()
    expect(stepsOf(workers[0]!.job.spec)).toBe(end)
    expect(archive.runs.summary(runId)).toMatchObject({ steps: end })
  })

  it('is extended to more steps alone, and not while it waits here', async () => {
    const { service, create, archive } = startService(1)
    const runIds = create([0, 1])
    expect(() => service.resume([runIds[0]!], 99)).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
    service.start(runIds)
    await turn()
    expect(() => service.resume([runIds[1]!], 250)).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
    expect(archive.runs.summary(runIds[1]!)).toMatchObject({ steps: 100 })
  })
})

describe('several runs', () => {
  it('share the slots evenly, one thread each where they are many', async () => {
    const requested: (number | undefined)[] = []
    const { service, create } = startService(4, (request) => {
      requested.push(request.backend.threads)
      return chooseAsked(request)
    })
    for (const seeds of [[0], [1, 2, 3], Array.from({ length: 9 }, (_, i) => 10 + i)]) {
      service.start(create(seeds))
      await turn()
    }
    // Alone, the choice is free; with one running, three share 4 slots; nine more get one each. Those alike ask once.
    expect(requested).toEqual([undefined, 1, 1])
  })

  it('share the slots with those whose arithmetic is still being chosen', async () => {
    const requested: (number | undefined)[] = []
    const { service, create } = startService(4, ({ backend }) => {
      requested.push(backend.threads)
      return new Promise(() => {})
    })
    const runIds = create([0, 1, 2, 3, 4, 5])
    for (const runId of runIds) service.start([runId])
    // The first knows of no other; with it two share 4 slots, and from the third on one thread is left for each.
    expect(requested).toEqual([undefined, 2, 1, 1, 1, 1])
    await service.close()
  })

  it('go on but for those that are paused, and those that wait for a place which these keep', async () => {
    const { service, workers, create, tell } = startService(2)
    const [a, b, c, d] = create([0, 1, 2, 3]) as [string, string, string, string]
    const going: number[] = []
    const note = () => going.push(service.goingOn())
    note()
    service.start([a, b, c, d])
    note()
    await turn()
    for (const worker of workers) tell(worker, [started])
    note()
    service.pause([d])
    note()
    service.pause([a])
    note()
    service.pause([b])
    note()
    service.continue([a])
    note()
    service.hold(true)
    note()
    service.continue([a])
    note()
    service.hold(false)
    note()
    // All that begin, one paused among those that are computed; and one that is paused while it is waiting.
    expect(going).toEqual([0, 4, 4, 3, 2, 0, 2, 0, 1, 2])
  })

  it('are told of in one message for each thing that is done to them', async () => {
    const { service, workers, create, tell, changes, told } = startService(2)
    const runIds = create([0, 1])
    service.start(runIds)
    await turn()
    for (const worker of workers) tell(worker, [started])
    told.length = 0
    service.pause(runIds)
    service.continue(runIds)
    expect(changes()).toEqual(['paused,paused', 'running,running'])
    for (const worker of workers) tell(worker, [settled({ status: 'cancelled', code: 'CANCELLED' })])
    told.length = 0
    service.resume(runIds)
    service.cancel(runIds)
    expect(changes()).toEqual(['queued,queued', 'cancelled,cancelled'])
  })

  it('of which one is in no state for what is asked are all left as they are, and it is named', async () => {
    const { service, workers, create, tell, statuses, told } = startService(3)
    const [a, b, c] = create([0, 1, 2]) as [string, string, string]
    service.start([a, b, c])
    await turn()
    for (const worker of workers) tell(worker, [started])
    tell(workers[1]!, [settled()])
    const before = statuses()
    told.length = 0
    for (const act of [service.pause, service.cancel, service.resume]) {
      expect(() => act([a, b, c])).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
    }
    service.pause([a])
    expect(() => service.continue([a, c])).toThrow(new RegExp(`${c} is running; only a paused run`))
    expect(statuses()).toEqual({ ...before, [a]: 'paused' })
    expect(workers[2]!.received.map(({ type }) => type)).toEqual(['run'])
    expect(told.length).toBe(1)
  })

  it('of which one cannot be resumed: none is, and the caller is told', async () => {
    const { service, workers, create, tell, statuses } = startService()
    const [a, b, c] = create([0, 1, 2]) as [string, string, string]
    service.start([a, b, c])
    await turn()
    tell(workers[0]!, [started, settled({ status: 'cancelled', code: 'CANCELLED' })])
    tell(workers[1]!, [started, settled()])
    await turn()
    tell(workers[2]!, [started, settled({ status: 'cancelled', code: 'CANCELLED' })])
    expect(() => service.resume([a, b, c])).toThrow(/is finished/)
    await turn()
    expect(statuses()).toEqual({ [a]: 'cancelled', [b]: 'finished', [c]: 'cancelled' })
    expect([a, b, c].filter(service.isActive)).toEqual([])
  })
})

it('200 runs that wait to be resumed hold no matrix: what a run goes on from is read when it begins', async () => {
  const { service, create, archive, workers, tell } = startService(2)
  const runIds = create(Array.from({ length: 200 }, (_, seed) => seed))
  for (const runId of runIds) {
    const bodies = [started, snapshot(0), snapshot(40), settled({ status: 'cancelled', code: 'CANCELLED', step: 40 })]
    archive.applyEvents(eventsOf(runId, bodies))
  }
  const read = vi.spyOn(SnapshotStore.prototype, 'readMatrix')
  service.resume(runIds)
  await expect.poll(() => service.load()).toEqual({ running: 2, queued: 198, slots: 2 })
  const readOf = () => [...new Set(read.mock.calls.map(([runId, step]) => `${runId} ${step}`))]
  expect(readOf()).toEqual(runIds.slice(0, 2).map((runId) => `${runId} 40`))
  expect(workers.map(({ job }) => job.resumeFrom?.step)).toEqual([40, 40])
  tell(workers[0]!, [settled()])
  expect(readOf().slice(2)).toEqual([`${runIds[2]!} 40`])
  read.mockRestore()
})

it('a run whose snapshot is found damaged as it begins has failed, and the next one begins', async () => {
  const { service, create, archive, workers, tell } = startService(1)
  const [a, b] = create([0, 1]) as [string, string]
  for (const runId of [a, b]) {
    const bodies = [started, snapshot(0), settled({ status: 'cancelled', code: 'CANCELLED' })]
    archive.applyEvents(eventsOf(runId, bodies))
  }
  const [blocking] = create([2]) as [string]
  service.start([blocking])
  await turn()
  service.resume([a, b])
  await turn()
  const damaged = new LabError('ARCHIVE_UNREADABLE', 'matrix E is damaged')
  const read = vi.spyOn(SnapshotStore.prototype, 'readMatrix').mockImplementationOnce(() => {
    throw damaged
  })
  tell(workers[0]!, [started, settled()])
  expect(archive.runs.summary(a)).toMatchObject({ status: 'failed', code: damaged.code, message: damaged.message })
  expect(workers.map(({ job }) => job.runId)).toEqual([blocking, b])
  read.mockRestore()
})

it('runs are refused where this machine has not the memory for all that are computed at once', async () => {
  const { service, workers, archive, tell } = startService(16)
  const tenths = (count: number) => smallSpec({ seeds: Array.from({ length: count }, (_, seed) => seed) })
  machine.freeBytes = 10 * memoryOf(tenths(1))
  const first = tenths(8)
  service.requireMemory([first])
  expect(() => service.requireMemory([tenths(13)])).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY' }))
  const { runIds } = archive.runs.createExperiment({ spec: first })
  service.start(runIds)
  await turn()
  expect(() => service.requireMemory([tenths(5)])).toThrow(/^13 runs are computed at once/)
  // Once they are computed they have their memory, and what is free is what they left.
  for (const worker of workers) tell(worker, [started])
  service.requireMemory([tenths(5)])
  for (const worker of workers) tell(worker, [settled()])
  expect(() => service.requireMemory([tenths(11)])).toThrow(/^11 runs are computed at once/)
  machine.freeBytes = 2 ** 40
})

describe('pause, continue and cancel', () => {
  it('are stored and told to the worker; a cancelled run has ended when it says so', async () => {
    const { service, workers, create, tell, archive } = startService()
    const [runId] = create([0]) as [string]
    service.start([runId])
    await turn()
    tell(workers[0]!, [started])
    service.pause([runId])
    expect(archive.runs.status(runId)).toBe('paused')
    service.continue([runId])
    service.cancel([runId])
    expect(archive.runs.status(runId)).toBe('running')
    expect(workers[0]!.received.map(({ type }) => type)).toEqual(['run', 'pause', 'continue', 'cancel'])
    tell(workers[0]!, [settled({ status: 'cancelled', code: 'CANCELLED' })])
    expect(archive.runs.status(runId)).toBe('cancelled')
  })

  it('of a run that waits take it out at once, also while its arithmetic is being chosen', async () => {
    const choice = Promise.withResolvers<void>()
    const { service, workers, create, statuses } = startService(1, async (request) => {
      await choice.promise
      return chooseAsked(request)
    })
    const [a, b] = create([0, 1]) as [string, string]
    service.start([a, b])
    expect(service.load()).toEqual({ running: 0, queued: 2, slots: 1 })
    service.cancel([a])
    choice.resolve()
    await turn()
    expect(statuses()).toEqual({ [a]: 'cancelled', [b]: 'queued' })
    expect(workers.map((worker) => worker.job.runId)).toEqual([b])
  })

  it('hold back what waits for its turn: no seed begins while its experiment is paused, and each goes on where it was', async () => {
    const { service, workers, create, tell, statuses } = startService(1)
    const [a, b, c] = create([0, 1, 2]) as [string, string, string]
    service.start([a, b, c])
    await turn()
    tell(workers[0]!, [started])
    service.pause([a, b])
    expect(service.load()).toEqual({ running: 1, queued: 1, slots: 1 })
    tell(workers[0]!, [settled()])
    await turn()
    // The paused one is passed over, by the one behind it.
    expect(workers.at(-1)!.job.runId).toBe(c)
    tell(workers.at(-1)!, [started])
    expect(statuses()).toEqual({ [a]: 'finished', [b]: 'paused', [c]: 'running' })
    service.continue([b])
    expect(statuses()).toEqual({ [a]: 'finished', [b]: 'queued', [c]: 'running' })
    service.pause([b])
    service.cancel([b])
    expect(statuses()).toEqual({ [a]: 'finished', [b]: 'cancelled', [c]: 'running' })
    expect(service.load()).toEqual({ running: 1, queued: 0, slots: 1 })
  })

  it('put runs that wait in another order, also while their arithmetic is being chosen, all or none', async () => {
    let choice = Promise.resolve()
    const { service, create } = startService(1, async (request) => {
      await choice
      return chooseAsked(request)
    })
    const [busy, a, b, c, d, e] = create([0, 1, 2, 3, 4, 5]) as [string, string, string, string, string, string]
    service.start([busy, a, b])
    await turn()
    const held = Promise.withResolvers<void>()
    choice = held.promise
    service.start([c, d, e])
    expect(service.order()).toEqual({ running: [busy], waiting: [a, b, c, d, e] })
    service.move([c], { before: b })
    service.move([d, e], 'first')
    expect(() => service.move([b, busy], 'first')).toThrow(`run ${busy} does not wait`)
    held.resolve()
    await turn()
    expect(service.order()).toEqual({ running: [busy], waiting: [d, e, a, c, b] })
    service.move([b, a], 'first')
    service.move([d], 'last')
    expect(service.order().waiting).toEqual([a, b, e, c, d])
  })

  describe('whose arithmetic is being chosen, where they were moved,', () => {
    /** One run is computed, two wait, and of two the arithmetic is chosen once that is asked for. */
    async function startPreparing() {
      let choice = Promise.resolve()
      const started = startService(1, async (request) => {
        await choice
        return chooseAsked(request)
      })
      const { service, create } = started
      const [busy, a, b, c, d] = create([0, 1, 2, 3, 4]) as [string, string, string, string, string]
      service.start([busy, a, b])
      await turn()
      const held = Promise.withResolvers<void>()
      choice = held.promise
      service.start([c, d])
      const order = async () => {
        held.resolve()
        await turn()
        return service.order().waiting
      }
      return { ...started, a, b, c, d, order }
    }

    it('leave those where they are that were moved with them and elsewhere since', async () => {
      const { service, a, b, c, d, order } = await startPreparing()
      service.move([c, a], 'first')
      service.move([a], 'last')
      expect(await order()).toEqual([c, b, a, d])
    })

    it('come behind those that were put first since, and before those that were put last', async () => {
      const { service, a, b, c, d, order } = await startPreparing()
      service.move([c], 'first')
      service.move([d], 'last')
      service.move([b], 'first')
      service.move([a], 'last')
      expect(await order()).toEqual([b, c, d, a])
    })

    it('come as they were moved last, among themselves too', async () => {
      const { service, a, b, c, d, order } = await startPreparing()
      service.move([d, c], 'first')
      service.move([c, b, d], { before: a })
      expect(await order()).toEqual([c, b, d, a])
    })

    it('come before what was put at the same place since', async () => {
      const { service, a, b, c, d, order } = await startPreparing()
      service.move([c], { before: a })
      service.move([b], { before: a })
      expect(await order()).toEqual([c, b, a, d])
    })

    it('come behind what was put before them', async () => {
      const { service, a, b, c, d, order } = await startPreparing()
      service.move([c], 'first')
      service.move([b], { before: c })
      service.move([a], { before: d })
      expect(service.order().waiting.slice(0, 2)).toEqual([b, a])
      expect(await order()).toEqual([b, c, a, d])
    })
  })

  it('leave a run at its place that was to come before one that has begun meanwhile', async () => {
    let choice = Promise.resolve()
    const { service, workers, create, tell } = startService(1, async (request) => {
      await choice
      return chooseAsked(request)
    })
    const [busy, a, b, c] = create([0, 1, 2, 3]) as [string, string, string, string]
    service.start([busy, a, b])
    await turn()
    const held = Promise.withResolvers<void>()
    choice = held.promise
    service.start([c])
    service.move([c], { before: a })
    tell(workers[0]!, [started, settled()])
    await turn()
    expect(service.order()).toEqual({ running: [a], waiting: [b, c] })
    held.resolve()
    await turn()
    expect(service.order()).toEqual({ running: [a], waiting: [b, c] })
  })

  it('hold back a run whose arithmetic is being chosen, and one whose worker has not begun', async () => {
    const choice = Promise.withResolvers<void>()
    const { service, workers, create, tell, statuses } = startService(1, async (request) => {
      await choice.promise
      return chooseAsked(request)
    })
    const [a, b] = create([0, 1]) as [string, string]
    service.start([a, b])
    service.pause([a])
    choice.resolve()
    await turn()
    expect(workers.map((worker) => worker.job.runId)).toEqual([b])
    service.pause([b])
    tell(workers[0]!, [started])
    expect(statuses()).toEqual({ [a]: 'paused', [b]: 'paused' })
    service.continue([a, b])
    expect(statuses()).toEqual({ [a]: 'queued', [b]: 'running' })
    expect(workers[0]!.received.map(({ type }) => type)).toEqual(['run', 'pause', 'continue'])
  })

  it('of the whole queue hold back also a run whose worker has not begun, and let go on what they held', async () => {
    const { service, workers, create, tell, statuses } = startService(2)
    const [a, b, c] = create([0, 1, 2]) as [string, string, string]
    service.start([a, b, c])
    await turn()
    tell(workers[0]!, [started])
    service.hold(true)
    expect(statuses()).toEqual({ [a]: 'paused', [b]: 'paused', [c]: 'queued' })
    tell(workers[1]!, [started])
    expect(statuses()[b]).toBe('paused')
    expect(workers.map((worker) => worker.received.map(({ type }) => type))).toEqual([
      ['run', 'pause'],
      ['run', 'pause'],
    ])
    // One that is continued and paused by itself meanwhile stays so.
    service.continue([a])
    service.pause([a])
    service.hold(false)
    expect(statuses()).toEqual({ [a]: 'paused', [b]: 'running', [c]: 'queued' })
    expect(workers[1]!.received.map(({ type }) => type)).toEqual(['run', 'pause', 'continue'])
  })

  it('leave a paused run its place: it is neither resumed nor extended beside the worker that has it', async () => {
    const { service, workers, create, tell, statuses } = startService(2)
    const [a, b, c] = create([0, 1, 2]) as [string, string, string]
    service.start([a, b, c])
    await turn()
    tell(workers[0]!, [started, snapshot(50)])
    service.pause([a, c])
    for (const steps of [undefined, 250]) {
      for (const runId of [a, c]) {
        expect(() => service.resume([runId], steps)).toThrow(`run ${runId} is paused; continue or cancel it first`)
      }
    }
    expect(statuses()).toMatchObject({ [a]: 'paused', [c]: 'paused' })
    expect(workers).toHaveLength(2)
    service.cancel([a])
    expect(workers[0]!.received.map(({ type }) => type)).toEqual(['run', 'pause', 'cancel'])
    expect(statuses()[b]).toBe('queued')
  })

  it('are refused where the run is in no state for them', async () => {
    const { service, create } = startService()
    const [runId] = create([0]) as [string]
    for (const act of [service.pause, service.continue]) {
      expect(() => act([runId])).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
    }
    service.cancel([runId])
    expect(() => service.cancel([runId])).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
    expect(() => service.cancel(['nobody'])).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })
})

it('closing waits for running runs and leaves waiting ones queued, to be taken up at the next start', async () => {
  const { service, workers, create, tell, statuses } = startService(1)
  const [a, b] = create([0, 1]) as [string, string]
  service.start([a, b])
  await turn()
  tell(workers[0]!, [started])
  const closing = service.close()
  tell(workers[0]!, [settled({ status: 'cancelled', code: 'CANCELLED' })])
  await closing
  expect(statuses()).toEqual({ [a]: 'cancelled', [b]: 'queued' })
  expect(workers.length).toBe(1)
})
