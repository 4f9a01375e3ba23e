import type { QueuedRun, RunQueue } from '../../shared/contract/machine.ts'
import { estimateCost } from '../../shared/estimate.ts'
import type { RunEvent, RunSummary } from '../../shared/run.ts'
import type { Archive } from '../store/archive.ts'
import type { RunService } from './runs.ts'
import type { SpeedService } from './speed.ts'

export interface QueueView {
  showQueue(limit: number): RunQueue
  /** Takes note of how fast runs are. */
  noteProgress(events: readonly RunEvent[]): void
}

/** Experiments whose pace is kept in mind. */
const maxKept = 1000

/**
 * What is computed and what waits, with the times that are foreseen: of a run that is computed by what it told last, of one that
 * waits by the pace of its experiment, else by the speed that was measured of runs like it. Each waits for the first slot that is
 * free after those before it.
 */
export function createQueueView({
  archive,
  runs,
  speed,
  slots,
}: {
  archive: Archive
  runs: RunService
  speed: SpeedService
  slots: number
}): QueueView {
  /** Of each experiment how many steps a second its runs do. */
  const paces = new Map<string, number>()
  const experimentOf = new Map<string, string>()

  function paceOf({ experimentId }: RunSummary): number | null {
    const known = paces.get(experimentId)
    if (known !== undefined) return known
    const { spec } = archive.runs.experiment(experimentId)
    const { seconds, steps } = estimateCost(spec, speed.known(spec))
    return seconds === null ? null : steps / seconds
  }

  function note(runId: string, stepsPerSecond: number): void {
    if (!(stepsPerSecond > 0) || !Number.isFinite(stepsPerSecond)) return
    const experiment = experimentOf.get(runId) ?? archive.runs.experimentOf(runId)
    experimentOf.set(runId, experiment)
    paces.delete(experiment)
    paces.set(experiment, stepsPerSecond)
    if (paces.size > maxKept) paces.delete(paces.keys().next().value!)
  }

  function secondsOf(run: RunSummary): number | null {
    const pace = paceOf(run)
    return pace === null ? null : (run.steps - run.step) / pace
  }

  return {
    showQueue(limit) {
      const order = runs.order()
      const running = archive.runs.summaries(order.running)
      const waiting = archive.runs.summaries(order.waiting.slice(0, limit))
      const isHeld = runs.isHeld()
      const now = running.map((run): QueuedRun => {
        const endsInSeconds = isHeld || run.status !== 'running' ? null : secondsOf(run)
        return { run, startsInSeconds: 0, endsInSeconds }
      })
      /** When each slot is free; null where nobody knows. */
      const free: (number | null)[] = now.map(({ endsInSeconds }) => endsInSeconds)
      while (free.length < slots) free.push(0)
      const later = waiting.map((run): QueuedRun => {
        if (isHeld || run.status === 'paused') return { run, startsInSeconds: null, endsInSeconds: null }
        const first = free.reduce(
          (best: number, each, slot) => ((each ?? Infinity) < (free[best] ?? Infinity) ? slot : best),
          0,
        )
        const startsInSeconds = free[first]!
        const seconds = secondsOf(run)
        const endsInSeconds = startsInSeconds === null || seconds === null ? null : startsInSeconds + seconds
        free[first] = endsInSeconds
        return { run, startsInSeconds, endsInSeconds }
      })
      return { isHeld, slots, running: now, waiting: later, total: order.waiting.length }
    },
    noteProgress(events) {
      for (const event of events) {
        if (event.type === 'progress') note(event.runId, event.stepsPerSecond)
        if (event.type !== 'settled') continue
        if (event.status === 'finished') note(event.runId, event.step / event.seconds)
        experimentOf.delete(event.runId)
      }
    },
  }
}
