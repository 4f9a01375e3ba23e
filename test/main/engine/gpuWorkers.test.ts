import { describe, expect, it } from 'vitest'
import { nodeWorkers } from '../../../src/main/engine/host/nodeWorker.ts'
import { createQueue } from '../../../src/main/engine/host/queue.ts'
import { createWorkerPool } from '../../../src/main/engine/host/workerPool.ts'
import { textTail, withGpuInPlainNode, type StartWorker } from '../../../src/main/engine/host/workerProcess.ts'
import { runProbeWorker } from '../../../src/main/engine/host/runProbeWorker.ts'
import type { ErrorRecord } from '../../../src/shared/errors.ts'
import type { RunEvent } from '../../../src/shared/run.ts'
import { forkAsUtilityProcess } from '../../support/parentPortWorkers.ts'
import { eventsOf, runSpec } from '../../support/runs.ts'
import { software } from '../../support/softwareGpu.ts'
import { workerProgram } from '../../support/program.ts'

/** Worker processes as Electron has them, which take no memory from outside. */
const electron: StartWorker = (environment) => {
  const child = forkAsUtilityProcess({ ...process.env, ...environment })
  const stderr = textTail()
  child.stderr!.on('data', stderr.add)
  return {
    pid: child.pid,
    post: (message) => void child.send(message as object),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('close', (code, signal) => listener({ code, signal, stderr: stderr.read() })),
    kill: () => void child.kill(),
  }
}
const node = nodeWorkers(workerProgram)

const spec = runSpec({
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
  network: { hidden: 8 },
  dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 0, steps: 5 },
  precision: 'float32',
})

/** A run on a GPU by workers that are started so: its events, and why it could not begin. */
async function runBy(startWorker: StartWorker): Promise<{ events: RunEvent[]; refusal: ErrorRecord | undefined }> {
  const events: RunEvent[] = []
  let refusal: ErrorRecord | undefined
  const idle = Promise.withResolvers<void>()
  const queue = createQueue(createWorkerPool(1, startWorker), {
    onEvents: (batch) => events.push(...batch),
    onRefused: (_, error) => (refusal = error),
    onDied: (_, error) => idle.reject(new Error(error.message)),
    onLoad: ({ running, queued }) => running + queued === 0 && idle.resolve(),
    onFault: idle.reject,
  })
  const backend = { kind: 'webgpu', threads: 1, reason: 'asked for' } as const
  queue.enqueue({ runId: 'run', group: 'run', backend, build: () => ({ spec, firstSequence: 0, secondsBefore: 0 }) })
  await idle.promise
  await queue.close()
  return { events, refusal }
}

describe.skipIf(!software.gpu)('a run on a GPU', () => {
  it('is refused in words in a process of Electron', async () => {
    const { refusal, events } = await runBy(electron)
    expect(refusal).toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(/cannot read results back, as Electron’s cannot/) as string,
    })
    expect(events).toEqual([])
  })

  it('is computed in a process of plain Node on the desktop', async () => {
    const { refusal, events } = await runBy(withGpuInPlainNode(electron, node))
    expect(refusal).toBeUndefined()
    expect(eventsOf(events, 'started')[0]!.provenance).toMatchObject({ backend: 'webgpu', device: software.name })
    expect(eventsOf(events, 'settled')[0]).toMatchObject({ status: 'finished', step: 5 })
  })

  it('is tried there too', async () => {
    const sizes = { samples: 30, hidden: 40, outputs: 5 }
    const request = { kind: 'webgpu', threads: 1, precision: 'float32', sizes } as const
    const inElectron = await runProbeWorker(electron, request, 300_000)
    expect(inElectron).toMatchObject({
      report: { failure: expect.stringMatching(/cannot read results back/) as string },
    })
    const onDesktop = await runProbeWorker(withGpuInPlainNode(electron, node), request, 300_000)
    expect(onDesktop).toMatchObject({ report: { description: software.name } })
  })
})
