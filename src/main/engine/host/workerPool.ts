import { LabError, toErrorRecord } from '../../../shared/errors.ts'
import { precisionOf } from '../../../shared/experiment.ts'
import { isDeviceKind, type BackendKind } from '../../../shared/machine.ts'
import { stopSignals } from '../../../shared/stopSignals.ts'
import type { BackendSelection, FromWorker, RunJob, ToWorker } from '../messages.ts'
import type { Computation, ComputationListener, Executor } from './executor.ts'
import type { StartWorker, WorkerExit, WorkerProcess } from './workerProcess.ts'

/** A worker that holds more bytes after a run ends with it: only so do they go back to the system. */
export const maxKeptBytes = 2 ** 28
const defaultIdleMilliseconds = 10_000

interface Worker {
  readonly process: WorkerProcess
  readonly arithmetic: string
  /** Whether it has served a run before the one it has. */
  isUsed: boolean
  isEnding: boolean
  work?: Work
  idleTimer?: NodeJS.Timeout
}

/** A run in the hands of a worker. */
interface Work {
  readonly backend: BackendSelection
  readonly listener: ComputationListener
  worker: Worker
  /** What the worker has been told, until it first answers. */
  unanswered: ToWorker[] | undefined
  isOver: boolean
}

/**
 * Worker processes of this machine, which serve many runs each, one after the other, on at most `slots` threads at once; a
 * run that asks for more is computed alone, and runs on a GPU one at a time. One worker serves runs of one arithmetic
 * only, since libraries and threads are settled once in a process. A run that has settled leaves its worker as good as
 * new, however it ended. A worker is ended after a run that was refused, killed, or held a GPU, when it has grown large, and when it
 * has been idle for a while; one that dies ends its own run and no other.
 */
export function createWorkerPool(
  slots: number,
  startWorker: StartWorker,
  idleMilliseconds = defaultIdleMilliseconds,
): Executor {
  const workers = new Set<Worker>()
  let allEnded = Promise.withResolvers<void>()

  function fits(backend: BackendSelection): boolean {
    let threads = 0
    for (const { work } of workers) {
      if (!work) continue
      if (isExclusive(backend) && isExclusive(work.backend)) return false
      threads += work.backend.threads
    }
    return threads === 0 || threads + backend.threads <= slots
  }

  function start(job: RunJob, listener: ComputationListener): Computation {
    const worker = takeWorker(arithmeticOf(job), job.backend.kind)
    const work: Work = { backend: job.backend, listener, worker, unanswered: [], isOver: false }
    worker.work = work
    try {
      sendControl(work, { type: 'run', job })
    } catch (error) {
      takeBack(work)
      throw error
    }
    // Once the run has ended its worker may have another one.
    const isCurrent = () => work.worker.work === work
    return {
      sendControl: (word) => isCurrent() && sendControl(work, { type: word }),
      kill: () => isCurrent() && finish(work),
    }
  }

  function sendControl(work: Work, message: ToWorker): void {
    work.unanswered?.push(message)
    work.worker.process.post(message)
  }

  /** The one that was busy last: those that are not needed come to be idle for long. */
  function takeWorker(arithmetic: string, kind: BackendKind): Worker {
    const idle = [...workers].filter(({ work, isEnding }) => !work && !isEnding)
    const kept = idle.findLast((worker) => worker.arithmetic === arithmetic)
    if (!kept) {
      if (idle[0] && workers.size >= slots) dismiss(idle[0])
      return beginWorker(arithmetic, kind)
    }
    clearTimeout(kept.idleTimer)
    kept.isUsed = true
    return kept
  }

  function beginWorker(arithmetic: string, kind: BackendKind): Worker {
    const worker: Worker = { process: startedProcess(kind), arithmetic, isUsed: false, isEnding: false }
    workers.add(worker)
    worker.process.onMessage((message) => worker.work && receive(worker.work, message as FromWorker))
    worker.process.onExit((exit) => end(worker, exit))
    return worker
  }

  function startedProcess(kind: BackendKind): WorkerProcess {
    try {
      return startWorker({}, kind)
    } catch (error) {
      throw new LabError('WORKER_DIED', `no worker process could be started: ${toErrorRecord(error).message}`)
    }
  }

  function receive(work: Work, message: FromWorker): void {
    work.unanswered = undefined
    if (work.isOver) return
    if (message.type === 'events') {
      work.listener.onEvents(message.events)
      if (message.events.at(-1)?.type === 'settled') settle(work, message.residentBytes ?? 0)
    } else if (message.type === 'preparing') {
      work.listener.onPreparing?.(message.preparation)
    } else if (message.type === 'refused') {
      work.listener.onRefused(message.error)
      finish(work)
    }
  }

  function settle(work: Work, residentBytes: number): void {
    // Who was told of it may have killed it.
    if (work.isOver) return
    if (isExclusive(work.backend) || residentBytes > maxKeptBytes) return finish(work)
    const { worker } = work
    delete worker.work
    // Behind the others.
    workers.delete(worker)
    workers.add(worker)
    worker.idleTimer = setTimeout(() => dismiss(worker), idleMilliseconds).unref()
    work.listener.onEnd()
  }

  /** The run ends with its process, and keeps its place until that has ended. */
  function finish(work: Work): void {
    work.isOver = true
    dismiss(work.worker)
  }

  function dismiss(worker: Worker): void {
    worker.isEnding = true
    worker.process.kill()
  }

  function end(worker: Worker, exit: WorkerExit): void {
    workers.delete(worker)
    clearTimeout(worker.idleTimer)
    const { work } = worker
    if (work && diedBefore(worker, work, exit)) begin(work)
    else work?.listener.onEnd(work.isOver ? undefined : describeExit(exit))
    if (workers.size === 0) allEnded.resolve()
  }

  /** Another worker's turn. */
  function begin(work: Work): void {
    try {
      work.worker = beginWorker(work.worker.arithmetic, work.backend.kind)
      work.worker.work = work
      for (const message of work.unanswered ?? []) work.worker.process.post(message)
    } catch (error) {
      takeBack(work)
      work.listener.onEnd(toErrorRecord(error).message)
    }
  }

  /** It could not be handed over: its place is free at once. */
  function takeBack(work: Work): void {
    delete work.worker.work
    dismiss(work.worker)
  }

  return {
    slots,
    fits,
    start,
    async close() {
      if (workers.size === 0) return
      allEnded = Promise.withResolvers()
      workers.forEach(dismiss)
      await allEnded.promise
    },
  }
}

/**
 * Whether it had died before it got the run, though that was not known yet: while it was idle, or by an interrupt of the whole
 * group of processes before it was far enough to leave that to its host.
 */
function diedBefore({ isUsed }: Worker, { isOver, unanswered }: Work, { signal }: WorkerExit): boolean {
  const wasInterrupted = (stopSignals as readonly (string | null)[]).includes(signal)
  return (isUsed || wasInterrupted) && !isOver && unanswered !== undefined
}

function isExclusive({ kind }: BackendSelection): boolean {
  return isDeviceKind(kind)
}

function arithmeticOf({ backend: { kind, library, threads }, spec }: RunJob): string {
  return JSON.stringify({ kind, library, threads, precision: precisionOf(spec) })
}

function describeExit({ code, signal, stderr }: WorkerExit): string {
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`
  return `the worker process ${how}${stderr ? `: ${stderr}` : ''}`
}
