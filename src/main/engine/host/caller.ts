import { LabError } from '../../../shared/errors.ts'
import type { FromWorker, LabCallName, LabCalls, ToWorker } from '../messages.ts'
import { runProbeWorker } from './runProbeWorker.ts'
import type { StartWorker, WorkerProcess } from './workerProcess.ts'

export interface Caller {
  /** Does short work in a worker and answers with its result; throws the LabError it threw. */
  call<Name extends LabCallName>(
    name: Name,
    input: LabCalls[Name]['input'],
    onProgress?: OnProgress,
  ): Promise<LabCalls[Name]['output']>
  /** Ends the worker for good, and resolves when it has ended; who calls afterwards is refused with CANCELLED. */
  close(): Promise<void>
}

export type OnProgress = (done: number, of: number | null) => void

interface Pending {
  onProgress: OnProgress | undefined
  resolve(data: unknown): void
  reject(error: LabError): void
}

type Message<Type> = Extract<FromWorker, { type: Type }>

/** Calls into one worker process, started at the first call and again after it died. */
export function createCaller(startWorker: StartWorker): Caller {
  let worker: WorkerProcess | undefined
  let ended: Promise<void> | undefined
  let pending = new Map<number, Pending>()
  let lastId = 0
  let isClosed = false

  function current(): WorkerProcess {
    if (worker) return worker
    const started = startWorker({})
    worker = started
    const end = Promise.withResolvers<void>()
    ended = end.promise
    started.onMessage((message) => receive(started, message as FromWorker))
    started.onExit(({ stderr }) => {
      end.resolve()
      if (worker === started) worker = undefined
      const lost = pending
      pending = new Map()
      for (const { reject } of lost.values()) {
        reject(new LabError('WORKER_DIED', `the worker process died while computing${stderr ? `: ${stderr}` : ''}`))
      }
    })
    return started
  }

  function receive(from: WorkerProcess, message: FromWorker): void {
    if (message.type === 'result') settle(message)
    if (message.type === 'progress') pending.get(message.id)?.onProgress?.(message.done, message.of)
    // A worker that is gone meanwhile needs no answer.
    if (message.type === 'probe') probe(from, message).catch(() => undefined)
  }

  /** Tries a backend for a worker in another one, which may not outlive it. */
  async function probe(from: WorkerProcess, { id, request, timeout }: Message<'probe'>): Promise<void> {
    const outcome = await runProbeWorker(startWorker, request, timeout)
    const message: ToWorker = { type: 'probed', id, outcome }
    from.post(message)
  }

  function settle({ id, result }: Message<'result'>): void {
    const waiting = pending.get(id)
    pending.delete(id)
    if (result.ok) waiting?.resolve(result.data)
    else waiting?.reject(LabError.fromRecord(result.error))
  }

  return {
    call<Name extends LabCallName>(name: Name, input: LabCalls[Name]['input'], onProgress?: OnProgress) {
      if (isClosed) return Promise.reject(new LabError('CANCELLED', 'the laboratory was closed'))
      const id = ++lastId
      const message: ToWorker = { type: 'call', id, name, input }
      return new Promise<LabCalls[Name]['output']>((resolve, reject) => {
        const target = current()
        pending.set(id, { resolve: resolve as (data: unknown) => void, reject, onProgress })
        target.post(message)
      })
    },
    async close() {
      isClosed = true
      worker?.kill()
      await ended
    },
  }
}
