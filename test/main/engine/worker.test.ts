import { constants, getPriority } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { BackendSelection, FromWorker, RunJob, ToWorker } from '../../../src/main/engine/messages.ts'
import { nodeWorkers } from '../../../src/main/engine/host/nodeWorker.ts'
import { createQueue, type Queue, type WaitingJob } from '../../../src/main/engine/host/queue.ts'
import { createWorkerPool } from '../../../src/main/engine/host/workerPool.ts'
import type { StartWorker, WorkerProcess } from '../../../src/main/engine/host/workerProcess.ts'
import { yieldingWorkers } from '../../../src/main/services/sweeps/yieldingWorkers.ts'
import { findBlasLibraries } from '../../../src/main/lab/backend/blas/findBlasLibraries.ts'
import type { ErrorRecord } from '../../../src/shared/errors.ts'
import type { ComposedInput, ComposedRunSpec } from '../../../src/shared/experiment.ts'
import { precisions } from '../../../src/shared/specification/limits.ts'
import type { RunEvent } from '../../../src/shared/run.ts'
import { collectRun, eventsOf, runSpec, snapshotAt } from '../../support/runs.ts'
import { workerProgram } from '../../support/program.ts'

function spec(steps: number, seed = 0): ComposedRunSpec {
  return runSpec(
    {
      task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
      network: { hidden: 24 },
      dynamics: { kind: 'isolated', steps },
      record: { measureEvery: 100, snapshots: [] },
    },
    seed,
  )
}

function job(runId: string, given: ComposedRunSpec, more: Partial<RunJob> = {}): WaitingJob {
  const backend = { kind: 'plain', threads: 1, reason: 'asked for' } as const
  return { runId, group: runId, backend, build: () => ({ spec: given, firstSequence: 0, secondsBefore: 0, ...more }) }
}

/** A queue over real worker processes, with what it told so far and a way to wait for what it will tell. */
function startQueue(slots: number, given: Record<string, string> = {}, from = (start: StartWorker) => start) {
  const workers: WorkerProcess[] = []
  const startWorker: StartWorker = (environment) => {
    workers.push(nodeWorkers(workerProgram)({ ...given, ...environment }))
    return workers.at(-1)!
  }
  const events: RunEvent[] = []
  const lost = new Map<string, ErrorRecord>()
  let check = () => {}
  /** How many steps the start that was told of last was trained for. */
  let trained = 0
  const queue = createQueue(createWorkerPool(slots, from(startWorker)), {
    onPreparing(_, preparation) {
      if (preparation.doing === 'training') trained = preparation.done
      check()
    },
    onEvents(batch) {
      events.push(...batch)
      check()
    },
    onRefused: (runId, error) => lost.set(runId, error),
    onDied: (runId, error) => lost.set(runId, error),
    onLoad: () => check(),
    onFault: (error) => process.stderr.write(`${String(error)}\n`),
  })
  queues.push(queue)
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      check = () => condition() && resolve()
      check()
    })
  const of = (runId: string) => events.filter((event) => event.runId === runId)
  const measuredOf = (runId: string) => eventsOf(of(runId), 'measured').length
  return {
    queue,
    workers,
    lost,
    until,
    of,
    measuredOf,
    trained: () => trained,
    idle: () => until(() => queue.load().running === 0),
  }
}

const queues: Queue[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(queues.splice(0).map((queue) => queue.close()))
})

/** Asks a worker something and waits for the answer. */
function answered(worker: WorkerProcess): Promise<void> {
  const id = ++questions
  return new Promise((resolve) => {
    worker.onMessage((message) => {
      const { type, ...result } = message as FromWorker
      if (type === 'result' && 'id' in result && result.id === id) resolve()
    })
    worker.post({ type: 'call', id, name: 'paper.needs', input: { figure: 'musat2025/fig6' } } satisfies ToWorker)
  })
}
let questions = 0

const end = (events: readonly RunEvent[]) => events.at(-1)
const endless = 100_000_000

