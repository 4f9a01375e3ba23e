import { fileURLToPath } from 'node:url'
import { nodeWorkers } from '../engine/host/nodeWorker.ts'
import { runBenchmark, type BenchmarkLine, type BenchmarkOptions } from './benchmark.ts'
import { workerEntry } from './nodeLaboratory.ts'

export type { BenchmarkLine }

/** The benchmark with Node workers and the Python peers of this machine. */
export function benchmarkHere(options: Omit<BenchmarkOptions, 'startWorker' | 'peers'>): Promise<BenchmarkLine[]> {
  const peers = fileURLToPath(
    new URL(
      import.meta.url.endsWith('.ts') ? '../../../resources/bench/peers.py' : '../../resources/bench/peers.py',
      import.meta.url,
    ),
  )
  return runBenchmark({ ...options, startWorker: nodeWorkers(workerEntry()), peers })
}
