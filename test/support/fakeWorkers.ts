import type { RunEvent, SettledStatus } from '../../src/shared/run.ts'
import type { FromWorker, RunJob, ToWorker } from '../../src/main/engine/messages.ts'
import type { StartWorker, WorkerExit } from '../../src/main/engine/host/workerProcess.ts'

/** A worker that does what its test tells it, as far as one run or its calls go. */
export interface FakeWorker {
  /** The process behind it, by number. */
  process: number
  /** What the host told it, in order. */
  received: ToWorker[]
  job: RunJob
  /** Whether it lives, and has not told the end of its run. */
  alive: boolean
  send(message: FromWorker): void
  /** Tells the end of its run, as a worker does. */
  settle(status?: SettledStatus): void
  die(exit?: Partial<WorkerExit>): void
}

/**
 * Workers without processes. `workers` holds one for every run that one was given, in order (and one for every process that
 * was given none), `processes` whether each of those lives. Those that linger end when they are told to `die`.
 */
export function fakeWorkers({ linger = false } = {}) {
  const workers: FakeWorker[] = []
  const processes: { alive: boolean }[] = []
  const startWorker: StartWorker = () => {
    let listener: (message: unknown) => void = () => {}
    let whenEnded: (exit: WorkerExit) => void = () => {}
    const state = { alive: true }
    const process = processes.push(state) - 1
    function createWorker(): FakeWorker {
      let settled = false
      const worker: FakeWorker = {
        process,
        received: [],
        get job() {
          const first = this.received[0]
          if (first?.type !== 'run') throw new RangeError('the worker has no job')
          return first.job
        },
        get alive() {
          return state.alive && !settled
        },
        send(message) {
          settled ||= message.type === 'events' && message.events.at(-1)?.type === 'settled'
          listener(message)
        },
        settle: (status = 'finished') =>
          worker.send({ type: 'events', events: [settledEvent(worker.job.runId, status)] }),
        die(exit = {}) {
          if (!state.alive) return
          state.alive = false
          whenEnded({ code: null, signal: 'SIGKILL', stderr: '', ...exit })
        },
      }
      workers.push(worker)
      return worker
    }
    let current = createWorker()
    return {
      pid: process + 1,
      post(message) {
        const given = message as ToWorker
        if (given.type === 'run' && current.received.some(({ type }) => type === 'run')) current = createWorker()
        current.received.push(given)
      },
      onMessage: (given) => (listener = given),
      onExit: (given) => (whenEnded = given),
      kill: () => linger || current.die(),
    }
  }
  return { startWorker, workers, processes }
}

export function settledEvent(runId: string, status: SettledStatus): RunEvent {
  return { type: 'settled', runId, sequence: 1, status, step: 0, tau: 0, seconds: 0 }
}
