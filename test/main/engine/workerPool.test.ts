import { afterEach, describe, expect, it, vi } from 'vitest'
import { createWorkerPool, maxKeptBytes } from '../../../src/main/engine/host/workerPool.ts'
import type { Computation, ComputationListener } from '../../../src/main/engine/host/executor.ts'
import type { BackendSelection, RunJob } from '../../../src/main/engine/messages.ts'
import type { RunSpec } from '../../../src/shared/experiment.ts'
import { fakeWorkers, settledEvent, type FakeWorker } from '../../support/fakeWorkers.ts'
import { runSpec } from '../../support/runs.ts'

const small = runSpec({
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
  network: { hidden: 16 },
  dynamics: { kind: 'isolated', steps: 10 },
})
interface Needs {
  backend?: Partial<BackendSelection>
  spec?: RunSpec
}

function jobOf(runId: string, { backend = {}, spec = small }: Needs = {}): RunJob {
  const chosen: BackendSelection = { kind: 'wasm', threads: 1, reason: `chosen for ${runId}`, ...backend }
  return { runId, spec, backend: chosen, firstSequence: 0, secondsBefore: 0 }
}

/** A pool over fake workers, and what it told of each run. */
function startPool(slots = 1, { linger = false, idleMilliseconds = 10_000 } = {}) {
  const fakes = fakeWorkers({ linger })
  const pool = createWorkerPool(slots, fakes.startWorker, idleMilliseconds)
  const told: string[] = []
  function start(runId: string, needs: Needs = {}, more: Partial<ComputationListener> = {}) {
    return pool.start(jobOf(runId, needs), {
      onEvents: (events) => told.push(...events.map(({ type }) => `${runId}: ${type}`)),
      onRefused: ({ code }) => told.push(`${runId}: ${code}`),
      onEnd: (death) => told.push(`${runId}: ${death ?? 'ended'}`),
      ...more,
    })
  }
  return { ...fakes, pool, told, start, alive: () => fakes.processes.filter(({ alive }) => alive).length }
}

describe('a worker', () => {
  it('serves one run after the other, however they settle, and whatever was said to them', () => {
    const { start, workers, processes, told } = startPool()
    for (const [at, status] of (['finished', 'failed', 'cancelled', 'finished'] as const).entries()) {
      const computation = start(`run${at}`)
      computation.sendControl('pause')
      computation.sendControl('continue')
      workers[at]!.settle(status)
    }
    expect(workers.map(({ job }) => job.runId)).toEqual(['run0', 'run1', 'run2', 'run3'])
    expect(processes.length).toBe(1)
    expect(told).toEqual([0, 1, 2, 3].flatMap((at) => [`run${at}: settled`, `run${at}: ended`]))
  })

  const leavesTraces: [what: string, needs: Needs, act: (worker: FakeWorker, computation: Computation) => void][] = [
    [
      'was refused',
      {},
      (worker) => worker.send({ type: 'refused', error: { code: 'INVALID_FILE', message: 'E is 3 × 3' } }),
    ],
    ['was killed', {}, (_, computation) => computation.kill()],
    ['held a GPU', { backend: { kind: 'tensorflow' } }, (worker) => worker.settle()],
    [
      'left it large',
      {},
      (worker) => {
        const events = [settledEvent('first', 'finished')]
        worker.send({ type: 'events', events, residentBytes: maxKeptBytes + 1 })
      },
    ],
  ]

  it.each(leavesTraces)('is ended by a run that %s, whose place is free when the process is gone', (_, needs, act) => {
    const { start, workers, processes, told, pool } = startPool(1, { linger: true })
    const computation = start('first', needs)
    act(workers[0]!, computation)
    expect(told.at(-1)).not.toBe('first: ended')
    expect(pool.fits(workers[0]!.job.backend)).toBe(false)
    workers[0]!.die()
    expect(told.at(-1)).toBe('first: ended')
    expect(pool.fits(workers[0]!.job.backend)).toBe(true)
    start('second', needs)
    expect(processes.length).toBe(2)
  })

  const others: [what: string, needs: Needs][] = [
    ['kind', { backend: { kind: 'blas' } }],
    ['library', { backend: { kind: 'blas', library: '/usr/lib/libblis.so' } }],
    ['number of threads', { backend: { threads: 2 } }],
    ['precision', { spec: { ...small, precision: 'float32' } }],
  ]

  it.each(others)('is given no run of another %s', (_, needs) => {
    const { start, workers, processes } = startPool(4)
    const runs: Needs[] = [{}, needs, {}, needs]
    for (const [at, run] of runs.entries()) {
      start(`run${at}`, run)
      workers[at]!.settle()
    }
    expect(workers.map((worker) => worker.process)).toEqual([0, 1, 0, 1])
    expect(processes.length).toBe(2)
  })

  it('makes room where another arithmetic wants its place: there are no more of them than slots', () => {
    const { start, workers, alive } = startPool(2)
    for (const [at, threads] of [1, 2, 1, 2, 1].entries()) {
      start(`run${at}`, { backend: { threads, kind: at < 2 ? 'wasm' : 'blas' } })
      expect(alive()).toBeLessThanOrEqual(2)
      workers.at(-1)!.settle()
    }
  })
})

