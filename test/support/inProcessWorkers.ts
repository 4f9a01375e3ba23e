import { setImmediate as nextTurn } from 'node:timers/promises'
import { answerCall } from '../../src/main/engine/worker/answerCall.ts'
import type { FromWorker, RunJob, ToWorker } from '../../src/main/engine/messages.ts'
import type { StartWorker, WorkerExit } from '../../src/main/engine/host/workerProcess.ts'
import { plainBackend } from '../../src/main/lab/backend/plain.ts'
import { runExperiment } from '../../src/main/lab/runExperiment.ts'
import { toErrorRecord } from '../../src/shared/errors.ts'
import { precisionOf } from '../../src/shared/experiment.ts'
import type { RunEvent } from '../../src/shared/run.ts'

const eventsPerBatch = 4

/** Workers that compute as real ones do, on the plain backend, without a process each: hundreds of runs in seconds. */
export const inProcessWorkers: StartWorker = () => {
  let stop = new AbortController()
  let alive = true
  let emit: (message: unknown) => void = () => {}
  let whenEnded: (exit: WorkerExit) => void = () => {}
  const post = (message: FromWorker) => alive && emit(message)

  async function doRun(job: RunJob, signal: AbortSignal): Promise<void> {
    const backend = plainBackend(precisionOf(job.spec))
    let batch: RunEvent[] = []
    for await (const event of runExperiment(job.spec, { ...job, backend, signal })) {
      batch.push(event)
      if (batch.length < eventsPerBatch && event.type !== 'settled') continue
      post({ type: 'events', events: batch })
      batch = []
      await nextTurn()
    }
  }

  async function answer({ id, name, input }: Extract<ToWorker, { type: 'call' }>): Promise<void> {
    const onProgress = (done: number, of: number | null) => void post({ type: 'progress', id, done, of })
    const result = await answerCall(name, input, { onProgress }).then(
      (data) => ({ ok: true as const, data }),
      (error: unknown) => ({ ok: false as const, error: toErrorRecord(error) }),
    )
    post({ type: 'result', id, result })
  }

  return {
    pid: undefined,
    post(message) {
      const given = message as ToWorker
      if (given.type === 'run') {
        stop = new AbortController()
        void doRun(given.job, stop.signal)
      } else if (given.type === 'call') void answer(given)
      else if (given.type === 'cancel') stop.abort()
    },
    onMessage: (listener) => (emit = listener),
    onExit: (listener) => (whenEnded = listener),
    kill() {
      if (!alive) return
      alive = false
      setImmediate(() => whenEnded({ code: null, signal: 'SIGKILL', stderr: '' }))
    },
  }
}
