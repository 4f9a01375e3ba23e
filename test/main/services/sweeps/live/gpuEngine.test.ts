import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { WorkerProcess } from '../../../../../src/main/engine/host/workerProcess.ts'
import { createGpuEngine } from '../../../../../src/main/services/sweeps/live/gpuEngine.ts'

describe('the process that holds the GPU of live maps', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function start() {
    let hear: Parameters<WorkerProcess['onMessage']>[0] = () => undefined
    const kill = vi.fn()
    const startWorker = vi.fn((): WorkerProcess => ({
      pid: undefined,
      post: () => undefined,
      kill,
      onMessage: (listener) => void (hear = listener),
      onExit: () => undefined,
    }))
    const engine = createGpuEngine({ startWorker, onEnded: () => undefined, onFailed: () => undefined })
    return { engine, kill, startWorker, answer: (message: unknown) => hear(message as never) }
  }

  it('is not ended while it is asked, however long the test of the GPU takes, but a minute after its answer', async () => {
    const { engine, kill, answer } = start()
    const admitted = engine.admit!([])
    vi.advanceTimersByTime(600_000)
    expect(kill).not.toHaveBeenCalled()
    answer({ type: 'result', id: 1, result: { ok: true, data: 'a GPU' } })
    expect(await admitted).toBe('a GPU')
    vi.advanceTimersByTime(59_000)
    expect(kill).not.toHaveBeenCalled()
    vi.advanceTimersByTime(2000)
    expect(kill).toHaveBeenCalledOnce()
  })
})
