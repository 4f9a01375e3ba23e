import { setPriority } from 'node:os'
import { tryStep } from '../../../shared/tryStep.ts'
import type { StartWorker } from '../../engine/host/workerProcess.ts'

/** Of 19, the lowest: what else is computed on this machine has the processor first. */
const niceness = 10

/** Workers that take what processor time the runs of the archive leave. */
export function yieldingWorkers(startWorker: StartWorker): StartWorker {
  return (...given) => {
    const worker = startWorker(...given)
    let isSet = false
    // Some hosts know the process only once it has begun.
    worker.onMessage(() => {
      if (isSet || worker.pid === undefined) return
      isSet = true
      // Where the system does not allow it, it is as good as before.
      tryStep(
        () => setPriority(worker.pid!, niceness),
        () => undefined,
      )
    })
    return worker
  }
}
