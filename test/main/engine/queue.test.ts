import { describe, expect, it } from 'vitest'
import type { BackendSelection } from '../../../src/main/engine/messages.ts'
import { createQueue, type Load, type QueueListener, type WaitingJob } from '../../../src/main/engine/host/queue.ts'
import { createWorkerPool } from '../../../src/main/engine/host/workerPool.ts'
import type { StartWorker } from '../../../src/main/engine/host/workerProcess.ts'
import { LabError, type ErrorRecord } from '../../../src/shared/errors.ts'
import type { RunEvent } from '../../../src/shared/run.ts'
import { fakeWorkers, settledEvent } from '../../support/fakeWorkers.ts'
import { runSpec } from '../../support/runs.ts'

const spec = runSpec({
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
  network: { hidden: 16 },
  dynamics: { kind: 'isolated', steps: 10 },
})

function job(runId: string, threads = 1, kind: BackendSelection['kind'] = 'plain', group = runId): WaitingJob {
  const build = () => ({ spec, firstSequence: 0, secondsBefore: 0 })
  return { runId, group, backend: { kind, threads, reason: 'asked for' }, build }
}

function queueOver(startWorker: StartWorker, slots: number, listener: QueueListener) {
  return createQueue(createWorkerPool(slots, startWorker), listener)
}

/** A queue over fake workers, and everything it told. */
function startQueue(slots: number, options: { linger?: boolean } = {}) {
  const { startWorker, workers } = fakeWorkers(options)
  const told: { runId: string; what: string; message?: string }[] = []
  const loads: Load[] = []
  const queue = queueOver(startWorker, slots, {
    onEvents: (events: RunEvent[]) => events.forEach(({ runId, type }) => told.push({ runId, what: type })),
    onRefused: (runId, { code, message }) => told.push({ runId, what: code, message }),
    onDied: (runId, { code, message }) => told.push({ runId, what: code, message }),
    onLoad: (load) => loads.push(load),
    onFault: (error) => told.push({ runId: '', what: 'fault', message: String(error) }),
  })
  const alive = () => workers.filter((worker) => worker.alive)
  return { queue, workers, alive, told, loads, names: () => alive().map((worker) => worker.job.runId) }
}

describe('the order of those that wait', () => {
  const member = (group: string, place: number) => job(`${group}${place}`, 1, 'plain', group)
  const enqueue = (queue: ReturnType<typeof startQueue>['queue'], group: string, count: number) => {
    for (let place = 1; place <= count; place++) queue.enqueue(member(group, place))
  }

  it('lets groups take turns: a small one that comes later waits behind one job of each other, not behind all of a large one', () => {
    const { queue, alive, names } = startQueue(1)
    enqueue(queue, 'sweep', 6)
    alive()[0]!.settle()
    enqueue(queue, 'x', 2)
    enqueue(queue, 'y', 1)
    expect(names()).toEqual(['sweep2'])
    expect(queue.order().waiting).toEqual(['sweep3', 'x1', 'y1', 'sweep4', 'x2', 'sweep5', 'sweep6'])
    const begun = []
    while (alive().length > 0) {
      begun.push(...names())
      alive()[0]!.settle()
    }
    expect(begun).toEqual(['sweep2', 'sweep3', 'x1', 'y1', 'sweep4', 'x2', 'sweep5', 'sweep6'])
  })

  it('is begun anew by a group whose jobs were taken out', () => {
    const { queue } = startQueue(1)
    enqueue(queue, 'busy', 1)
    enqueue(queue, 'a', 3)
    for (const runId of ['a1', 'a2', 'a3']) queue.cancel(runId)
    enqueue(queue, 'b', 2)
    enqueue(queue, 'a', 1)
    expect(queue.order()).toEqual({ running: ['busy1'], waiting: ['b1', 'a1', 'b2'] })
  })

  it('is another where jobs are moved, and those that come then find their turn in it', () => {
    const { queue, alive } = startQueue(1)
    enqueue(queue, 'busy', 1)
    enqueue(queue, 'a', 4)
    queue.move(['a4', 'a3'], { before: 'a1' })
    expect(queue.order().waiting).toEqual(['a3', 'a4', 'a1', 'a2'])
    queue.move(['a3', 'gone'], 'last')
    expect(queue.order().waiting).toEqual(['a4', 'a1', 'a2', 'a3'])
    enqueue(queue, 'b', 2)
    expect(queue.order().waiting.filter((runId) => runId.startsWith('a'))).toEqual(['a4', 'a1', 'a2', 'a3'])
    alive()[0]!.settle()
    expect(queue.order().running).toEqual(['a4'])
  })

  it('stands still while it is held', () => {
    const { queue, alive, names } = startQueue(2)
    queue.hold(true)
    enqueue(queue, 'a', 3)
    expect([names(), queue.isHeld()]).toEqual([[], true])
    queue.hold(false)
    expect(names()).toEqual(['a1', 'a2'])
    queue.hold(true)
    alive()[0]!.settle()
    expect([names(), queue.order().waiting]).toEqual([['a2'], ['a3']])
  })
})

