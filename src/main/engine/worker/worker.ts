import { constants, getPriority, setPriority } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { toErrorRecord } from '../../../shared/errors.ts'
import type { RunEvent } from '../../../shared/run.ts'
import { stopSignals } from '../../../shared/stopSignals.ts'
import { runExperiment } from '../../lab/runExperiment.ts'
import { answerCall } from './answerCall.ts'
import { createHostProbe } from './hostProbe.ts'
import type { FromWorker, RunJob, ToWorker } from '../messages.ts'
import { openJobBackend } from './openJobBackend.ts'

/** The entry of a worker process: does one run, or answers calls, and tells its host through messages. */

const port = connect()
const controller = new AbortController()
/** Electron's workers start no processes; their host does it for them. */
const hostProbe = port.isElectron ? createHostProbe(port.post) : undefined
let resume = Promise.withResolvers<void>()
let paused = false

port.listen((message) => {
  switch (message.type) {
    case 'run':
      void doRun(message.job)
      break
    case 'pause':
      paused = true
      break
    case 'continue':
      release()
      break
    case 'cancel':
      controller.abort()
      release()
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

async function doRun(job: RunJob): Promise<void> {
  giveWay()
  let batch: RunEvent[] = []
  try {
    const backend = await openJobBackend(job.backend, job.spec.precision)
    const { signal } = controller
    let sentAt = 0
    for await (const event of runExperiment(job.spec, { ...job, backend, choice: job.backend.reason, signal })) {
      batch.push(event)
      const now = performance.now()
      if (event.type !== 'started' && event.type !== 'settled' && now - sentAt < batchMilliseconds) continue
      sentAt = now
      await port.post({ type: 'events', events: batch })
      batch = []
      // Lets messages in: the loop above never waits by itself.
      await nextTurn()
      if (paused) await resume.promise
    }
  } catch (error) {
    report(error)
    // What was measured before a defect is kept.
    if (batch.length > 0) await port.post({ type: 'events', events: batch })
    await port.post({ type: 'refused', error: toErrorRecord(error) })
  }
}

/** A run takes every cycle that is left, and leaves those that the window and other programs want. */
function giveWay(): void {
  try {
    setPriority(Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL))
  } catch {
    // Where a system forbids it, the run goes on as it is.
  }
}

function release(): void {
  paused = false
  resume.resolve()
  resume = Promise.withResolvers()
}

async function answer({ id, name, input }: Extract<ToWorker, { type: 'call' }>): Promise<void> {
  try {
    await port.post({ type: 'result', id, result: { ok: true, data: await answerCall(name, input, hostProbe?.run) } })
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

interface Port {
  isElectron: boolean
  post(message: FromWorker): Promise<void>
  listen(listener: (message: ToWorker) => void): void
}

/** Electron's `parentPort` where there is one, else Node's IPC channel; a worker whose host is gone ends. */
function connect(): Port {
  const parentPort = (process as { parentPort?: ElectronParentPort }).parentPort
  if (parentPort) {
    return {
      isElectron: true,
      post: async (message) => parentPort.postMessage(message),
      listen: (listener) => parentPort.on('message', ({ data }) => listener(data as ToWorker)),
    }
  }
  process.on('disconnect', () => process.exit(0))
  // A terminal interrupts the host and its workers alike; the host says what that means, and a worker saves its run first.
  for (const signal of stopSignals) process.on(signal, () => {})
  return {
    isElectron: false,
    post: (message) =>
      new Promise((sent) => {
        process.send?.(message, undefined, undefined, () => sent())
      }),
    listen: (listener) => process.on('message', (message) => listener(message as ToWorker)),
  }
}

interface ElectronParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}