describe('a worker without a run', () => {
  afterEach(() => void vi.useRealTimers())

  it('is ended after a while, one that has a run is not', () => {
    vi.useFakeTimers()
    const { start, workers, alive } = startPool(2, { idleMilliseconds: 1000 })
    start('a')
    start('b')
    workers[0]!.settle()
    vi.advanceTimersByTime(900)
    start('c')
    vi.advanceTimersByTime(900)
    expect(alive()).toBe(2)
    workers[1]!.settle()
    vi.advanceTimersByTime(1000)
    expect(alive()).toBe(1)
    workers[2]!.settle()
    vi.advanceTimersByTime(1000)
    expect(alive()).toBe(0)
  })

  it('is ended when the pool is closed, which waits for it', async () => {
    const { start, workers, pool } = startPool(2, { linger: true })
    for (const runId of ['a', 'b']) start(runId)
    for (const worker of workers) worker.settle()
    let closed = false
    const closing = pool.close().then(() => (closed = true))
    workers[0]!.die()
    await Promise.resolve()
    expect(closed).toBe(false)
    workers[1]!.die()
    await closing
    await expect(pool.close()).resolves.toBeUndefined()
  })

  it('that dies ends no run', () => {
    const { start, workers, processes, told } = startPool()
    start('a')
    workers[0]!.settle()
    workers[0]!.die()
    start('b')
    workers[1]!.settle()
    expect(processes.length).toBe(2)
    expect(told).toEqual(['a: settled', 'a: ended', 'b: settled', 'b: ended'])
  })

  it('that had died when it was given one, which was not known yet, leaves it to another, with all that was said', () => {
    const { start, workers, processes, told } = startPool()
    start('a')
    workers[0]!.settle()
    const computation = start('b')
    computation.sendControl('pause')
    workers[1]!.die()
    expect(processes.length).toBe(2)
    expect(workers.at(-1)!.received).toEqual(workers[1]!.received)
    computation.sendControl('continue')
    expect(workers.at(-1)!.received.map(({ type }) => type)).toEqual(['run', 'pause', 'continue'])
    // The other one has served no run before: its death is the run's.
    workers.at(-1)!.die()
    expect(processes.length).toBe(2)
    expect(told).toEqual(['a: settled', 'a: ended', 'b: the worker process was ended by SIGKILL'])
  })

  it('that had died leaves its run to another one, and where none can be started the run has ended', () => {
    let canStart = true
    const fakes = fakeWorkers()
    const pool = createWorkerPool(1, (environment) => {
      if (!canStart) throw new Error('spawn ENOMEM')
      return fakes.startWorker(environment)
    })
    const ends: (string | undefined)[] = []
    const begin = () =>
      pool.start(jobOf('a'), { onEvents: () => {}, onRefused: () => {}, onEnd: (death) => ends.push(death) })
    begin()
    fakes.workers[0]!.settle()
    begin()
    canStart = false
    fakes.workers[1]!.die()
    expect(ends).toEqual([
      undefined,
      'no worker process could be started: this machine has no memory left: spawn ENOMEM',
    ])
    expect(pool.fits(jobOf('b').backend)).toBe(true)
  })

  it('that an interrupt of the whole group ends before it has begun leaves its run to another', () => {
    const { start, workers, processes, told } = startPool()
    const computation = start('a')
    computation.sendControl('cancel')
    workers[0]!.die({ signal: 'SIGINT' })
    expect(processes.length).toBe(2)
    expect(workers.at(-1)!.received.map(({ type }) => type)).toEqual(['run', 'cancel'])
    workers.at(-1)!.settle('cancelled')
    expect(told).toEqual(['a: settled', 'a: ended'])
  })

  it('that has died of a run it had begun ends that run', () => {
    const { start, workers, processes, told } = startPool()
    start('a')
    workers[0]!.settle()
    const computation = start('b')
    const progress = { type: 'progress', runId: 'b', sequence: 0, step: 1, steps: 2, tau: 0 } as const
    workers[1]!.send({ type: 'events', events: [{ ...progress, stepsPerSecond: 1, secondsLeft: 1 }] })
    computation.sendControl('pause')
    workers[1]!.die()
    expect(processes.length).toBe(1)
    expect(told.at(-1)).toBe('b: the worker process was ended by SIGKILL')
  })
})

it('what is said to a run that has ended is not said to the next', () => {
  const { start, workers, alive } = startPool()
  const first = start('a')
  workers[0]!.settle()
  start('b')
  first.sendControl('cancel')
  first.kill()
  expect(workers[1]!.received.map(({ type }) => type)).toEqual(['run'])
  expect(alive()).toBe(1)
})

it('a run that is killed by who hears of its end ends with its process', () => {
  const { start, workers, alive, told } = startPool()
  const computation = start('a', {}, { onEvents: () => computation.kill() })
  workers[0]!.settle()
  expect(alive()).toBe(0)
  expect(told).toEqual(['a: ended'])
})
