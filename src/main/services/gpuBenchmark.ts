import { median } from 'd3-array'
import type { GpuCase, GpuStepCounts } from '../../shared/benchmark.ts'
import { createCaller } from '../engine/host/caller.ts'
import type { StartWorker } from '../engine/host/workerProcess.ts'
import { startPeer } from './benchmarkPeer.ts'

/** PyTorch's ways to take the same step, as a user reads them. */
export const torchForms = {
  eager: 'PyTorch eager',
  graph: 'under a CUDA graph',
  graphDense: 'with a dense X',
  graphByHand: 'by hand',
} as const
export type TorchForm = keyof typeof torchForms

/** One case: what a step asks of a GPU, what it takes there, and what PyTorch takes for it. */
export interface GpuBenchmarkLine {
  case: GpuCase
  /** `hostMicroseconds` is that of steps that nothing computes. */
  counts: GpuStepCounts
  /** Medians over all rounds; null where there is no GPU. */
  gpu: { device: string; microseconds: number; hostMicroseconds: number; compileSeconds: number } | null
  /** Microseconds a step, of those forms that ran. */
  torch: Partial<Record<TorchForm, number>>
}

export interface GpuBenchmark {
  lines: GpuBenchmarkLine[]
  /** PyTorch's version and its card; null where it did not run. */
  torchDevice: string | null
  /** Why something is missing, each reason once. */
  missing: string[]
}

export interface GpuBenchmarkOptions {
  startWorker: StartWorker
  /** Path of PyTorch's script. */
  torch: string
  cases: readonly GpuCase[]
  rounds: number
  onLine(line: GpuBenchmarkLine): void
}

interface TorchAnswer {
  microseconds: number[]
  device: string
}

/**
 * Counts and times a step of training on the GPU and its peers, in turn within each round, so that all meet the same moods of the machine. What is
 * not here is left out, and said.
 */
export async function runGpuBenchmark({
  startWorker,
  torch,
  cases,
  rounds,
  onLine,
}: GpuBenchmarkOptions): Promise<GpuBenchmark> {
  const caller = createCaller((environment) => startWorker(environment, 'webgpu'))
  const peer = startPeer<object, TorchAnswer>(torch, { threads: 1, needs: 'python3 with PyTorch' })
  const missing = new Set<string>()
  let torchDevice: string | null = null
  /** What was measured, or nothing: a GPU or a form that failed once is not asked again for this case. */
  async function orMissing<T>(measure: () => Promise<T>): Promise<T | undefined> {
    try {
      return await measure()
    } catch (error) {
      missing.add((error as Error).message)
      return undefined
    }
  }

  async function timeCase(target: GpuCase): Promise<GpuBenchmarkLine> {
    const counts = await caller.call('machine.countGpuStep', target)
    const gpuRounds = rounded(() => caller.call('machine.timeGpuStep', target))
    const forms = Object.keys(torchForms) as TorchForm[]
    const { size, ...method } = target
    const torchRounds = forms.map((form) => rounded(() => peer.time({ method: form, ...method, ...size })))
    for (let round = 0; round < rounds; round++) for (const each of [gpuRounds, ...torchRounds]) await each.take()
    torchDevice ??= torchRounds.flatMap(({ found }) => found)[0]?.device ?? null
    const [first] = gpuRounds.found
    return {
      case: target,
      counts,
      gpu: first
        ? {
            device: first.device,
            microseconds: median(gpuRounds.found.flatMap(({ microseconds }) => microseconds))!,
            hostMicroseconds: median(gpuRounds.found, ({ hostMicroseconds }) => hostMicroseconds)!,
            // Where the driver keeps what it has compiled, later rounds find it.
            compileSeconds: first.compileSeconds,
          }
        : null,
      torch: Object.fromEntries(
        forms.flatMap((form, i) => {
          const { found } = torchRounds[i]!
          return found.length > 0 ? [[form, median(found.flatMap(({ microseconds }) => microseconds))!]] : []
        }),
      ),
    }
  }

  function rounded<T>(measure: () => Promise<T>) {
    const found: T[] = []
    let isOver = false
    return {
      found,
      async take(): Promise<void> {
        if (isOver) return
        const one = await orMissing(measure)
        if (one === undefined) isOver = true
        else found.push(one)
      },
    }
  }

  try {
    const lines: GpuBenchmarkLine[] = []
    for (const target of cases) {
      const line = await timeCase(target)
      lines.push(line)
      onLine(line)
    }
    return { lines, torchDevice, missing: [...missing] }
  } finally {
    peer.close()
    await caller.close()
  }
}