describe('a worker process', () => {
  it('computes what the same specification computes here, to the bit, and tells it in order', async () => {
    const { queue, of, idle } = startQueue(2)
    queue.enqueue(job('a', spec(300, 0)))
    queue.enqueue(job('b', spec(300, 1), { firstSequence: 40 }))
    await idle()
    for (const [runId, seed, first] of [
      ['a', 0, 0],
      ['b', 1, 40],
    ] as const) {
      expect(of(runId).map(({ sequence }) => sequence)).toEqual(of(runId).map((_, i) => first + i))
      expect(end(of(runId))).toMatchObject({ type: 'settled', status: 'finished', step: 300 })
      const here = await collectRun(spec(300, seed))
      expect(snapshotAt(of(runId), 300)).toEqual(snapshotAt(here, 300))
      expect(eventsOf(of(runId), 'started')[0]!.train).toEqual(eventsOf(here, 'started')[0]!.train)
    }
  })

  it('that is killed loses its own run alone, and its slot goes to the next', async () => {
    const { queue, workers, lost, until, of, measuredOf, idle } = startQueue(2)
    queue.enqueue(job('doomed', spec(endless)))
    queue.enqueue(job('other', spec(3000)))
    queue.enqueue(job('next', spec(300)))
    await until(() => measuredOf('doomed') > 2)
    process.kill(workers[0]!.pid!, 'SIGKILL')
    await idle()
    expect([...lost]).toEqual([['doomed', { code: 'WORKER_DIED', message: 'the worker process was ended by SIGKILL' }]])
    expect([end(of('other')), end(of('next'))]).toMatchObject([{ status: 'finished' }, { status: 'finished' }])
  })

  const { PRIORITY_BELOW_NORMAL, PRIORITY_LOW } = constants.priority
  it.each([
    ['leaves the processor to the window', '', undefined, Math.max(getPriority(), PRIORITY_BELOW_NORMAL)],
    [
      'leaves the processor to other runs too where it computes a sweep',
      '',
      yieldingWorkers,
      Math.max(getPriority(), PRIORITY_LOW),
    ],
    ['takes its share of the processor where that is wished', 'normal', undefined, getPriority()],
    ['takes its share of the processor for a sweep too where that is wished', 'normal', yieldingWorkers, getPriority()],
  ])('%s while it runs', async (_, wish, from, expected) => {
    vi.stubEnv('GROKSCOPE_PRIORITY', wish)
    const { queue, workers, until, measuredOf } = startQueue(1, { GROKSCOPE_PRIORITY: wish }, from)
    queue.enqueue(job('a', spec(endless)))
    await until(() => measuredOf('a') > 0)
    expect(getPriority(workers[0]!.pid)).toBe(expected)
  })

  it('waits while paused, and goes on to the same bits', async () => {
    const { queue, workers, until, of, measuredOf, idle } = startQueue(1)
    queue.enqueue(job('a', spec(endless)))
    await until(() => measuredOf('a') > 2)
    queue.pause('a')
    // A worker answers between two batches: what was under way when the word came has been told by then.
    await answered(workers[0]!)
    const before = of('a').length
    for (let turn = 0; turn < 5; turn++) await answered(workers[0]!)
    expect(of('a').length).toBe(before)
    queue.continue('a')
    await until(() => of('a').length > before)
    queue.cancel('a')
    await idle()
    const { snapshot } = eventsOf(of('a'), 'snapshot').at(-1)!
    expect(snapshot.reason).toBe('checkpoint')
    const unpaused = snapshotAt(await collectRun(spec(snapshot.step)), snapshot.step)
    expect(snapshot).toEqual({ ...unpaused, reason: 'checkpoint' })
  })

  it('stops when it is told to, with a state to resume from, also while paused', async () => {
    const { queue, until, of, measuredOf, idle } = startQueue(2)
    queue.enqueue(job('a', spec(endless)))
    queue.enqueue(job('b', spec(endless)))
    await until(() => measuredOf('a') > 2 && measuredOf('b') > 2)
    queue.pause('b')
    queue.cancel('a')
    queue.cancel('b')
    await idle()
    for (const runId of ['a', 'b']) {
      const settled = eventsOf(of(runId), 'settled')[0]!
      expect(settled).toMatchObject({ status: 'cancelled', code: 'CANCELLED' })
      const { snapshot } = eventsOf(of(runId), 'snapshot').at(-1)!
      expect(snapshot).toMatchObject({ step: settled.step, reason: 'checkpoint' })
    }
  })

  it('waits while the start of its run is trained as well, and leaves it where that is cancelled', async () => {
    const { queue, workers, until, of, trained, idle } = startQueue(1)
    const initialization = { kind: 'trained', steps: 1e9, learningRate: 0.1, weightDecay: 0 } as const
    queue.enqueue(job('a', { ...spec(300), initialization }))
    queue.enqueue(job('next', spec(300)))
    await until(() => trained() > 0)
    queue.pause('a')
    await answered(workers[0]!)
    const before = trained()
    for (let turn = 0; turn < 5; turn++) await answered(workers[0]!)
    expect(trained()).toBe(before)
    queue.continue('a')
    await until(() => trained() > before)
    queue.cancel('a')
    await idle()
    expect(of('a')).toMatchObject([
      { type: 'started', sequence: 0 },
      { type: 'settled', status: 'cancelled', sequence: 1, step: 0 },
    ])
    expect(end(of('next'))).toMatchObject({ status: 'finished' })
    expect(workers).toHaveLength(1)
  })

  it('goes on from a snapshot it is given', async () => {
    const whole = await collectRun(spec(300))
    const resumeFrom = eventsOf(await collectRun(spec(200)), 'snapshot').at(-1)!.snapshot
    const { queue, of, idle } = startQueue(1)
    queue.enqueue(job('a', spec(300), { resumeFrom, firstSequence: 9, secondsBefore: 100 }))
    await idle()
    expect(of('a')[0]).toMatchObject({ type: 'started', step: 200, sequence: 9 })
    expect(eventsOf(of('a'), 'settled')[0]!.seconds).toBeGreaterThan(100)
    expect(snapshotAt(of('a'), 300)).toEqual(snapshotAt(whole, 300))
  })

  it('refuses a start that does not fit, and says why', async () => {
    const { queue, lost, of, idle } = startQueue(1)
    queue.enqueue(
      job('a', spec(300), { initial: { parameters: { E: { rows: 3, columns: 3, data: new Float64Array(9) } } } }),
    )
    await idle()
    expect([...lost]).toEqual([['a', { code: 'INVALID_FILE', message: 'E is 3 × 3; this specification needs 7 × 24' }]])
    expect(of('a')).toEqual([])
  })

  it('does not die of the interrupt that a terminal sends to all processes of a program', async () => {
    const { queue, workers, until, of, measuredOf, lost, idle } = startQueue(1)
    queue.enqueue(job('a', spec(endless)))
    await until(() => measuredOf('a') > 2)
    process.kill(workers[0]!.pid!, 'SIGINT')
    const seen = measuredOf('a')
    await until(() => measuredOf('a') > seen + 2)
    queue.cancel('a')
    await idle()
    expect(end(of('a'))).toMatchObject({ status: 'cancelled' })
    expect(lost.size).toBe(0)
  })
})