describe('slots', () => {
  it('are filled first in, first out, and never exceeded', () => {
    const { queue, alive, names, told } = startQueue(2)
    for (const runId of ['a', 'b', 'c', 'd']) queue.enqueue(job(runId))
    expect(names()).toEqual(['a', 'b'])
    expect(queue.load()).toEqual({ running: 2, queued: 2, slots: 2 })
    alive()[1]!.settle()
    expect(names()).toEqual(['a', 'c'])
    alive()[0]!.settle()
    expect(names()).toEqual(['c', 'd'])
    alive().forEach((worker) => worker.settle())
    expect(queue.load()).toEqual({ running: 0, queued: 0, slots: 2 })
    expect(told.map(({ runId }) => runId)).toEqual(['b', 'a', 'c', 'd'])
  })

  it('count threads; a job that asks for more than there are runs alone', () => {
    const { queue, alive, names } = startQueue(4)
    queue.enqueue(job('two', 2))
    queue.enqueue(job('nine', 9))
    queue.enqueue(job('one', 1))
    expect(names()).toEqual(['two', 'one'])
    alive().forEach((worker) => worker.settle())
    expect(names()).toEqual(['nine'])
    queue.enqueue(job('late', 1))
    expect(names()).toEqual(['nine'])
  })

  it('hold one run on a GPU at a time, beside others', () => {
    const { queue, alive, names } = startQueue(4)
    queue.enqueue(job('gpu 1', 1, 'tensorflow'))
    queue.enqueue(job('gpu 2', 1, 'tensorflow'))
    queue.enqueue(job('cpu'))
    expect(names()).toEqual(['gpu 1', 'cpu'])
    alive()[0]!.settle()
    expect(names()).toEqual(['cpu', 'gpu 2'])
  })

  it('hold under any order of arrivals, ends, deaths and cancellations, and every job ends once', () => {
    for (let seed = 1; seed <= 40; seed++) {
      let state = seed
      const draw = (below: number) => (state = (state * 48271) % 2147483647) % below
      const slots = 1 + draw(4)
      const { queue, alive, told } = startQueue(slots)
      const removed: string[] = []
      let given = 0
      while (given < 30 || alive().length > 0) {
        const action = draw(5)
        if (action < 2 && given < 30) {
          queue.enqueue(job(`run${given++}`, 1 + draw(slots + 2), draw(4) === 0 ? 'tensorflow' : 'plain'))
        } else if (action === 2) alive()[draw(alive().length || 1)]?.settle()
        else if (action === 3) alive()[draw(alive().length || 1)]?.die()
        else {
          const runId = `run${draw(30)}`
          const has = queue.has(runId)
          const outcome = queue.cancel(runId)
          expect(outcome === 'absent').toBe(!has)
          if (outcome === 'removed') removed.push(runId)
        }
        const jobs = alive().map((worker) => worker.job)
        const threads = jobs.reduce((sum, { backend }) => sum + backend.threads, 0)
        expect(threads <= slots || jobs.length === 1).toBe(true)
        expect(jobs.filter(({ backend }) => backend.kind === 'tensorflow').length).toBeLessThanOrEqual(1)
        expect(queue.load().running).toBe(jobs.length)
        // What waits could not run beside what runs.
        if (queue.load().queued > 0) expect(jobs.length).toBeGreaterThan(0)
      }
      expect(queue.load()).toEqual({ running: 0, queued: 0, slots })
      const ended = [...told.map(({ runId }) => runId), ...removed]
      expect(ended.toSorted()).toEqual(Array.from({ length: 30 }, (_, i) => `run${i}`).sort())
    }
  })
})

