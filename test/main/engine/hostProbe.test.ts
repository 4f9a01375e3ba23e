import { afterEach, describe, expect, it } from 'vitest'
import { createCaller } from '../../../src/main/engine/host/caller.ts'
import { createQueue } from '../../../src/main/engine/host/queue.ts'
import { runProbeWorker } from '../../../src/main/engine/host/runProbeWorker.ts'
import { textTail, type StartWorker } from '../../../src/main/engine/host/workerProcess.ts'
import { createWorkerPool } from '../../../src/main/engine/host/workerPool.ts'
import type { RunEvent } from '../../../src/shared/run.ts'
import { badLibraries, hasCompiler } from '../lab/backend/blas/badLibraries.ts'
import { forkAsUtilityProcess } from '../../support/parentPortWorkers.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { runSpec } from '../../support/runs.ts'

const started: ReturnType<typeof forkAsUtilityProcess>[] = []
afterEach(() => started.splice(0).forEach((child) => child.kill()))

const startWorker: StartWorker = (environment) => {
  const child = forkAsUtilityProcess({ ...process.env, ...environment })
  started.push(child)
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

const sizes = { samples: 30, hidden: 40, outputs: 5 }
const request = { kind: 'wasm', threads: 1, precision: 'float64', sizes } as const

describe('a worker of Electron', () => {
  it('has backends tried in processes that its host starts, and ends', async () => {
    const caller = createCaller(startWorker)
    const choice = await caller.call('machine.choose', {
      backend: { kind: 'auto' },
      size: { p: 5, hidden: 40, n: 30 },
      multiplyAddsPerStep: 1e9,
      precision: 'float64',
      maxThreads: 2,
      cacheFolder: temporaryFolder(),
    })
    expect(choice.kind).not.toBe('plain')
    expect(started.length).toBeGreaterThan(1)
    const [asking, ...probing] = started
    await Promise.all(probing.map(closed))
    expect(asking!.exitCode).toBeNull()
    await caller.close()
  })
})

it('a worker of Electron serves run after run too, and ends when the pool is closed', async () => {
  const spec = runSpec({
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
    network: { hidden: 16 },
    dynamics: { kind: 'isolated', ridge: 0.1, steps: 20 },
  })
  const events: RunEvent[] = []
  const idle = Promise.withResolvers<void>()
  const queue = createQueue(createWorkerPool(1, startWorker), {
    onEvents: (batch) => events.push(...batch),
    onRefused: () => {},
    onDied: () => {},
    onLoad: ({ running, queued }) => running + queued === 0 && idle.resolve(),
    onFault: () => {},
  })
  for (const runId of ['a', 'b', 'c']) {
    const backend = { kind: 'wasm', threads: 1, reason: '' } as const
    queue.enqueue({ runId, group: runId, backend, build: () => ({ spec, firstSequence: 0, secondsBefore: 0 }) })
  }
  await idle.promise
  const last = (runId: string) => events.findLast((event) => event.runId === runId)
  expect(['a', 'b', 'c'].map(last)).toMatchObject(Array(3).fill({ type: 'settled', status: 'finished' }))
  expect(started.length).toBe(1)
  await queue.close()
  expect(started[0]!.signalCode).toBe('SIGTERM')
})

describe('runProbeWorker', () => {
  it('hands on the report', async () => {
    const outcome = await runProbeWorker(startWorker, request, 300_000)
    expect(outcome).toMatchObject({ report: { kind: 'wasm', seconds: expect.any(Number) } })
  })

  it('ends a process that takes too long', async () => {
    expect(await runProbeWorker(startWorker, request, 1)).toEqual({ timedOut: true })
    await closed(started[0]!)
    expect(started[0]!.killed).toBe(true)
  })

  it.skipIf(!hasCompiler)('outlives a library that ends its process', async () => {
    const library = badLibraries().crashing()
    const blas = { ...request, kind: 'blas' as const, library }
    const outcome = await runProbeWorker(startWorker, blas, 300_000)
    expect(outcome).toMatchObject({ ended: { signal: 'SIGABRT' } })
  })
})

function closed(child: ReturnType<typeof forkAsUtilityProcess>): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.on('close', resolve))
}
