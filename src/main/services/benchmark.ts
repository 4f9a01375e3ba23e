import { median } from 'd3-array'
import { multiplyAdds, type BenchmarkCase, type CaseTiming } from '../../shared/benchmark.ts'
import { createCaller } from '../engine/host/caller.ts'
import type { BackendSelection } from '../engine/messages.ts'
import type { StartWorker } from '../engine/host/workerProcess.ts'
import { startPeer } from './benchmarkPeer.ts'

/** One measured line: a backend of ours or a peer, on one case. */
export interface BenchmarkLine {
  who: string
  threads: number
  case: BenchmarkCase
  /** Median over all rounds. */
  milliseconds: number
  /** Two operations per multiply-add; null where the operation has no closed count. */
  gigaflops: number | null
  /** JavaScript heap grown per repetition, in the last round; null for a peer. */
  heapBytes: number | null
  peakMemoryBytes: number | null
}

export interface BenchmarkOptions {
  startWorker: StartWorker
  /** Path of the Python peers; without it only backends are timed. */
  peers?: string
  kinds: readonly BackendSelection['kind'][]
  threadCounts: readonly number[]
  cases: readonly BenchmarkCase[]
  rounds: number
  onLine(line: BenchmarkLine): void
  onSkipped(who: string, target: BenchmarkCase, reason: string): void
  /** Timings made, of those that are wanted. */
  onProgress?(done: number, of: number): void
  /** Ends what is being timed, and with it the benchmark. */
  signal?: AbortSignal
}

/** Something that can be timed. */
export interface Contestant {
  who: string
  threads: number
  /** Whether the case is one it does at all. */
  enters(target: BenchmarkCase): boolean
  time(target: BenchmarkCase, repetitions: number): Promise<Pick<CaseTiming, 'milliseconds'> & Partial<CaseTiming>>
  close(): void
}

/**
 * Times backends and peers on the same cases, in turn within each round so that all meet the same moods of the machine,
 * each in a process of its own that keeps its thread count.
 */
export async function runBenchmark(options: BenchmarkOptions): Promise<BenchmarkLine[]> {
  const contestants = options.threadCounts.flatMap((threads) => [
    ...options.kinds.map((kind) => backendContestant(kind, threads, options)),
    ...(options.peers === undefined ? [] : peerContestants(options.peers, threads)),
  ])
  const lines: BenchmarkLine[] = []
  const close = () => contestants.forEach((contestant) => contestant.close())
  options.signal?.addEventListener('abort', close, { once: true })
  const enteredOf = (target: BenchmarkCase) => contestants.filter((contestant) => contestant.enters(target))
  const needed = options.cases.reduce((sum, target) => sum + roundsOf(target, options) * enteredOf(target).length, 0)
  let made = 0
  const onTiming = () => options.onProgress?.(++made, needed)
  try {
    for (const target of options.cases) {
      const timings = await timeRounds(enteredOf(target), target, options, onTiming)
      for (const [contestant, timing] of timings) {
        const line = toLine(contestant, target, timing)
        lines.push(line)
        options.onLine(line)
      }
    }
  } finally {
    close()
  }
  return lines
}

/** Multiply-adds above which a case takes seconds, and two rounds must do. */
const largeWork = 1e10

function roundsOf(target: BenchmarkCase, { rounds }: Pick<BenchmarkOptions, 'rounds'>): number {
  return multiplyAdds(target) > largeWork ? 2 : rounds
}

type Timing = Awaited<ReturnType<Contestant['time']>>

async function timeRounds(
  entered: readonly Contestant[],
  target: BenchmarkCase,
  { rounds, onSkipped, signal }: BenchmarkOptions,
  onTiming: () => void,
): Promise<Map<Contestant, Timing>> {
  const timings = new Map<Contestant, Timing>()
  const failed = new Set<Contestant>()
  for (let round = 0; round < roundsOf(target, { rounds }); round++) {
    for (const contestant of entered) {
      signal?.throwIfAborted()
      onTiming()
      if (failed.has(contestant)) continue
      try {
        const timing = await contestant.time(target, repetitionsOf(target))
        const milliseconds = [...(timings.get(contestant)?.milliseconds ?? []), ...timing.milliseconds]
        timings.set(contestant, { ...timing, milliseconds })
      } catch (error) {
        failed.add(contestant)
        onSkipped(`${contestant.who}, ${contestant.threads} threads`, target, (error as Error).message)
      }
    }
  }
  return timings
}

function toLine({ who, threads }: Contestant, target: BenchmarkCase, timing: Timing): BenchmarkLine {
  const milliseconds = median(timing.milliseconds)!
  const work = multiplyAdds(target)
  return {
    who,
    threads,
    case: target,
    milliseconds,
    gigaflops: work > 0 ? (2 * work) / (1e6 * milliseconds) : null,
    heapBytes: timing.heapBytes ?? null,
    peakMemoryBytes: timing.peakMemoryBytes ?? null,
  }
}

/** Enough for a median of a fraction of a second; large cases a few times. */
function repetitionsOf(target: BenchmarkCase): number {
  const work = multiplyAdds(target) || 1e9
  return Math.max(2, Math.min(10_000, Math.round(2e9 / work)))
}

function backendContestant(kind: BackendSelection['kind'], threads: number, options: BenchmarkOptions): Contestant {
  const caller = createCaller(options.startWorker)
  return {
    who: kind,
    threads,
    // Plain TypeScript is an oracle; the largest sizes would take it minutes.
    enters: (target) => kind !== 'plain' || (threads === 1 && multiplyAdds(target) < 1e9),
    time: (target, repetitions) =>
      caller.call('machine.time', { backend: { kind, threads }, case: target, repetitions }),
    close: caller.close,
  }
}

function peerContestants(path: string, threads: number): Contestant[] {
  const peer = startPeer<object, { milliseconds: number[] }>(path, { threads, needs: 'python3 with NumPy' })
  const contestant = (who: string, method: string, operation: BenchmarkCase['operation']): Contestant => ({
    who,
    threads,
    enters: (target) => target.operation === operation,
    time: ({ size, precision }, repetitions) => peer.time({ method, ...size, precision, repetitions }),
    close: peer.close,
  })
  return [
    contestant('NumPy, literal', 'literal', 'isolatedStep'),
    contestant('SciPy, Cholesky', 'cholesky', 'isolatedStep'),
    contestant('NumPy', 'training', 'trainingStep'),
  ]
}
