import type { RunEvent, SettledStatus } from '../../src/shared/run.ts'
import type { FromWorker, RunJob, ToWorker } from '../../src/main/engine/messages.ts'
import type { StartWorker, WorkerExit } from '../../src/main/engine/host/workerProcess.ts'

/** A worker that does what its test tells it. */
export interface FakeWorker {
  /** What the host told it, in order. */
  received: ToWorker[]
  job: RunJob
  alive: boolean
  send(message: FromWorker): void
  /** Tells the end of its run, as a worker does; the host then ends it. */
  settle(status?: SettledStatus): void
  die(exit?: Partial<WorkerExit>): void
}

/** Workers without processes; `workers` holds every one that was started, in order. Those that linger end when told to `die`. */
export function fakeWorkers({ linger = false } = {}): { startWorker: StartWorker; workers: FakeWorker[] } {
  const workers: FakeWorker[] = []
  const startWorker: StartWorker = () => {
    let listener: (message: unknown) => void = () => {}
    let whenEnded: (exit: WorkerExit) => void = () => {}
    const worker: FakeWorker = {
      received: [],
      get job() {
        const first = this.received[0]
        if (first?.type !== 'run') throw new RangeError('the worker has no job')
        return first.job
      },
      alive: true,
      send: (message) => listener(message),
      settle: (status = 'finished') =>
        worker.send({ type: 'events', events: [settledEvent(worker.job.runId, status)] }),
      die(exit = {}) {
        if (!worker.alive) return
        worker.alive = false
        whenEnded({ code: null, signal: 'SIGKILL', stderr: '', ...exit })
      },
    }
    workers.push(worker)
    return {
      pid: workers.length,
      post: (message) => void worker.received.push(message as ToWorker),
      onMessage: (given) => (listener = given),
      onExit: (given) => (whenEnded = given),
      kill: () => linger || worker.die(),
    }
  }
  return { startWorker, workers }
}

export function settledEvent(runId: string, status: SettledStatus): RunEvent {
  return { type: 'settled', runId, sequence: 1, status, step: 0, tau: 0, seconds: 0 }
}
