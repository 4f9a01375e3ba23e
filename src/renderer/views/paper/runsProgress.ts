import type { RunSummary } from '../../../shared/run.ts'
import type { Progress } from '../../composables/useProgress.ts'

export interface RunsProgress {
  /** Of all planned steps, 0 … 1. */
  share: number
  finished: number
  total: number
  /** Steps a second of all running ones together; 0 while none has told. */
  rate: number
  /** NaN while no rate is known. */
  secondsLeft: number
}

/** How far several runs have come together, the waiting ones included. */
export function runsProgress(runs: readonly RunSummary[], progress: ReadonlyMap<string, Progress>): RunsProgress {
  let done = 0
  let planned = 0
  let rate = 0
  let finished = 0
  for (const run of runs) {
    const told = run.status === 'running' ? progress.get(run.id) : undefined
    const ended = !['queued', 'running', 'paused'].includes(run.status)
    planned += run.steps
    // A run that failed or was cancelled asks for no more.
    done += ended ? run.steps : Math.max(run.step, told?.step ?? 0)
    rate += told?.stepsPerSecond ?? 0
    if (run.status === 'finished') finished += 1
  }
  const share = planned === 0 ? 0 : done / planned
  const left = planned - done
  return { share, finished, total: runs.length, rate, secondsLeft: left === 0 ? 0 : rate > 0 ? left / rate : NaN }
}
