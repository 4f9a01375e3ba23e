import { availableParallelism, cpus } from 'node:os'
import { LabError } from '../../../shared/errors.ts'
import type { BenchmarkCase, ProblemSize } from '../../../shared/benchmark.ts'
import { benchmarkHere, type BenchmarkLine } from '../../services/benchmarkHere.ts'
import { defaultArchiveFiles } from '../../services/nodeLaboratory.ts'
import { refuseIdleForce } from '../options.ts'
import { table } from '../text.ts'
import { benchGpu } from './benchGpu.ts'
import { tuneTilings } from './tuneTilings.ts'
import { checkOutput, writeOutput } from '../writeOutput.ts'
import { formatBytes, formatNumber } from '../../../shared/formatting/formatNumber.ts'

const paperSize: ProblemSize = { p: 37, hidden: 512, n: 492 }
const stepSizes: ProblemSize[] = [
  { p: 11, hidden: 128, n: 59 },
  paperSize,
  { p: 59, hidden: 1280, n: 1239 },
  { p: 97, hidden: 3400, n: 3327 },
]

function casesOf(quick: boolean): BenchmarkCase[] {
  const float64 = (operation: BenchmarkCase['operation'], size = paperSize): BenchmarkCase => ({
    operation,
    size,
    precision: 'float64',
  })
  return [
    float64('gemm'),
    float64('rankK'),
    float64('cholesky'),
    float64('solve'),
    ...(quick ? stepSizes.slice(0, 2) : stepSizes).map((size) => float64('isolatedStep', size)),
    { operation: 'trainingStep', size: paperSize, precision: 'float32' },
    float64('normMinimizingDirection', stepSizes[0]),
  ]
}

interface BenchArguments {
  out?: string
  force?: boolean
  json?: boolean
  quick?: boolean
  tune?: string | true
}

/** `grokscope bench [gpu]`: every backend, or the GPU, beside its peers, with ratios, in one run. */
export async function bench(subject: 'gpu' | undefined, options: BenchArguments): Promise<void> {
  refuseIdleForce(options)
  if (options.tune !== undefined) {
    if (subject !== 'gpu') throw new LabError('USAGE', '--tune: is for "bench gpu", not for the backends')
    return tuneTilings(options.tune, options)
  }
  const output = { force: options.force, protect: defaultArchiveFiles, json: options.json }
  if (options.out !== undefined) await checkOutput(options.out, output)
  const found = await (subject === 'gpu' ? benchGpu(options) : benchBackends(options))
  if (options.out === undefined) return
  const written = `${JSON.stringify({ processor: cpus()[0]?.model, ...found }, null, 2)}\n`
  await writeOutput(options.out, [written], output)
}

async function benchBackends(options: BenchArguments): Promise<{ lines: BenchmarkLine[]; skipped: string[] }> {
  const threadCounts = availableParallelism() > 1 ? [1, 2] : [1]
  const skipped: string[] = []
  const lines = await benchmarkHere({
    kinds: ['plain', 'wasm', 'blas'],
    threadCounts,
    cases: casesOf(options.quick ?? false),
    rounds: 5,
    onLine: (line) => {
      if (options.json) process.stdout.write(`${JSON.stringify(line)}\n`)
      else process.stderr.write(`${describe(line).join('  ')}\n`)
    },
    onSkipped: (who, target, reason) => skipped.push(`${who}, ${target.operation}: ${reason}`),
  })
  if (options.json) return { lines, skipped }
  const heads = [
    'operation',
    'p, d_h, n',
    'who',
    'threads',
    'ms',
    'GFLOP/s',
    'of limit',
    'faster than',
    'heap/step',
    'peak',
  ]
  process.stdout.write(`\n${table([heads, ...lines.map((line) => [...describe(line), ...compare(line, lines)])])}\n`)
  for (const reason of new Set(skipped)) process.stdout.write(`skipped: ${reason}\n`)
  return { lines, skipped }
}

function describe({
  case: { operation, size, precision },
  who,
  threads,
  milliseconds,
  gigaflops,
}: BenchmarkLine): string[] {
  return [
    precision === 'float32' ? `${operation} f32` : operation,
    `${size.p}, ${size.hidden}, ${size.n}`,
    who,
    String(threads),
    formatNumber(milliseconds),
    gigaflops === null ? '' : formatNumber(gigaflops, 3),
  ]
}

const ours: readonly string[] = ['plain', 'wasm', 'blas']

/** Share of the limit, times faster than each peer of the same case and threads, heap growth, memory. */
function compare(line: BenchmarkLine, lines: readonly BenchmarkLine[]): string[] {
  const alike = lines.filter((other) => isSameCase(other.case, line.case) && other.threads === line.threads)
  const peers = ours.includes(line.who) ? alike.filter(({ who }) => !ours.includes(who)) : []
  const limit = lines.find(
    (other) => other.who === line.who && other.threads === line.threads && other.case.operation === 'gemm',
  )?.gigaflops
  const share = line.case.operation === 'isolatedStep' && limit && line.gigaflops ? line.gigaflops / limit : undefined
  return [
    share === undefined ? '' : formatNumber(share, 2),
    peers.map((peer) => `${peer.who} ${formatNumber(peer.milliseconds / line.milliseconds, 3)}×`).join('; '),
    line.heapBytes === null ? '' : formatBytes(line.heapBytes),
    line.peakMemoryBytes === null ? '' : formatBytes(line.peakMemoryBytes),
  ]
}

function isSameCase(a: BenchmarkCase, b: BenchmarkCase): boolean {
  return a.operation === b.operation && a.precision === b.precision && a.size.n === b.size.n && a.size.p === b.size.p
}
