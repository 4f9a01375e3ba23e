import type { ProbeOutcome, RunProbe } from '../../lab/backend/probeBackends.ts'
import type { FromWorker, ToWorker } from '../messages.ts'

export interface HostProbe {
  run: RunProbe
  settle(message: Extract<ToWorker, { type: 'probed' }>): void
}

/** Tries backends in processes that the host starts for this worker. */
export function createHostProbe(post: (message: FromWorker) => unknown): HostProbe {
  const waiting = new Map<number, (outcome: ProbeOutcome) => void>()
  let lastId = 0
  return {
    run(request, timeout) {
      const id = ++lastId
      return new Promise((resolve) => {
        waiting.set(id, resolve)
        post({ type: 'probe', id, request, timeout })
      })
    },
    settle({ id, outcome }) {
      waiting.get(id)?.(outcome as ProbeOutcome)
      waiting.delete(id)
    },
  }
}
