import { toErrorRecord } from '../../../shared/errors.ts'
import type { RunSpec } from '../../../shared/experiment.ts'
import type { RunEvent } from '../../../shared/run.ts'
import type { WebGpuBackend } from '../../lab/backend/webgpu.ts'
import type { BatchableSpec } from '../../lab/webgpu/batch/batchShapeOf.ts'
import { batchesOf } from '../../lab/webgpu/batch/batchesOf.ts'
import { openBatchGpu } from '../../lab/webgpu/batch/openBatchGpu.ts'
import { runBatch } from '../../lab/webgpu/batch/runBatch.ts'
import type { FromWorker, GpuWish } from '../messages.ts'

/** Runs that a host wants of the GPU of this machine, many at once. */
export interface GpuRuns {
  /** What the GPU is called. Throws BACKEND_UNAVAILABLE where there is none, and naming the field for a run that it does not compute. */
  admit(specs: readonly RunSpec[]): Promise<string>
  /** From now on these are wanted and no others; a batch with one that is not ends at its next dispatch, and nothing is told of it. */
  want(wish: GpuWish): void
}

export function createGpuRuns(post: (message: FromWorker) => Promise<void>): GpuRuns {
  let opening: Promise<WebGpuBackend> | undefined
  let wanted = new Map<string, RunSpec>()
  /** Those of its runs that have not ended. */
  let batch: { keys: Set<string>; stop: AbortController } | undefined
  /** With which message a run was told of; a host may want it that has not heard that yet. */
  const toldWith = new Map<string, number>()
  let messages = 0

  /** Another try may find what is there then. */
  function opened(): Promise<WebGpuBackend> {
    opening ??= openBatchGpu().catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }

  async function goOn(): Promise<void> {
    if (batch || wanted.size === 0) return
    const current = (batch = { keys: new Set<string>(), stop: new AbortController() })
    try {
      const backend = await opened()
      const [first = []] = await batchesOf(
        [...wanted].map(([runId, spec]) => ({ runId, spec: spec as BatchableSpec })),
        backend,
      )
      current.keys = new Set(first.map(({ runId }) => runId))
      await compute(first, backend, current.stop.signal)
    } catch (error) {
      wanted.clear()
      opening?.then((backend) => backend.close()).catch(() => undefined)
      opening = undefined
      await post({ type: 'gpuLost', error: toErrorRecord(error) })
    }
    batch = undefined
    void goOn()
  }

  async function compute(
    runs: readonly { runId: string; spec: BatchableSpec }[],
    backend: WebGpuBackend,
    signal: AbortSignal,
  ): Promise<void> {
    const told = new Map<string, RunEvent[]>()
    const refuse = (runId: string, error: unknown) => {
      leave(runId)
      void post({ type: 'gpuRefused', runId, error: toErrorRecord(error) })
    }
    const choice = 'a live map on a GPU, asked for'
    for await (const events of runBatch(runs, { backend, signal, choice, isSaved: false, onRefused: refuse })) {
      const ended: RunEvent[][] = []
      for (const event of events) {
        const own = told.get(event.runId) ?? []
        told.set(event.runId, own)
        own.push(event)
        if (event.type !== 'settled') continue
        told.delete(event.runId)
        if (event.status !== 'cancelled') ended.push(own)
      }
      if (ended.length === 0) continue
      messages += 1
      for (const [{ runId }] of ended as [RunEvent][]) {
        leave(runId)
        toldWith.set(runId, messages)
      }
      await post({ type: 'gpuEnded', runs: ended })
    }
  }

  function leave(runId: string): void {
    wanted.delete(runId)
    batch?.keys.delete(runId)
  }

  return {
    async admit(specs) {
      const backend = await opened()
      await batchesOf(
        specs.map((spec) => ({ spec })),
        backend,
      )
      return backend.description
    },
    want({ runs, heard }) {
      for (const [key, message] of toldWith) if (message <= heard) toldWith.delete(key)
      wanted = new Map(runs.flatMap(({ key, spec }) => (toldWith.has(key) ? [] : [[key, spec] as const])))
      if (batch && [...batch.keys].some((key) => !wanted.has(key))) batch.stop.abort()
      void goOn()
    },
  }
}
