import { setImmediate as nextTurn } from 'node:timers/promises'
import { LabError } from '../../shared/errors.ts'
import { precisionOf } from '../../shared/experiment.ts'
import type { Precision } from '../../shared/specification/limits.ts'
import type { Backend } from '../lab/backend/backend.ts'
import { wasmBackend } from '../lab/backend/wasm/wasmBackend.ts'
import { runExperiment } from '../lab/runExperiment.ts'
import {
  beginAttempt,
  listJournals,
  readEnd,
  readRun,
  requireSameVersion,
  runSpecs,
  sweepArithmetic,
  type SweepFolder,
} from './sweepFolder.ts'

export interface TaskOutcome {
  finished: number
  failed: number
  /** Not ended: the next attempt goes on with them. */
  left: number
  /** Why runs could not begin. */
  refusals: string[]
}

/**
 * Computes the runs of one task that have not ended, one after the other, each from its furthest snapshot. Once `signal` is
 * aborted the current one is saved and the rest are left. Doing it twice, or twice at once, comes to the same.
 */
export async function computeTask(sweep: SweepFolder, index: number, signal: AbortSignal): Promise<TaskOutcome> {
  requireSameVersion(sweep)
  const tasks = Math.ceil(sweep.keys.length / sweep.perTask)
  if (!Number.isInteger(index) || index < 0 || index >= tasks) {
    throw new LabError('USAGE', `index ${index} is not allowed; the sweep has tasks 0 to ${tasks - 1}`)
  }
  const first = index * sweep.perTask
  const places = sweep.keys.slice(first, first + sweep.perTask).map((_, place) => first + place)
  const journals = listJournals(sweep)
  const specOf = runSpecs(sweep)
  const backends = new Map<Precision, Backend>()
  const outcome: TaskOutcome = { finished: 0, failed: 0, left: 0, refusals: [] }
  for (const place of places) {
    const key = sweep.keys[place]!
    const end =
      readEnd(sweep, key, journals.get(key))?.status ?? (signal.aborted ? undefined : await compute(place, key))
    outcome[end === 'finished' || end === 'failed' ? end : 'left'] += 1
  }
  for (const backend of backends.values()) backend.close()
  return outcome

  async function compute(place: number, runId: string): Promise<string | undefined> {
    const spec = specOf(place)
    const precision = precisionOf(spec)
    const backend = backends.get(precision) ?? (await wasmBackend(precision, sweepArithmetic.threads))
    backends.set(precision, backend)
    backend.clear()
    const { snapshot, seconds } = readRun(sweep, runId, journals.get(runId))
    const journal = beginAttempt(sweep, runId)
    let status: string | undefined
    try {
      const choice = sweepArithmetic.reason
      const begin = { ...(snapshot ? { resumeFrom: snapshot } : {}), secondsBefore: seconds }
      for await (const event of runExperiment(spec, { runId, backend, signal, choice, ...begin })) {
        if (event.type !== 'progress') journal.append([event])
        if (event.type === 'settled') status = event.status
        // Lets signals in.
        if (event.type === 'progress') await nextTurn()
      }
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      outcome.refusals.push(`run ${runId}: ${error.message}`)
    } finally {
      await journal.close()
    }
    return status
  }
}
