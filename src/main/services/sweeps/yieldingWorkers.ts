import { constants } from 'node:os'
import { leaveProcessor } from '../../engine/leaveProcessor.ts'
import type { StartWorker } from '../../engine/host/workerProcess.ts'

/** Workers that take what processor time the runs of the archive leave. */
export function yieldingWorkers(startWorker: StartWorker): StartWorker {
  return (...given) => {
    const worker = startWorker(...given)
    let isSet = false
    // Some hosts know the process only once it has begun.
    worker.onMessage(() => {
      if (isSet || worker.pid === undefined) return
      isSet = true
      leaveProcessor(worker.pid, constants.priority.PRIORITY_LOW)
    })
    return worker
  }
}
