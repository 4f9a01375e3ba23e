import { fileURLToPath } from 'node:url'
import type { RunSpec } from '../../shared/experiment.ts'
import type { TunedTable } from '../../shared/tilingTable.ts'
import type { OnProgress } from '../engine/host/caller.ts'
import { nodeWorkers } from '../engine/host/nodeWorker.ts'
import { runBenchmark, type BenchmarkLine, type BenchmarkOptions } from './benchmark.ts'
import { runGpuBenchmark, type GpuBenchmark, type GpuBenchmarkOptions } from './gpuBenchmark.ts'
import { workerEntry } from './nodeLaboratory.ts'
import { tuneGpu } from './tuneGpu.ts'

export type { BenchmarkLine }

/** The benchmark with Node workers and the Python peers of this machine. */
export function benchmarkHere(options: Omit<BenchmarkOptions, 'startWorker' | 'peers'>): Promise<BenchmarkLine[]> {
  return runBenchmark({ ...options, startWorker: nodeWorkers(workerEntry()), peers: scriptPath('peers.py') })
}

/** The benchmark of the GPU of this machine, and of its PyTorch. */
export function gpuBenchmarkHere(options: Omit<GpuBenchmarkOptions, 'startWorker' | 'torch'>): Promise<GpuBenchmark> {
  return runGpuBenchmark({ ...options, startWorker: nodeWorkers(workerEntry()), torch: scriptPath('torchSteps.py') })
}

/** Tunes the GPU of this machine. */
export function tuneGpuHere(runs: RunSpec[], onProgress: OnProgress): Promise<TunedTable> {
  return tuneGpu(runs, nodeWorkers(workerEntry()), onProgress)
}

function scriptPath(name: string): string {
  const root = import.meta.url.endsWith('.ts') ? '../../..' : '../..'
  return fileURLToPath(new URL(`${root}/resources/bench/${name}`, import.meta.url))
}
