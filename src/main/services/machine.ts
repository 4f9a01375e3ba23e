import { statSync } from 'node:fs'
import { cpus, freemem, totalmem } from 'node:os'
import type { BackendDescription, BackendTiming, MachineDescription } from '../../shared/machine.ts'
import { tryStep } from '../../shared/tryStep.ts'
import { version } from '../../shared/version.ts'
import type { Caller } from '../engine/host/caller.ts'
import type { StartWorker } from '../engine/host/workerProcess.ts'
import { runBenchmark } from './benchmark.ts'
import type { Task } from './computations.ts'

/** What is on this machine, and how fast it is. */
export interface MachineService {
  describe(): Promise<MachineDescription>
  /** Every backend that is there on the operations of Figure 6, in about a minute. */
  benchmark(startWorker: StartWorker, task?: Task): Promise<BackendTiming[]>
}

const benchmarkCases = (['gemm', 'rankK', 'cholesky', 'solve', 'isolatedStep'] as const).map((operation) => ({
  operation,
  size: { p: 37, hidden: 512, n: 492 },
  precision: 'float64' as const,
}))

export function createMachineService(
  archivePath: string,
  caller: Caller,
  slots: number,
  cacheFolder: string | undefined,
): MachineService {
  let backends: BackendDescription[] | undefined

  return {
    async describe() {
      backends ??= await caller.call('machine.backends', { cacheFolder, maxThreads: slots })
      return {
        grokscope: version,
        runtime: `Node ${process.versions.node}`,
        platform: `${process.platform} ${process.arch}`,
        processor: cpus()[0]?.model ?? 'unknown',
        cores: cpus().length,
        memoryBytes: totalmem(),
        freeMemoryBytes: freemem(),
        archivePath,
        archiveBytes: bytesOf(archivePath),
        backends,
        multiplyAddsPerSecond: backends.find(({ chosen }) => chosen)?.multiplyAddsPerSecond ?? null,
        slots,
      }
    },
    async benchmark(startWorker, task) {
      const lines = await runBenchmark({
        startWorker,
        kinds: ['wasm', 'blas'],
        threadCounts: [...new Set([1, slots])],
        cases: benchmarkCases,
        rounds: 3,
        onLine: () => {},
        // A backend that is not there is described as such by `describe`.
        onSkipped: () => {},
        ...task,
      })
      return lines.map(({ who, threads, case: { operation, precision }, milliseconds, gigaflops }) => ({
        backend: who,
        threads,
        precision,
        operation,
        milliseconds,
        gigaflops: gigaflops ?? NaN,
      }))
    },
  }
}

/** None of what is not there, or cannot be reached. */
function bytesOf(path: string): number {
  const found = tryStep(
    () => statSync(path, { throwIfNoEntry: false }),
    () => undefined,
  )
  return found?.size ?? 0
}
