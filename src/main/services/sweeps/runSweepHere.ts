import { LabError, toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts'
import type { RunEvent } from '../../../shared/run.ts'
import { writeWhole } from '../../files/writeWhole.ts'
import { createQueue } from '../../engine/host/queue.ts'
import { createWorkerPool } from '../../engine/host/workerPool.ts'
import type { StartWorker } from '../../engine/host/workerProcess.ts'
import { faultOf, isEnd } from '../../journal/assembleRun.ts'
import type { Journal } from '../../journal/journal.ts'
import { requireArithmetic, requireSameVersion, runSpecs, type SweepFolder } from '../../sweep/sweepFolder.ts'
import {
  beginAttempt,
  forgetProblem,
  listJournals,
  problemPath,
  readRun,
  surveySweep,
  sweepArithmetic,
} from '../../sweep/sweepJournals.ts'
import { readSweepDataset } from '../../sweep/sweepDataset.ts'
import { readSweepStarts } from '../../sweep/sweepStarts.ts'

export interface SweepOptions {
  /** Runs at once. */
  slots: number
  startWorker: StartWorker
  /** The places of the runs that have not ended; without them all journals are read at once. */
  open?: readonly number[]
  /** Aborted, runs are saved and the rest is left. */
  signal: AbortSignal
  /** Runs that could not be computed before no other is begun. */
  stopAfterFailures?: number | undefined
  onProgress: (ended: number) => void
}

/** What one go at a sweep came to. */
export interface SweepGo {
  /** Runs that were computed to their end. */
  ended: number
  /** Why others were not, by their keys. */
  problems: Map<string, ErrorRecord>
}

/**
 * Computes what has not ended of a sweep on this machine, each run from its furthest snapshot, with journals like those of a
 * task elsewhere. Throws CONFLICT where another version planned it, DISK_FULL once the disk takes no more, and FILE_UNWRITABLE once no journal can be begun.
 */
export async function runSweepHere(sweep: SweepFolder, options: SweepOptions): Promise<SweepGo> {
  requireSameVersion(sweep)
  requireArithmetic(sweep, null)
  const { slots, startWorker, signal, stopAfterFailures = Infinity, onProgress } = options
  const open = options.open ?? surveySweep(sweep).open
  const earlier = listJournals(sweep)
  const specOf = runSpecs(sweep)
  const dataset = readSweepDataset(sweep)
  const startOf = readSweepStarts(sweep)
  const journals = new Map<string, Journal>()
  const closings = new Set<Promise<void>>()
  const go: SweepGo = { ended: 0, problems: new Map() }
  const whenDone = Promise.withResolvers<void>()
  let next = 0
  let active = 0
  /** Why no journal can be written any more. */
  let unwritable: ErrorRecord | undefined

  const queue = createQueue(createWorkerPool(slots, startWorker), {
    onEvents: record,
    onRefused: giveUp,
    onDied: giveUp,
    onLoad: () => undefined,
    onFault: tellDefect,
  })

  /** What is wrong with the folder or the disk is told as a problem of its run, or ends the go. */
  function tellDefect(error: unknown, runId = 'the queue'): void {
    if (toErrorRecord(error).code === 'INTERNAL') process.stderr.write(`${runId}: ${String(error)}\n`)
  }

  function record(events: RunEvent[]): void {
    const { runId } = events[0]!
    const journal = journals.get(runId) ?? beginAttempt(sweep, runId)
    journals.set(runId, journal)
    journal.append(events)
    const last = events.at(-1)
    if (last?.type !== 'settled') return
    const fault = faultOf(last)
    if (fault) tellProblem(runId, fault)
    if (isEnd(last)) {
      forgetProblem(sweep, runId)
      onProgress((go.ended += 1))
    }
    leave(runId)
  }

  function giveUp(runId: string, error: ErrorRecord): void {
    if (error.code === 'DISK_FULL' || error.code === 'FILE_UNWRITABLE') {
      go.problems.set(runId, error)
      unwritable ??= error
      queue.hold(true)
    } else tellProblem(runId, error)
    leave(runId)
  }

  /** Kept in the folder as that of a task, for who looks at it later. */
  function tellProblem(runId: string, error: ErrorRecord): void {
    go.problems.set(runId, error)
    const writing: Promise<void> = writeWhole(problemPath(sweep, runId), [`${error.message}\n`], { replace: true })
      .then(() => undefined)
      .catch(() => undefined)
      .finally(() => closings.delete(writing))
    closings.add(writing)
  }

  /** Its journal is closed beside what comes next. */
  function leave(runId: string): void {
    const journal = journals.get(runId)
    journals.delete(runId)
    if (journal) {
      const closing = journal
        .close()
        .catch((error: unknown) => void go.problems.set(runId, toErrorRecord(error)))
        .finally(() => closings.delete(closing))
      closings.add(closing)
    }
    active -= 1
    queueMicrotask(feed)
  }

  /** A few wait beyond those that are computed, so that no slot does. */
  function feed(): void {
    const ahead = stopAfterFailures === Infinity ? 2 : 1
    const mayBegin = !signal.aborted && !unwritable && go.problems.size < stopAfterFailures
    while (active < ahead * slots && next < open.length && mayBegin) {
      const place = open[next++]!
      active += 1
      queue.enqueue({
        runId: sweep.keys[place]!,
        group: sweep.key,
        backend: sweepArithmetic,
        build: () => buildJob(place),
      })
    }
    if (active === 0 || signal.aborted || unwritable) whenDone.resolve()
  }

  function buildJob(place: number) {
    const key = sweep.keys[place]!
    const { snapshot, seconds } = readRun(sweep, key, earlier.get(key))
    const spec = specOf(place)
    const initial = startOf(spec)
    return {
      spec,
      firstSequence: 0,
      secondsBefore: seconds,
      keepsCheckpoints: true,
      ...(snapshot ? { resumeFrom: snapshot } : {}),
      ...(dataset ? { dataset } : {}),
      ...(initial ? { initial } : {}),
    }
  }

  const stop = () => whenDone.resolve()
  signal.addEventListener('abort', stop)
  feed()
  await whenDone.promise
  signal.removeEventListener('abort', stop)
  await queue.close()
  await Promise.all(closings)
  if (unwritable) throw LabError.fromRecord(unwritable)
  return go
}
