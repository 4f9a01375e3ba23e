import { setImmediate as nextTurn } from 'node:timers/promises'
import { LabError, toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import { tryStep } from '../../shared/tryStep.ts'
import { precisionOf } from '../../shared/experiment.ts'
import type { Precision } from '../../shared/specification/limits.ts'
import type { Backend } from '../lab/backend/backend.ts'
import { wasmBackend } from '../lab/backend/wasm/wasmBackend.ts'
import { runExperiment } from '../lab/runExperiment.ts'
import { writeWhole } from '../files/writeWhole.ts'
import { faultOf } from '../journal/assembleRun.ts'
import { requireArithmetic, requireSameVersion, runSpecs, type SweepFolder } from './sweepFolder.ts'
import {
  beginAttempt,
  forgetProblem,
  listJournals,
  listProblems,
  problemPath,
  readRun,
  readState,
  sweepArithmetic,
} from './sweepJournals.ts'
import { readSweepDataset } from './sweepDataset.ts'
import { readSweepStarts } from './sweepStarts.ts'

export interface TaskOutcome {
  finished: number
  failed: number
  /** Not ended: the next attempt goes on with them. */
  left: number
  /** Why runs could not be computed. */
  problems: string[]
  /** What the system says where the disk takes no more. */
  diskFull?: string
  /** Whether a run ended, or was saved further on than it began. */
  hasAdvanced: boolean
}

export interface TaskOptions {
  /** Aborted, the current run is saved and the rest are left. */
  signal: AbortSignal
  /** Of each run; any number of them gives the same bits. */
  threads?: number
  /** Runs that could not be computed, in whatever task, before no other is begun. */
  stopAfterFailures?: number
}

/**
 * Computes the runs of one task that have not ended, one after the other, each from its furthest snapshot. One that
 * diverges has ended; one that Grokscope or this machine cannot compute is a problem, of which a text is kept in the folder. Doing it
 * twice, or twice at once, comes to the same.
 */
export async function computeTask(sweep: SweepFolder, index: number, options: TaskOptions): Promise<TaskOutcome> {
  const { signal, threads = sweepArithmetic.threads, stopAfterFailures = Infinity } = options
  requireSameVersion(sweep)
  requireArithmetic(sweep, null)
  const tasks = Math.ceil(sweep.keys.length / sweep.perTask)
  if (!Number.isInteger(index) || index < 0 || index >= tasks) {
    throw new LabError('USAGE', `index ${index} is not allowed; the sweep has tasks 0 to ${tasks - 1}`)
  }
  const first = index * sweep.perTask
  const places = sweep.keys.slice(first, first + sweep.perTask).map((_, place) => first + place)
  const journals = listJournals(sweep)
  const specOf = runSpecs(sweep)
  const dataset = readSweepDataset(sweep)
  const startOf = readSweepStarts(sweep)
  const backends = new Map<Precision, Backend>()
  const outcome: TaskOutcome = { finished: 0, failed: 0, left: 0, problems: [], hasAdvanced: false }
  // What was computed since, by whomever, counts no more; where that cannot be read it is left.
  const told = tryStep(
    () => listProblems(sweep),
    () => undefined,
  )
  for (const run of told ?? []) if (readState(sweep, run, journals.get(run)).end) forgetProblem(sweep, run)
  for (const place of places) {
    const key = sweep.keys[place]!
    const end =
      readState(sweep, key, journals.get(key)).end?.status ?? (mayBegin() ? await attempt(place, key) : undefined)
    outcome[end === 'finished' || end === 'failed' ? end : 'left'] += 1
  }
  for (const backend of backends.values()) backend.close()
  return outcome

  function mayBegin(): boolean {
    if (signal.aborted || outcome.diskFull) return false
    return stopAfterFailures === Infinity || listProblems(sweep).length < stopAfterFailures
  }

  async function attempt(place: number, runId: string): Promise<string | undefined> {
    try {
      const status = await compute(place, runId)
      outcome.hasAdvanced ||= status !== 'cancelled'
      forgetProblem(sweep, runId)
      return status
    } catch (error) {
      const { code, message } = toErrorRecord(error)
      if (code === 'DISK_FULL') {
        outcome.diskFull = message
        return undefined
      }
      outcome.problems.push(`run ${runId}: ${message}`)
      // Where that cannot be written either, it has been told all the same.
      await writeWhole(problemPath(sweep, runId), [`${message}\n`], { replace: true }).catch(() => undefined)
      return undefined
    }
  }

  async function compute(place: number, runId: string): Promise<string | undefined> {
    const spec = specOf(place)
    const precision = precisionOf(spec)
    const backend = backends.get(precision) ?? (await wasmBackend(precision, threads))
    backends.set(precision, backend)
    backend.clear()
    const { snapshot, seconds } = readRun(sweep, runId, journals.get(runId))
    const initial = startOf(spec)
    const journal = beginAttempt(sweep, runId)
    let status: string | undefined
    let fault: ErrorRecord | undefined
    try {
      const choice = sweepArithmetic.reason
      const begin = {
        ...(snapshot ? { resumeFrom: snapshot } : {}),
        ...(dataset ? { dataset } : {}),
        ...(initial ? { initial } : {}),
        secondsBefore: seconds,
        keepsCheckpoints: true,
      }
      // Lets signals in.
      const onPreparing = () => nextTurn()
      for await (const event of runExperiment(spec, { runId, backend, signal, choice, onPreparing, ...begin })) {
        if (event.type !== 'progress') journal.append([event])
        if (event.type === 'settled') status = event.status
        fault ??= faultOf(event)
        outcome.hasAdvanced ||= event.type === 'snapshot' && event.snapshot.step > (snapshot?.step ?? 0)
        if (event.type === 'progress') await nextTurn()
      }
    } finally {
      await journal.close()
    }
    if (fault) throw LabError.fromRecord(fault)
    return status
  }
}
