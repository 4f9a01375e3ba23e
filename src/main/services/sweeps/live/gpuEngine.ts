import { LabError, toErrorRecord, type ErrorRecord } from '../../../../shared/errors.ts'
import type { RunSpec } from '../../../../shared/experiment.ts'
import type { StartWorker, WorkerProcess } from '../../../engine/host/workerProcess.ts'
import type { FromWorker, ToWorker } from '../../../engine/messages.ts'
import type { LiveEngine, LiveEngineListener, WantedRun } from './liveEngine.ts'

export interface GpuEngineOptions extends LiveEngineListener {
  startWorker: StartWorker
}

/** How long its process holds the GPU with nothing to compute. */
const idleMilliseconds = 60_000

/** Computes wanted runs many at once on the GPU of this machine, in one process, to the bits of `sweep run --on gpu`. */
export function createGpuEngine({ startWorker, onEnded, onFailed }: GpuEngineOptions): LiveEngine {
  let worker: WorkerProcess | undefined
  let hasExited: Promise<void> = Promise.resolve()
  let wanted = new Map<string, WantedRun>()
  let heard = 0
  let questions = new Map<number, PromiseWithResolvers<string>>()
  let lastQuestion = 0
  let idle: NodeJS.Timeout | undefined

  function post(message: ToWorker): void {
    worker ??= start()
    worker.post(message)
  }

  function start(): WorkerProcess {
    const started = startWorker({}, 'webgpu')
    const exit = Promise.withResolvers<void>()
    hasExited = exit.promise
    heard = 0
    started.onMessage((message) => worker === started && hear(message as FromWorker))
    started.onExit(({ stderr }) => {
      exit.resolve()
      if (worker !== started) return
      worker = undefined
      const words = `the process that held the GPU died${stderr ? `: ${stderr}` : ''}`
      const error = new LabError('WORKER_DIED', words)
      for (const { reject } of questions.values()) reject(error)
      questions = new Map()
      failAll(toErrorRecord(error))
    })
    return started
  }

  function hear(message: FromWorker): void {
    switch (message.type) {
      case 'gpuEnded':
        heard += 1
        for (const events of message.runs) {
          const { runId } = events[0]!
          if (wanted.delete(runId)) onEnded(runId, events)
        }
        break
      case 'gpuRefused':
        if (wanted.delete(message.runId)) onFailed(message.runId, message.error)
        break
      case 'gpuLost':
        failAll(message.error)
        break
      case 'result': {
        const question = questions.get(message.id)
        questions.delete(message.id)
        if (message.result.ok) question?.resolve(message.result.data as string)
        else question?.reject(LabError.fromRecord(message.result.error))
        endWhenIdle()
      }
    }
  }

  function failAll(error: ErrorRecord): void {
    const lost = [...wanted.keys()]
    wanted = new Map()
    for (const key of lost) onFailed(key, error)
  }

  function end(): void {
    const ended = worker
    worker = undefined
    ended?.kill()
  }

  function endWhenIdle(): void {
    clearTimeout(idle)
    if (wanted.size === 0 && questions.size === 0) idle = setTimeout(end, idleMilliseconds).unref()
  }

  return {
    admit(specs: readonly RunSpec[]) {
      const question = Promise.withResolvers<string>()
      const id = ++lastQuestion
      questions.set(id, question)
      post({ type: 'call', id, name: 'gpu.admit', input: { specs } })
      endWhenIdle()
      return question.promise
    },
    compute(runs) {
      wanted = new Map(runs.map((run) => [run.key, run]))
      endWhenIdle()
      // With no process there is nothing to end.
      if (runs.length > 0 || worker) post({ type: 'gpuWant', runs, heard })
    },
    async close() {
      clearTimeout(idle)
      wanted.clear()
      end()
      await hasExited
    },
  }
}
