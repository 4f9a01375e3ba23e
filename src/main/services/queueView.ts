import type { QueuedRun, RunQueue } from '../../shared/contract/machine.ts'
import { estimateCost } from '../../shared/estimate.ts'
import { isDeviceKind } from '../../shared/machine.ts'
import type { RunEvent, RunSummary } from '../../shared/run.ts'
import type { BackendSelection } from '../engine/messages.ts'
import type { Archive } from '../store/archive.ts'
import type { RunService } from './runs.ts'
import type { SpeedService } from './speed.ts'

export interface QueueView {
  showQueue(limit: number): Omit<RunQueue, 'sweepRuns'>
  /** Takes note of how fast runs are. */
  noteProgress(events: readonly RunEvent[]): void
}

/** Experiments whose pace is kept in mind. */
const maxKept = 1000

/**
 * What is computed and what waits, with the times that are foreseen: of a run that is computed by what it told last, of one that
 * waits by the pace of its experiment, else by the speed that was measured of runs like it. Each waits until as many slots as it has
 * threads are free after those before it, and one on a device until that is.
 */
export function createQueueView({
  archive,
  runs,
  speed,
  slots,
}: {
  archive: Pick<Archive, 'runs'>
  runs: Pick<RunService, 'order' | 'arithmetic' | 'isHeld'>
  speed: Pick<SpeedService, 'known'>
  slots: number
}): QueueView {
  /** Of each experiment how many steps a second its runs do. */
  const paces = new Map<string, number>()
  const experimentOf = new Map<string, string>()
  /** Of each run that is computed, what it told last. */
  const secondsLeft = new Map<string, number>()

  function paceOf({ id, experimentId }: RunSummary): number | null {
    const known = paces.get(experimentId)
    if (known !== undefined) return known
    // What was measured is of what the host chooses.
    if (archive.runs.backendAskedFor(id)) return null
    const { seconds, secondsAtStart, steps } = costOf(experimentId)
    return seconds === null ? null : steps / (seconds - secondsAtStart!)
  }

  function costOf(experimentId: string) {
    const { spec } = archive.runs.experiment(experimentId)
    return estimateCost(spec, speed.known(spec))
  }

  function note(runId: string, stepsPerSecond: number): void {
    if (!(stepsPerSecond > 0) || !Number.isFinite(stepsPerSecond)) return
    const experiment = experimentOf.get(runId) ?? archive.runs.experimentOf(runId)
    experimentOf.set(runId, experiment)
    keep(paces, experiment, stepsPerSecond)
  }

  function secondsOf(run: RunSummary): number | null {
    const pace = paceOf(run)
    if (pace === null) return null
    // One that goes on, or is a branch, has its start.
    const isToBegin = run.step === 0 && run.parentRunId === null
    return (run.steps - run.step) / pace + (isToBegin ? (costOf(run.experimentId).secondsAtStart ?? 0) : 0)
  }

  return {
    showQueue(limit) {
      const order = runs.order()
      const running = archive.runs.summaries(order.running)
      const waiting = archive.runs.summaries(order.waiting.slice(0, limit))
      const isHeld = runs.isHeld()
      const take = createTimetable(slots)
      const now = running.map((run): QueuedRun => {
        const seconds = isHeld || run.status !== 'running' ? null : (secondsLeft.get(run.id) ?? secondsOf(run))
        take(runs.arithmetic(run.id), seconds)
        return { run, startsInSeconds: 0, endsInSeconds: seconds }
      })
      const later = waiting.map((run): QueuedRun => {
        if (isHeld || run.status === 'paused') return { run, startsInSeconds: null, endsInSeconds: null }
        return { run, ...take(runs.arithmetic(run.id), secondsOf(run)) }
      })
      return { isHeld, slots, running: now, waiting: later, total: order.waiting.length }
    },
    noteProgress(events) {
      for (const event of events) {
        if (event.type === 'progress') {
          note(event.runId, event.stepsPerSecond)
          if (Number.isFinite(event.secondsLeft)) keep(secondsLeft, event.runId, event.secondsLeft)
        }
        if (event.type !== 'settled') continue
        secondsLeft.delete(event.runId)
        if (event.status === 'finished') note(event.runId, event.step / event.seconds)
        experimentOf.delete(event.runId)
      }
    },
  }
}

function keep(map: Map<string, number>, key: string, value: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > maxKept) map.delete(map.keys().next().value!)
}

/**
 * Gives runs, in their order, the slots for their threads as the pool does: one that asks for more threads than there are slots has all of
 * them, and a device computes one run at a time. Answers when each begins and ends; null where nobody knows.
 */
function createTimetable(slots: number) {
  /** When each slot is free, the first before the others. */
  let free = Array.from({ length: slots }, () => 0)
  let deviceFree = 0
  const known = (seconds: number) => (Number.isFinite(seconds) ? seconds : null)

  return (
    arithmetic: BackendSelection | undefined,
    seconds: number | null,
  ): Pick<QueuedRun, 'startsInSeconds' | 'endsInSeconds'> => {
    const count = Math.min(arithmetic?.threads ?? 1, slots)
    const isOnDevice = arithmetic !== undefined && isDeviceKind(arithmetic.kind)
    const start = Math.max(free[count - 1]!, isOnDevice ? deviceFree : 0)
    const end = start + (seconds ?? Infinity)
    // Of the slots that are free by then, those that are so last: the others are left to runs that come between.
    const last = free.findLastIndex((time) => time <= start)
    free.splice(last + 1 - count, count, ...Array.from({ length: count }, () => end))
    free = free.toSorted((a, b) => a - b)
    if (isOnDevice) deviceFree = end
    return { startsInSeconds: known(start), endsInSeconds: known(end) }
  }
}
