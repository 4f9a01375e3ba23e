import type { QueuePlace } from '../../../shared/contract/machine.ts'
import { tryStep } from '../../../shared/tryStep.ts'
import { LabError, toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts'
import type { Preparation } from '../../../shared/preparation.ts'
import type { RunEvent } from '../../../shared/run.ts'
import type { BackendSelection, RunControl, RunJob } from '../messages.ts'
import type { Computation, ComputationListener, Executor } from './executor.ts'

/** Whatever a listener throws goes to `onFault` and no further: the queue and the other runs go on. */
export interface QueueListener {
  /** What is done before the first events of a run, where somebody is to hear it. */
  onPreparing?(runId: string, preparation: Preparation): void
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
  /** Those with which it takes turns with others: the runs of one experiment. */
  group: string
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
  /** Runs that are computed, and those that wait in the order in which they begin where they fit. */
  order(): { running: string[]; waiting: string[] }
  /** What computes a run that waits or is computed. */
  arithmetic(runId: string): BackendSelection | undefined
  /** Puts waiting runs, in their order, at a place, or last where the run that this is before does not wait; others are let pass. */
  move(runIds: readonly string[], to: QueuePlace): void
  /** Held, no run begins; what is computed goes on. */
  hold(held: boolean): void
  isHeld(): boolean
  load(): Load
  /** Asks every running run to stop at a checkpoint and waits for their ends; waiting runs are left as they are. */
  close(): Promise<void>
}

interface Running {
  runId: string
  backend: BackendSelection
  computation?: Computation
  /** The run has ended; its place is about to be free. */
  settled: boolean
  /** Why the host could not continue it. */
  failure?: ErrorRecord
}

interface Waiting extends WaitingJob {
  /** Of two groups that wait, one has not more than one turn before the other has one. */
  turn: number
}

/**
 * Has an executor compute jobs in their order as they fit. Groups take turns, and within a group it is first in first out: a
 * job waits behind as many jobs of every other group as of its own, and one more. A run that fails ends itself and nothing else.
 */
export function createQueue(executor: Executor, listener: QueueListener): Queue {
  /** In the order of their turns. */
  const waiting: Waiting[] = []
  /** Of the job that began last. */
  let turnNow = 0
  let held = false
  /** Of each group that waits, its last turn and how many wait. */
  const groups = new Map<string, { turn: number; count: number }>()
  /** Waiting runs that are passed over until they are continued. */
  const heldBack = new Set<string>()
  /** What has a place; a run that is resumed at once may have one that ends beside one that begins. */
  const running = new Set<Running>()
  let closing = false
  let allEnded = Promise.withResolvers<void>()

  function startNext(): void {
    while (!closing && !held) {
      const at = waiting.findIndex(({ runId, backend }) => !heldBack.has(runId) && executor.fits(backend))
      if (at < 0) break
      const job = takeOut(at)
      turnNow = Math.max(turnNow, job.turn)
      start(job)
    }
    announceLoad()
    if (running.size === 0) allEnded.resolve()
  }

  /** Behind all whose turn comes not later. */
  function putIn(job: WaitingJob): void {
    const group = groups.get(job.group) ?? { turn: turnNow, count: 0 }
    groups.set(job.group, group)
    group.turn = Math.max(group.turn, turnNow) + 1
    group.count += 1
    const { turn } = group
    waiting.splice(waiting.findLastIndex((other) => other.turn <= turn) + 1, 0, { ...job, turn })
  }

  function takeOut(at: number): Waiting {
    const [job] = waiting.splice(at, 1) as [Waiting]
    const group = groups.get(job.group)!
    group.count -= 1
    if (group.count === 0) groups.delete(job.group)
    return job
  }

  function announceLoad(): void {
    tryStep(() => listener.onLoad(load()), listener.onFault)
  }

  function start({ runId, backend, build }: WaitingJob): void {
    const entry: Running = { runId, backend, settled: false }
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
      onPreparing(preparation) {
        tryStep(
          () => listener.onPreparing?.(entry.runId, preparation),
          (error) => listener.onFault(error, entry.runId),
        )
      },
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
      putIn(job)
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
        takeOut(at)
        heldBack.delete(runId)
        announceLoad()
        return 'removed'
      }
      return sendControl(runId, 'cancel') ? 'asked' : 'absent'
    },
    order: () => ({
      running: [...running].filter(({ settled }) => !settled).map(({ runId }) => runId),
      waiting: waiting.map(({ runId }) => runId),
    }),
    arithmetic: (runId) => (unsettled(runId) ?? waiting.find((job) => job.runId === runId))?.backend,
    move(runIds, to) {
      const chosen = new Set(runIds)
      const moved = waiting.filter(({ runId }) => chosen.has(runId))
      const others = waiting.filter(({ runId }) => !chosen.has(runId))
      const found = to === 'first' ? 0 : others.findIndex(({ runId }) => to !== 'last' && runId === to.before)
      const at = found < 0 ? others.length : found
      // They come with those before which they stand.
      const turn = (others[at] ?? others.at(-1))?.turn
      others.splice(at, 0, ...moved.map((job) => ({ ...job, turn: turn ?? job.turn })))
      waiting.splice(0, waiting.length, ...others)
      startNext()
    },
    hold(wanted) {
      held = wanted
      startNext()
    },
    isHeld: () => held,
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
