import { LabError, toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import type { RunEvent } from '../../shared/run.ts'
import type { BackendRequest, FromWorker, RunJob, ToWorker } from './messages.ts'
import type { StartWorker, WorkerExit, WorkerProcess } from './workerProcess.ts'

/** A run as it waits: the thread count is settled when it starts. */
export type QueuedJob = Omit<RunJob, 'backend'> & { backend: Omit<BackendRequest, 'threads'> & { threads?: number } }

export interface QueueListener {
  /** Events of one run, in order; the last batch of a run ends with `settled`. */
  onEvents(events: RunEvent[]): void
  /** A worker refused its run: the start does not fit, a backend is missing, or a defect. Nothing was computed. */
  onRefused(runId: string, error: ErrorRecord): void
  /** A worker ended without settling its run. */
  onDied(runId: string, error: ErrorRecord): void
  onLoad(load: Load): void
}

export interface Load {
  running: number
  queued: number
  slots: number
}

export interface Queue {
  /** Jobs that belong together share the slots from the start. */
  enqueue(jobs: readonly QueuedJob[]): void
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
  job: QueuedJob
  worker: WorkerProcess
  threads: number
  exclusive: boolean
  settled: boolean
}

/**
 * Runs jobs in worker processes, first in first out, on at most `slots` threads at once: one process each with one
 * thread while many wait, more threads for the last ones. Runs on a GPU go one at a time. A worker that dies ends its
 * run and nothing else.
 */
export function createQueue(slots: number, startWorker: StartWorker, listener: QueueListener): Queue {
  const waiting: QueuedJob[] = []
  const running = new Map<string, Running>()
  let closing = false
  let allEnded = Promise.withResolvers<void>()

  function startNext(): void {
    while (!closing) {
      const at = waiting.findIndex((job) => fits(job))
      if (at < 0) break
      start(waiting.splice(at, 1)[0]!)
    }
    listener.onLoad(load())
    if (running.size === 0) allEnded.resolve()
  }

  function fits(job: QueuedJob): boolean {
    if (isExclusive(job) && [...running.values()].some(({ exclusive }) => exclusive)) return false
    return usedThreads() === 0 || usedThreads() + (job.backend.threads ?? 1) <= slots
  }

  function usedThreads(): number {
    return [...running.values()].reduce((sum, { threads }) => sum + threads, 0)
  }

  function start(job: QueuedJob): void {
    const sharing = Math.min(slots, running.size + waiting.length + 1)
    const threads = job.backend.threads ?? Math.max(1, Math.floor(slots / sharing))
    const worker = startWorker({})
    const entry: Running = { job, worker, threads, exclusive: isExclusive(job), settled: false }
    running.set(job.runId, entry)
    worker.onMessage((message) => receive(entry, message as FromWorker))
    worker.onExit((exit) => end(entry, exit))
    send(worker, { type: 'run', job: { ...job, backend: { ...job.backend, threads } } })
  }

  function receive(entry: Running, message: FromWorker): void {
    if (message.type === 'events') {
      entry.settled ||= message.events.at(-1)?.type === 'settled'
      listener.onEvents(message.events)
    } else if (message.type === 'refused') {
      entry.settled = true
      listener.onRefused(entry.job.runId, message.error)
    }
    if (entry.settled) entry.worker.kill()
  }

  function end(entry: Running, exit: WorkerExit): void {
    running.delete(entry.job.runId)
    if (!entry.settled) listener.onDied(entry.job.runId, toErrorRecord(new LabError('WORKER_DIED', describeExit(exit))))
    startNext()
  }

  function load(): Load {
    return { running: running.size, queued: waiting.length, slots }
  }

  function tell(runId: string, message: ToWorker): boolean {
    const entry = running.get(runId)
    if (entry) send(entry.worker, message)
    return entry !== undefined
  }

  return {
    enqueue(jobs) {
      waiting.push(...jobs)
      startNext()
    },
    has: (runId) => running.has(runId) || waiting.some((job) => job.runId === runId),
    pause: (runId) => tell(runId, { type: 'pause' }),
    continue: (runId) => tell(runId, { type: 'continue' }),
    cancel(runId) {
      const at = waiting.findIndex((job) => job.runId === runId)
      if (at >= 0) {
        waiting.splice(at, 1)
        listener.onLoad(load())
        return 'removed'
      }
      return tell(runId, { type: 'cancel' }) ? 'asked' : 'absent'
    },
    load,
    async close() {
      closing = true
      if (running.size === 0) return
      allEnded = Promise.withResolvers()
      for (const { worker } of running.values()) send(worker, { type: 'cancel' })
      await allEnded.promise
    },
  }
}

function isExclusive(job: QueuedJob): boolean {
  return job.backend.kind === 'tensorflow'
}

function send(worker: WorkerProcess, message: ToWorker): void {
  worker.post(message)
}

function describeExit({ code, signal, stderr }: WorkerExit): string {
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`
  return `the worker process ${how}${stderr ? `: ${stderr}` : ''}`
}