describe('a worker', () => {
  it('that dies marks its own run, with what it left on standard error, and frees its slot', () => {
    const { queue, alive, told, names } = startQueue(2)
    for (const runId of ['a', 'b', 'c']) queue.enqueue(job(runId))
    alive()[0]!.die({ code: 134, signal: null, stderr: 'free(): invalid pointer' })
    expect(told).toEqual([
      { runId: 'a', what: 'WORKER_DIED', message: 'the worker process ended with code 134: free(): invalid pointer' },
    ])
    expect(names()).toEqual(['b', 'c'])
    alive()[0]!.die()
    expect(told[1]).toMatchObject({ runId: 'b', message: 'the worker process was ended by SIGKILL' })
  })

  it('that has settled its run and dies then ends no other', () => {
    const { queue, workers, told } = startQueue(1)
    queue.enqueue(job('a'))
    workers[0]!.settle('failed')
    workers[0]!.die()
    expect(told).toEqual([{ runId: 'a', what: 'settled' }])
    expect(queue.load()).toEqual({ running: 0, queued: 0, slots: 1 })
  })

  it('that refuses its run tells why and is ended', () => {
    const { queue, workers, told } = startQueue(1)
    queue.enqueue(job('a'))
    workers[0]!.send({ type: 'refused', error: { code: 'INVALID_FILE', message: 'E is 3 × 3' } })
    expect(told).toEqual([{ runId: 'a', what: 'INVALID_FILE', message: 'E is 3 × 3' }])
    expect(workers[0]!.alive).toBe(false)
  })

  it('passes its events on in the order of their batches', () => {
    const { queue, workers, told } = startQueue(1)
    queue.enqueue(job('a'))
    const progress = { type: 'progress', runId: 'a', sequence: 0, step: 1, steps: 2, tau: 0 } as const
    workers[0]!.send({ type: 'events', events: [{ ...progress, stepsPerSecond: 1, secondsLeft: 1 }] })
    workers[0]!.send({ type: 'events', events: [settledEvent('a', 'finished')] })
    expect(told.map(({ what }) => what)).toEqual(['progress', 'settled'])
  })
})

describe('what a listener throws', () => {
  const faults: [error: unknown, code: string, message: string][] = [
    [new LabError('DISK_FULL', 'the disk is full'), 'DISK_FULL', 'the disk is full'],
    [new TypeError('a defect'), 'INTERNAL', 'the host could not continue it: a defect'],
    [Object.assign(new Error('no space left'), { code: 'ENOSPC' }), 'DISK_FULL', 'the disk is full: no space left'],
    ['no error at all', 'INTERNAL', 'the host could not continue it: no error at all'],
  ]

  it.each(faults)(
    'over events ends their run with the reason, its worker at once, and nothing else: %s',
    (...fault) => {
      const [thrown, code, message] = fault
      const { startWorker, workers } = fakeWorkers()
      const lost: unknown[] = []
      const faulty: unknown[] = []
      const queue = queueOver(startWorker, 2, {
        onEvents([event]) {
          if (event!.runId === 'a') throw thrown
        },
        onRefused: () => {},
        onDied: (runId, error) => lost.push([runId, error]),
        onLoad: () => {},
        onFault: (error, runId) => faulty.push([runId, error]),
      })
      queue.enqueue(job('a'))
      queue.enqueue(job('b'))
      workers[0]!.settle()
      expect(lost).toEqual([['a', { code, message }]])
      expect(faulty).toEqual([['a', thrown]])
      expect(workers.map(({ alive }) => alive)).toEqual([false, true])
      workers[1]!.settle()
      expect(queue.load()).toEqual({ running: 0, queued: 0, slots: 2 })
      expect(lost.length).toBe(1)
    },
  )

  it('goes no further, wherever it is thrown: every run ends, the slots are free, and closing ends', async () => {
    const { startWorker, workers } = fakeWorkers()
    const thrown: unknown[] = []
    const fail = () => {
      throw new TypeError(`defect ${thrown.length}`)
    }
    const onFault = (error: unknown) => void thrown.push(error)
    const queue = queueOver(startWorker, 1, { onEvents: fail, onRefused: fail, onDied: fail, onLoad: fail, onFault })
    for (const runId of ['a', 'b', 'c', 'd']) queue.enqueue(job(runId))
    workers[0]!.settle()
    workers[1]!.die()
    workers[2]!.send({ type: 'refused', error: { code: 'INVALID_FILE', message: 'E is 3 × 3' } })
    expect([workers.length, queue.load()]).toEqual([4, { running: 1, queued: 0, slots: 1 }])
    const closing = queue.close()
    workers[3]!.settle('cancelled')
    await closing
    expect(queue.load().running).toBe(0)
    expect(thrown.every((error) => error instanceof TypeError)).toBe(true)
  })
})

