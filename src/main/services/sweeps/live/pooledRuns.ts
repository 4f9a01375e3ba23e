import type { ErrorRecord } from '../../../../shared/errors.ts'
import type { RunEvent } from '../../../../shared/run.ts'
import { createQueue } from '../../../engine/host/queue.ts'
import { createWorkerPool } from '../../../engine/host/workerPool.ts'
import type { StartWorker } from '../../../engine/host/workerProcess.ts'
import { sweepArithmetic } from '../../../sweep/sweepJournals.ts'
import { requireMemory, runsAtOnce } from '../../requireMemory.ts'
import type { LiveEngine, LiveEngineListener, WantedRun } from './liveEngine.ts'

export interface PoolOptions extends LiveEngineListener {
  /** Runs at once. */
  slots: number
  startWorker: StartWorker
  onFault: (error: unknown) => void
}

/** Computes wanted runs in worker processes, one thread each, to the bits that a sweep gives. */
export function createPooledRuns({ slots, startWorker, onEnded, onFailed, onFault }: PoolOptions): LiveEngine {
  let wanted = new Map<string, WantedRun>()
  /** What those that have begun, or wait for a place, have told so far. */
  const active = new Map<string, RunEvent[]>()
  let isFeeding = false

  const queue = createQueue(createWorkerPool(slots, startWorker), {
    onEvents: record,
    onRefused: giveUp,
    onDied: giveUp,
    onLoad: () => undefined,
    onFault,
  })

  function record(events: RunEvent[]): void {
    const { runId } = events[0]!
    const told = active.get(runId)!
    told.push(...events.filter(({ type }) => type !== 'progress'))
    const last = events.at(-1)
    if (last?.type !== 'settled') return
    active.delete(runId)
    // One that was ended, and is wanted again meanwhile, begins anew.
    if (last.status !== 'cancelled' && wanted.delete(runId)) onEnded(runId, told)
    feedSoon()
  }

  function giveUp(runId: string, error: ErrorRecord): void {
    active.delete(runId)
    if (wanted.delete(runId)) onFailed(runId, error)
    feedSoon()
  }

  /** Once the queue is done with what it tells. */
  function feedSoon(): void {
    if (isFeeding) return
    isFeeding = true
    queueMicrotask(() => {
      isFeeding = false
      feed()
    })
  }

  /** One waits for each that is computed, so that no place does. */
  function feed(): void {
    for (const [key, { spec }] of wanted) {
      if (active.size >= 2 * slots) return
      if (active.has(key)) continue
      active.set(key, [])
      const build = () => ({ spec, firstSequence: 0, secondsBefore: 0 })
      queue.enqueue({ runId: key, group: '', backend: sweepArithmetic, build })
    }
  }

  return {
    admit(specs) {
      requireMemory(specs, { atOnce: runsAtOnce(slots, sweepArithmetic) })
      return Promise.resolve(null)
    },
    compute(runs) {
      wanted = new Map(runs.map((run) => [run.key, run]))
      for (const key of active.keys()) {
        if (!wanted.has(key) && queue.cancel(key) === 'removed') active.delete(key)
      }
      feed()
    },
    async close() {
      wanted.clear()
      await queue.close()
    },
  }
}
