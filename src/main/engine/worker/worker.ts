import { setImmediate as nextTurn } from 'node:timers/promises'
import { toErrorRecord } from '../../../shared/errors.ts'
import { estimateCost } from '../../../shared/estimate.ts'
import { precisionOf } from '../../../shared/experiment.ts'
import type { Preparation } from '../../../shared/preparation.ts'
import type { RunEvent } from '../../../shared/run.ts'
import type { Backend } from '../../lab/backend/backend.ts'
import { runExperiment } from '../../lab/runExperiment.ts'
import { connectToHost } from '../hostPort.ts'
import { leaveProcessor } from '../leaveProcessor.ts'
import { answerCall } from './answerCall.ts'
import type { FromWorker, RunJob, ToWorker, RunControl } from '../messages.ts'
import { createGpuRuns } from './gpuRuns.ts'
import { openJobBackend } from './openJobBackend.ts'
import type { ProbeOutcome, RunProbe } from '../../lab/backend/probe.ts'

/** The entry of a worker process: does runs, one after the other, or answers calls, and tells its host through messages. */

const port = connectToHost<ToWorker, FromWorker>()
/** Electron's workers start no processes; their host does it for them. */
const hostProbe = port.isElectron ? createHostProbe(port.post) : undefined
/** The host gives one worker runs of one arithmetic only. */
let backend: Backend | undefined
let run: RunInMotion | undefined
const gpuRuns = createGpuRuns(port.post)

port.listen((message) => {
  switch (message.type) {
    case 'gpuWant':
      leaveProcessor()
      gpuRuns.want(message)
      break
    case 'run':
      void doRun(message.job)
      break
    case 'pause':
    case 'continue':
    case 'cancel':
      // The run may have ended while the word was on its way.
      run?.obey(message.type)
      break
    case 'call':
      void answer(message)
      break
    case 'probed':
      hostProbe?.settle(message)
      break
  }
})

const batchMilliseconds = 50
/** Of a run of so few multiply-adds, some tenths of a second at most, all is told at once: storing it costs as often as it is told. */
const brief = { multiplyAdds: 1e9, batchMilliseconds: 250 }

async function doRun(job: RunJob): Promise<void> {
  leaveProcessor()
  const { signal, untilContinued } = (run = createRunInMotion())
  const batch: RunEvent[] = []
  const post = (last?: { residentBytes: number }) => port.post({ type: 'events', events: batch.splice(0), ...last })
  let refusal: FromWorker | undefined
  try {
    backend ??= await openJobBackend(job.backend, precisionOf(job.spec), job, tellPreparation)
    backend.clear()
    const isBrief = estimateCost(job.spec, 1).seconds! < brief.multiplyAdds
    const interval = isBrief ? brief.batchMilliseconds : batchMilliseconds
    let sentAt = isBrief ? performance.now() : 0
    const onPreparing = async (preparation: Preparation) => {
      tellPreparation(preparation)
      await nextTurn()
      await untilContinued()
    }
    const options = { ...job, backend, choice: job.backend.reason, signal, onPreparing }
    for await (const event of runExperiment(job.spec, options)) {
      batch.push(event)
      const now = performance.now()
      // The end is told below, once nothing of the run is left: then the next one may come.
      if (event.type === 'settled' || now - sentAt < interval) continue
      sentAt = now
      await post()
      // Lets messages in: the loop above never waits by itself.
      await nextTurn()
      await untilContinued()
    }
  } catch (error) {
    report(error)
    refusal = { type: 'refused', error: toErrorRecord(error) }
  }
  run = undefined
  // What was measured before a defect is kept.
  if (batch.length > 0) await post({ residentBytes: process.memoryUsage.rss() })
  if (refusal) await port.post(refusal)
}

function tellPreparation(preparation: Preparation): void {
  void port.post({ type: 'preparing', preparation })
}

async function answer({ id, name, input }: Extract<ToWorker, { type: 'call' }>): Promise<void> {
  try {
    const onProgress = (done: number, of: number | null) => void port.post({ type: 'progress', id, done, of })
    const data = await answerCall(name, input, { runProbe: hostProbe?.run, onProgress, admit: gpuRuns.admit })
    await port.post({ type: 'result', id, result: { ok: true, data } })
  } catch (error) {
    report(error)
    await port.post({ type: 'result', id, result: { ok: false, error: toErrorRecord(error) } })
  }
}

/** A defect leaves its stack on standard error, which the host logs. */
function report(error: unknown): void {
  if (toErrorRecord(error).code === 'INTERNAL')
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
}

interface HostProbe {
  run: RunProbe
  settle(message: Extract<ToWorker, { type: 'probed' }>): void
}

/** Tries backends in processes that the host starts for this worker. */
function createHostProbe(post: (message: FromWorker) => unknown): HostProbe {
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

/** The run that a worker computes, as its host speaks to it. */
interface RunInMotion {
  /** Aborted where the run shall stop. */
  readonly signal: AbortSignal
  obey(word: RunControl): void
  /** Resolves when the run is not paused. */
  untilContinued(): Promise<void>
}

function createRunInMotion(): RunInMotion {
  const controller = new AbortController()
  let pause: PromiseWithResolvers<void> | undefined
  const goOn = () => {
    pause?.resolve()
    pause = undefined
  }
  return {
    signal: controller.signal,
    obey(word) {
      if (word === 'pause') pause ??= Promise.withResolvers()
      else goOn()
      if (word === 'cancel') controller.abort()
    },
    untilContinued: async () => pause?.promise,
  }
}