it('a worker that cannot be started, or be told anything, ends its run, and the next one begins', () => {
  const { startWorker, workers } = fakeWorkers()
  const lost: unknown[] = []
  let starts = 0
  const start: typeof startWorker = (environment) => {
    starts += 1
    if (starts === 1) throw new Error('spawn ENOMEM')
    const worker = startWorker(environment)
    if (starts > 2) return worker
    const post = () => {
      throw new Error('not cloneable')
    }
    return { ...worker, post }
  }
  const onDied = (runId: string, { code, message }: ErrorRecord) => void lost.push([runId, code, message])
  const rest = { onEvents: () => {}, onRefused: () => {}, onLoad: () => {}, onFault: () => {} }
  const queue = queueOver(start, 1, { ...rest, onDied })
  for (const runId of ['a', 'b', 'c']) queue.enqueue(job(runId))
  expect(lost).toEqual([
    ['a', 'WORKER_DIED', 'no worker process could be started: this machine has no memory left: spawn ENOMEM'],
    ['b', 'INTERNAL', 'the host could not continue it: not cloneable'],
  ])
  expect(workers.at(-1)!.job.runId).toBe('c')
})

describe('a run in the queue', () => {
  it('is paused, continued and cancelled by word to its worker, while it runs', () => {
    const { queue, workers } = startQueue(1)
    queue.enqueue(job('a'))
    queue.enqueue(job('b'))
    expect([queue.pause('a'), queue.continue('a'), queue.pause('x'), queue.continue('x')]).toEqual([
      true,
      'running',
      false,
      'absent',
    ])
    expect(queue.cancel('a')).toBe('asked')
    expect(workers[0]!.received.map(({ type }) => type)).toEqual(['run', 'pause', 'continue', 'cancel'])
    // It has ended when it says so, not when it was asked to.
    expect(queue.has('a')).toBe(true)
    workers[0]!.settle('cancelled')
    expect(queue.has('a')).toBe(false)
  })

  it('is passed over while it is paused before its turn', () => {
    const { queue, workers } = startQueue(1)
    for (const runId of ['a', 'b', 'c']) queue.enqueue(job(runId))
    expect([queue.pause('b'), queue.holdsPlace('b'), queue.load().queued]).toEqual([true, false, 1])
    workers[0]!.settle()
    expect(workers.at(-1)!.job.runId).toBe('c')
    expect(queue.continue('b')).toBe('queued')
    workers.at(-1)!.settle()
    expect(workers.at(-1)!.job.runId).toBe('b')
    expect(queue.holdsPlace('b')).toBe(true)
  })

  it('is taken out while it waits, and never started', () => {
    const { queue, workers } = startQueue(1)
    queue.enqueue(job('a'))
    queue.enqueue(job('b'))
    expect(queue.cancel('b')).toBe('removed')
    expect(queue.cancel('b')).toBe('absent')
    workers[0]!.settle()
    expect(workers.length).toBe(1)
  })
})

