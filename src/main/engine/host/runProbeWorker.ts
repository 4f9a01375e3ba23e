import { toErrorRecord } from '../../../shared/errors.ts'
import type { FromWorker, ProbedBackend, ProbeOutcome, ToWorker } from '../messages.ts'
import type { StartWorker } from './workerProcess.ts'

/** Has a worker of its own try a backend, and ends it: after its report, or after `timeout` milliseconds without one. */
export function runProbeWorker(
  startWorker: StartWorker,
  request: ProbedBackend,
  timeout: number,
): Promise<ProbeOutcome> {
  return new Promise<ProbeOutcome>((resolve) => {
    const worker = startWorker({}, request.kind)
    const settle = (outcome: ProbeOutcome) => {
      clearTimeout(timer)
      resolve(outcome)
      worker.kill()
    }
    const timer = setTimeout(() => settle({ timedOut: true }), timeout)
    let found: { report: unknown } | undefined
    worker.onMessage((message) => {
      const { result } = message as Extract<FromWorker, { type: 'result' }>
      if (!result.ok) return settle({ ended: { code: null, signal: null, lastWords: result.error.message } })
      found = { report: result.data }
      worker.kill()
    })
    worker.onExit(({ code, signal, stderr }) =>
      settle(found ? { ...found, lastWords: stderr } : { ended: { code, signal, lastWords: stderr } }),
    )
    const call: ToWorker = { type: 'call', id: 1, name: 'machine.probe', input: request }
    worker.post(call)
  }).catch((error: unknown) => ({ ended: { code: null, signal: null, lastWords: toErrorRecord(error).message } }))
}
