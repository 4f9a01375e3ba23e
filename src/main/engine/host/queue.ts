import { tryStep } from '../../../shared/tryStep.ts'
import { LabError, toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts'
import type { RunEvent } from '../../../shared/run.ts'
import type { BackendSelection, RunControl, RunJob } from '../messages.ts'
import type { Computation, ComputationListener, Executor } from './executor.ts'

/** Whatever a listener throws goes to `onFault` and no further: the queue and the other runs go on. */
export interface QueueListener {
  /** Events of one run, in order; the last batch of a run ends with `settled`. What is thrown here ends the run. */
  onEvents(events: RunEvent[]): void
  /** A run could not begin: it cannot be built, its start does not fit, a backend is missing, or a defect. */
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

/** A run that waits. */
export interface WaitingJob {
  runId: string
  backend: BackendSelection
  /** Makes the job when it begins: what a run goes on from is large, and nothing of it is held while it waits. */
  build(): Omit<RunJob, 'runId' | 'backend'>
}

export interface Queue {
  /** `heldBack`: as if it were paused at once. */
  enqueue(job: WaitingJob, options?: { heldBack: boolean }): void
  /** Whether the run waits or is being computed. */
  has(runId: string): boolean
  /** Lets a running run wait, with its memory and its place kept; one that waits is passed over. False for others. */
  pause(runId: string): boolean
  /** What has become of a paused run: one that had a place runs on, one that had none waits for it again. */
  continue(runId: string): 'running' | 'queued' | 'absent'
  /** Whether the run has a place, paused or not. */
  holdsPlace(runId: string): boolean
  /** Takes a waiting run out ('removed'), or asks a running one to stop ('asked'); it settles when it has stopped. */
  cancel(runId: string): 'removed' | 'asked' | 'absent'
  load(): Load
  /** Asks every running run to stop at a checkpoint and waits for their ends; waiting runs are left as they are. */
  close(): Promise<void>
}

interface Running {
  runId: string
  computation?: Computation
  /** The run has ended; its place is about to be free. */
  settled: boolean
  /** Why the host could not continue it. */
  failure?: ErrorRecord
}

/** Has an executor compute jobs, first in first out as they fit. A run that fails ends itself and nothing else. */
export function createQueue(executor: Executor, listener: QueueListener): Queue {
  const waiting: WaitingJob[] = []
  /** Waiting runs that are passed over until they are continued. */
  const heldBack = new Set<string>()
  /** What has a place; a run that is resumed at once may have one that ends beside one that begins. */
  const running = new Set<Running>()
  let closing = false
  let allEnded = Promise.withResolvers<void>()

  function startNext(): void {
    while (!closing) {
      const at = waiting.findIndex(({ runId, backend }) => !heldBack.has(runId) && executor.fits(backend))
      if (at < 0) break
      start(waiting.splice(at, 1)[0]!)
    }
    announceLoad()
    if (running.size === 0) allEnded.resolve()
  }

  function announceLoad(): void {
    tryStep(() => listener.onLoad(load()), listener.onFault)
  }

  function start({ runId, backend, build }: WaitingJob): void {
    const entry: Running = { runId, settled: false }
    const job = tryStep(
      (): RunJob => ({ ...build(), runId, backend }),
      (error) => reportRefusal(runId, error),
    )
    if (!job) return
    running.add(entry)
    tryStep(
      () => (entry.computation = executor.start(job, listenerOf(entry))),
      (error) => {
        running.delete(entry)
        reportEnd(runId, failureOf(error, runId))
      },
    )
  }

  /** Made apart from the job, which it would else hold for as long as the run goes. */
  function listenerOf(entry: Running): ComputationListener {
    return {
      onEvents(events) {
        entry.settled ||= events.at(-1)?.type === 'settled'
        guard(entry, () => listener.onEvents(events))
      },
      onRefused(error) {
        entry.settled = true
        guard(entry, () => listener.onRefused(entry.runId, error))
      },
      onEnd: (death) => end(entry, death),
    }
  }

  /** What cannot be stored must not be computed on: the run then ends where the archive has it. */
  function guard(entry: Running, act: () => void): void {
    tryStep(act, (error) => {
      entry.failure = failureOf(error, entry.runId)
      entry.settled = false
      entry.computation?.kill()
    })
  }

  function failureOf(error: unknown, runId: string): ErrorRecord {
    listener.onFault(error, runId)
    const { code, message } = toErrorRecord(error)
    return { code, message: code === 'INTERNAL' ? `the host could not continue it: ${message}` : message }
  }

  function end(entry: Running, death: string | undefined): void {
    const { runId, settled, failure } = entry
    running.delete(entry)
    if (failure) reportEnd(runId, failure)
    else if (!settled) reportEnd(runId, toErrorRecord(new LabError('WORKER_DIED', death ?? 'it ended without a word')))
    startNext()
  }

  function reportRefusal(runId: string, error: unknown): void {
    const record = toErrorRecord(error)
    if (record.code === 'INTERNAL') listener.onFault(error, runId)
    tryStep(
      () => listener.onRefused(runId, record),
      (fault) => listener.onFault(fault, runId),
    )
  }

  function reportEnd(runId: string, error: ErrorRecord): void {
    tryStep(
      () => listener.onDied(runId, error),
      (fault) => listener.onFault(fault, runId),
    )
  }

  function load(): Load {
    return { running: running.size, queued: waiting.length - heldBack.size, slots: executor.slots }
  }

  function sendControl(runId: string, word: RunControl): boolean {
    const entry = unsettled(runId)
    if (entry) send(entry, word)
    return entry !== undefined
  }

  function send(entry: Running, word: RunControl): void {
    guard(entry, () => entry.computation?.sendControl(word))
  }

  function unsettled(runId: string): Running | undefined {
    return [...running].find((entry) => entry.runId === runId && !entry.settled)
  }

  return {
    enqueue(job, options) {
      waiting.push(job)
      if (options?.heldBack) heldBack.add(job.runId)
      startNext()
    },
    has: (runId) => unsettled(runId) !== undefined || waiting.some((job) => job.runId === runId),
    pause(runId) {
      if (!waiting.some((job) => job.runId === runId)) return sendControl(runId, 'pause')
      heldBack.add(runId)
      announceLoad()
      return true
    },
    continue(runId) {
      if (!heldBack.delete(runId)) return sendControl(runId, 'continue') ? 'running' : 'absent'
      startNext()
      return 'queued'
    },
    holdsPlace: (runId) => unsettled(runId) !== undefined,
    cancel(runId) {
      const at = waiting.findIndex((job) => job.runId === runId)
      if (at >= 0) {
        waiting.splice(at, 1)
        heldBack.delete(runId)
        announceLoad()
        return 'removed'
      }
      return sendControl(runId, 'cancel') ? 'asked' : 'absent'
    },
    load,
    async close() {
      closing = true
      if (running.size > 0) {
        allEnded = Promise.withResolvers()
        for (const entry of running) if (!entry.settled) send(entry, 'cancel')
        await allEnded.promise
      }
      await executor.close()
    },
  }
}