describe('a run that is taken up again', () => {
  it('before the process of its last time has ended is told what it is told, and waited for at the end', async () => {
    const { queue, workers, told } = startQueue(2, { linger: true })
    queue.enqueue(job('a'))
    workers[0]!.send({ type: 'refused', error: { code: 'BACKEND_UNAVAILABLE', message: 'no abacus' } })
    expect(queue.has('a')).toBe(false)
    expect(queue.cancel('a')).toBe('absent')
    queue.enqueue(job('a'))
    expect(workers.length).toBe(2)
    workers[0]!.die()
    expect([queue.has('a'), queue.pause('a'), queue.load().running]).toEqual([true, true, 1])
    let closed = false
    const closing = queue.close().then(() => (closed = true))
    expect(workers[1]!.received.map(({ type }) => type)).toEqual(['run', 'pause', 'cancel'])
    await Promise.resolve()
    expect(closed).toBe(false)
    workers[1]!.settle('cancelled')
    workers[1]!.die()
    await closing
    expect(told.map(({ what }) => what)).toEqual(['BACKEND_UNAVAILABLE', 'settled'])
  })

  it('waits for a slot that an ending process still holds', () => {
    const { queue, workers } = startQueue(1, { linger: true })
    queue.enqueue(job('a'))
    workers[0]!.send({ type: 'refused', error: { code: 'BACKEND_UNAVAILABLE', message: 'no abacus' } })
    queue.enqueue(job('a'))
    expect(workers.length).toBe(1)
    workers[0]!.die()
    expect(workers.length).toBe(2)
  })
})

describe('a run that waits', () => {
  it('is not built before it begins', () => {
    const { queue, workers } = startQueue(2)
    const built: string[] = []
    for (let at = 0; at < 200; at++) {
      const waiting = job(`run${at}`)
      queue.enqueue({ ...waiting, build: () => (built.push(waiting.runId), waiting.build()) })
    }
    expect(built).toEqual(['run0', 'run1'])
    workers[1]!.settle()
    expect(built).toEqual(['run0', 'run1', 'run2'])
    expect(queue.cancel('run3')).toBe('removed')
    workers[0]!.settle()
    expect(built.at(-1)).toBe('run4')
  })

  it('that cannot be built is refused with the reason, and the next one begins', () => {
    const { queue, workers, told } = startQueue(1)
    const failing = (runId: string, error: unknown): WaitingJob => ({
      ...job(runId),
      build() {
        throw error
      },
    })
    queue.enqueue(failing('damaged', new LabError('ARCHIVE_UNREADABLE', 'matrix E is damaged')))
    queue.enqueue(failing('defect', new TypeError('a defect')))
    queue.enqueue(job('sound'))
    expect(told).toEqual([
      { runId: 'damaged', what: 'ARCHIVE_UNREADABLE', message: 'matrix E is damaged' },
      { runId: '', what: 'fault', message: 'TypeError: a defect' },
      { runId: 'defect', what: 'INTERNAL', message: 'a defect' },
    ])
    expect(workers.map((worker) => worker.job.runId)).toEqual(['sound'])
    expect(queue.load()).toEqual({ running: 1, queued: 0, slots: 1 })
  })
})

describe('closing', () => {
  it('asks every running run to stop, waits for them all, and starts none that wait', async () => {
    const { queue, workers } = startQueue(2)
    for (const runId of ['a', 'b', 'c']) queue.enqueue(job(runId))
    let closed = false
    const closing = queue.close().then(() => (closed = true))
    expect(workers.map(({ received }) => received.at(-1)!.type)).toEqual(['cancel', 'cancel'])
    workers[0]!.settle('cancelled')
    await Promise.resolve()
    expect(closed).toBe(false)
    workers[1]!.die()
    await closing
    expect(workers.length).toBe(2)
    expect(queue.load().queued).toBe(1)
  })

  it('ends at once where nothing runs', async () => {
    await expect(startQueue(2).queue.close()).resolves.toBeUndefined()
  })
})
