import { attempt } from '../../../shared/attempt.ts'
import { LabError, toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts'
import type { RunEvent } from '../../../shared/run.ts'
import type { FromWorker, RunJob, ToWorker } from '../messages.ts'
import type { StartWorker, WorkerExit, WorkerProcess } from './workerProcess.ts'

/** Whatever a listener throws goes to `onFault` and no further: the queue and the other runs go on. */
export interface QueueListener {
  /** Events of one run, in order; the last batch of a run ends with `settled`. What is thrown here ends the run. */
  onEvents(events: RunEvent[]): void
  /** A worker refused its run: the start does not fit, a backend is missing, or a defect. Nothing was computed. */
  onRefused(runId: string, error: ErrorRecord): void
  /** A worker ended without settling its run, or its events could not be taken. */
  onDied(runId: string, error: ErrorRecord): void
  onLoad(load: Load): void
  /** What another listener threw, or what failed otherwise, and for which run; may not throw itself. */
  onFault(error: unknown, runId?: string): void
}

export interface Load {
  running: number
  queued: number
  slots: number
}

export interface Queue {
  enqueue(job: RunJob): void
  /** Whether the run waits or is being computed. */
  has(runId: string): boolean
  /** Lets a running run wait, with its memory kept; false where it is not running. */
  pause(runId: string): boolean
  continue(runId: string): boolean
  /** Takes a waiting run out ('removed'), or asks a running one to stop ('asked'); it settles when it has stopped. */
  cancel(runId: string): 'removed' | 'asked' | 'absent'
  load(): Load
  /** Asks every running run to stop at a checkpoint and waits for their workers; waiting runs are left as they are. */
  close(): Promise<void>
}

interface Running {
  job: RunJob
  worker: WorkerProcess
  /** The run has ended; its process is about to. */
  settled: boolean
  /** Why the host could not go on with it. */
  failure?: ErrorRecord
}

/**
 * Runs jobs in worker processes, one each, first in first out, on at most `slots` threads at once (a job that asks for
 * more runs alone). Runs on a GPU go one at a time. A worker that dies ends its run and nothing else.
 */
export function createQueue(slots: number, startWorker: StartWorker, listener: QueueListener): Queue {
  const waiting: RunJob[] = []
  /** Worker processes; a run that is resumed at once may have one that ends beside one that begins. */
  const running = new Set<Running>()
  let closing = false
  let allEnded = Promise.withResolvers<void>()

  function startNext(): void {
    while (!closing) {
      const at = waiting.findIndex((job) => fits(job))
      if (at < 0) break
      start(waiting.splice(at, 1)[0]!)
    }
    tellLoad()
    if (running.size === 0) allEnded.resolve()
  }

  function tellLoad(): void {
    attempt(() => listener.onLoad(load()), listener.onFault)
  }

  function fits(job: RunJob): boolean {
    if (isExclusive(job) && [...running].some((entry) => isExclusive(entry.job))) return false
    return usedThreads() === 0 || usedThreads() + job.backend.threads <= slots
  }

  function usedThreads(): number {
    return [...running].reduce((sum, { job }) => sum + job.backend.threads, 0)
  }

  function start(job: RunJob): void {
    let worker: WorkerProcess
    try {
      worker = startWorker({})
    } catch (error) {
      tellDeath(job.runId, `no worker process could be started: ${toErrorRecord(error).message}`)
      return
    }
    const entry: Running = { job, worker, settled: false }
    running.add(entry)
    worker.onMessage((message) => guard(entry, () => receive(entry, message as FromWorker)))
    worker.onExit((exit) => end(entry, exit))
    send(entry, { type: 'run', job })
  }

  function receive(entry: Running, message: FromWorker): void {
    if (entry.failure) return
    if (message.type === 'events') {
      entry.settled ||= message.events.at(-1)?.type === 'settled'
      listener.onEvents(message.events)
    } else if (message.type === 'refused') {
      entry.settled = true
      listener.onRefused(entry.job.runId, message.error)
    }
    if (entry.settled) entry.worker.kill()
  }

  /** What cannot be stored must not be computed on: the run then ends where the archive has it. */
  function guard(entry: Running, act: () => void): void {
    attempt(act, (error) => {
      listener.onFault(error, entry.job.runId)
      const { code, message } = toErrorRecord(error)
      entry.failure = { code, message: code === 'INTERNAL' ? `the host could not go on with it: ${message}` : message }
      entry.settled = false
      entry.worker.kill()
    })
  }

  function send(entry: Running, message: ToWorker): void {
    guard(entry, () => entry.worker.post(message))
  }

  function end(entry: Running, exit: WorkerExit): void {
    running.delete(entry)
    if (entry.failure) tellEnd(entry.job.runId, entry.failure)
    else if (!entry.settled) tellDeath(entry.job.runId, describeExit(exit))
    startNext()
  }

  function tellDeath(runId: string, how: string): void {
    tellEnd(runId, toErrorRecord(new LabError('WORKER_DIED', how)))
  }

  function tellEnd(runId: string, error: ErrorRecord): void {
    attempt(
      () => listener.onDied(runId, error),
      (fault) => listener.onFault(fault, runId),
    )
  }

  function load(): Load {
    return { running: running.size, queued: waiting.length, slots }
  }

  function tell(runId: string, message: ToWorker): boolean {
    const entry = unsettled(runId)
    if (entry) send(entry, message)
    return entry !== undefined
  }

  function unsettled(runId: string): Running | undefined {
    return [...running].find((entry) => entry.job.runId === runId && !entry.settled)
  }

  return {
    enqueue(job) {
      waiting.push(job)
      startNext()
    },
    has: (runId) => unsettled(runId) !== undefined || waiting.some((job) => job.runId === runId),
    pause: (runId) => tell(runId, { type: 'pause' }),
    continue: (runId) => tell(runId, { type: 'continue' }),
    cancel(runId) {
      const at = waiting.findIndex((job) => job.runId === runId)
      if (at >= 0) {
        waiting.splice(at, 1)
        tellLoad()
        return 'removed'
      }
      return tell(runId, { type: 'cancel' }) ? 'asked' : 'absent'
    },
    load,
    async close() {
      closing = true
      if (running.size === 0) return
      allEnded = Promise.withResolvers()
      for (const entry of running) if (!entry.settled) send(entry, { type: 'cancel' })
      await allEnded.promise
    },
  }
}

function isExclusive(job: RunJob): boolean {
  return job.backend.kind === 'tensorflow'
}

function describeExit({ code, signal, stderr }: WorkerExit): string {
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`
  return `the worker process ${how}${stderr ? `: ${stderr}` : ''}`
}