describe('a worker that has served other runs', () => {
  const dynamics: Record<string, ComposedInput['dynamics']> = {
    isolated: { kind: 'isolated', steps: 60 },
    training: { kind: 'training', steps: 60, optimizer: 'adamw', learningRate: 1e-3, weightDecay: 1 },
    zeroLossFlow: { kind: 'zeroLossFlow', steps: 20 },
  }
  const diverging: ComposedInput['dynamics'] = {
    kind: 'training',
    steps: 60,
    optimizer: 'gradientDescent',
    learningRate: 1e6,
    weightDecay: 0,
  }
  const [library] = findBlasLibraries()
  const arithmetics: BackendSelection[] = [
    { kind: 'plain', threads: 1, reason: '' },
    { kind: 'wasm', threads: 1, reason: '' },
    { kind: 'wasm', threads: 2, reason: '' },
    ...(library ? [{ kind: 'blas' as const, library: library.path, threads: 1, reason: '' }] : []),
  ]
  const cases = arithmetics.flatMap((backend) => precisions.map((precision) => ({ backend, precision })))

  it.each(cases)(
    'computes what a fresh one computes, to the bit, after runs that finished, failed and were cancelled: $backend.kind on $backend.threads, $precision',
    async ({ backend, precision }) => {
      const specOf = (given: ComposedInput['dynamics']) =>
        runSpec({
          task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
          network: { hidden: 40, activation: 'tanh' },
          record: { measureEvery: 5, snapshots: [10] },
          precision,
          dynamics: given,
        })
      const enqueueIn = ({ queue }: { queue: Queue }, runId: string, given: ComposedInput['dynamics']) =>
        queue.enqueue({ ...job(runId, specOf(given)), backend })
      const used = startQueue(backend.threads)
      enqueueIn(used, 'finished', dynamics['isolated']!)
      enqueueIn(used, 'failed', diverging)
      enqueueIn(used, 'cancelled', { kind: 'isolated', steps: endless })
      await used.until(() => used.measuredOf('cancelled') > 2)
      used.queue.cancel('cancelled')
      // What the flow along zero loss solves is beyond float32.
      const kinds = Object.entries(dynamics).filter(([kind]) => precision === 'float64' || kind !== 'zeroLossFlow')
      for (const [kind, given] of kinds) enqueueIn(used, kind, given)
      await used.idle()
      const ends = ['finished', 'failed', 'cancelled'].map((runId) => end(used.of(runId)))
      expect(ends).toMatchObject([{ status: 'finished' }, { status: 'failed' }, { status: 'cancelled' }])
      expect(used.workers.length).toBe(1)
      for (const [kind, given] of kinds) {
        const fresh = startQueue(backend.threads)
        enqueueIn(fresh, kind, given)
        await fresh.idle()
        expect(end(fresh.of(kind))).toMatchObject({ status: 'finished' })
        expect(computed(used.of(kind))).toEqual(computed(fresh.of(kind)))
      }
    },
  )

  /** All that a run told but clocks, and what depends on them: how far it was now and then. */
  function computed(events: readonly RunEvent[]): unknown[] {
    return events
      .filter(({ type }) => type !== 'progress')
      .map((event) => ({ ...event, sequence: 0, ...('seconds' in event ? { seconds: 0 } : {}) }))
  }

  it('is ended by a run that was refused, and the next one has another', async () => {
    const { queue, workers, lost, of, idle } = startQueue(1)
    queue.enqueue(job('a', spec(10)))
    queue.enqueue(
      job('b', spec(10), { initial: { parameters: { E: { rows: 3, columns: 3, data: new Float64Array(9) } } } }),
    )
    queue.enqueue(job('c', spec(10)))
    await idle()
    expect([...lost.keys()]).toEqual(['b'])
    expect([end(of('a')), end(of('c'))]).toMatchObject([{ status: 'finished' }, { status: 'finished' }])
    expect(workers.length).toBe(2)
  })

  it('tells how large it is when it has settled, and is ended where that is too large', async () => {
    const { queue, workers, of, idle } = startQueue(1)
    const large = runSpec({
      task: { kind: 'modularAddition', modulus: 97, trainFraction: 0.7 },
      network: { hidden: 4096 },
      dynamics: { kind: 'training', steps: 1, learningRate: 1e-3, weightDecay: 1 },
    })
    const backend = { kind: 'wasm', threads: 1, reason: '' } as const
    queue.enqueue({ ...job('large', large), backend })
    queue.enqueue({ ...job('small', spec(10)), backend })
    await idle()
    expect(['large', 'small'].map((runId) => end(of(runId)))).toMatchObject(Array(2).fill({ status: 'finished' }))
    expect(workers.length).toBe(2)
  })

  it('hears no word that was meant for the run before', async () => {
    const { workers } = startQueue(1)
    const told: RunEvent[] = []
    const worker = nodeWorkers(workerProgram)({})
    workers.push(worker)
    const settled = (runId: string) =>
      new Promise<void>((resolve) =>
        worker.onMessage((message) => {
          const { events = [] } = message as { events?: RunEvent[] }
          told.push(...events.filter((event) => event.runId === runId))
          if (events.at(-1)?.type === 'settled' && events.at(-1)!.runId === runId) resolve()
        }),
      )
    const send = (message: ToWorker) => worker.post(message)
    const run = (runId: string): ToWorker => ({
      type: 'run',
      job: { ...job(runId, spec(300)).build(), runId, backend: job(runId, spec(300)).backend },
    })
    const first = settled('a')
    send(run('a'))
    await first
    send({ type: 'pause' })
    send({ type: 'cancel' })
    const second = settled('b')
    send(run('b'))
    await second
    expect(end(told)).toMatchObject({ runId: 'b', status: 'finished' })
    worker.kill()
  })

  it('dies with the run that it has, and no other', async () => {
    const { queue, workers, lost, until, of, measuredOf, idle } = startQueue(1)
    queue.enqueue(job('a', spec(10)))
    queue.enqueue(job('b', spec(endless)))
    queue.enqueue(job('c', spec(10)))
    await until(() => measuredOf('b') > 0)
    process.kill(workers[0]!.pid!, 'SIGKILL')
    await idle()
    expect([...lost.keys()]).toEqual(['b'])
    expect([end(of('a')), end(of('c'))]).toMatchObject([{ status: 'finished' }, { status: 'finished' }])
    expect(workers.length).toBe(2)
  })
})

it('a worker that cannot be started is a death like any other', async () => {
  const told: ErrorRecord[] = []
  const ended = Promise.withResolvers<void>()
  const queue = createQueue(createWorkerPool(1, nodeWorkers(join(import.meta.dirname, 'nowhere.ts'))), {
    onEvents: () => {},
    onRefused: () => {},
    onDied: (_, error) => {
      told.push(error)
      ended.resolve()
    },
    onLoad: () => {},
    onFault: () => {},
  })
  queue.enqueue(job('a', spec(10)))
  await ended.promise
  expect(told[0]).toMatchObject({ code: 'WORKER_DIED', message: expect.stringMatching(/nowhere/) as string })
})
