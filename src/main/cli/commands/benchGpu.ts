import type { GpuCase, ProblemSize } from '../../../shared/benchmark.ts'
import { formatBytes, formatNumber } from '../../../shared/formatting/formatNumber.ts'
import { printable } from '../../../shared/printable.ts'
import { gpuBenchmarkHere } from '../../services/benchmarkHere.ts'
import { torchForms, type GpuBenchmark, type GpuBenchmarkLine, type TorchForm } from '../../services/gpuBenchmark.ts'
import { table } from '../text.ts'

const sizes: readonly ProblemSize[] = [
  { p: 11, hidden: 128, n: 46 },
  { p: 37, hidden: 512, n: 492 },
  { p: 113, hidden: 2048, n: 4509 },
]
const methods: readonly Omit<GpuCase, 'size'>[] = [
  { optimizer: 'gradientDescent', loss: 'meanSquaredError' },
  { optimizer: 'adamw', loss: 'crossEntropy' },
]
const forms = Object.keys(torchForms) as TorchForm[]

/** `grokscope bench gpu`: a step of training on the GPU of this machine, and by PyTorch; what was found, for a file. */
export async function benchGpu(options: { quick?: boolean; json?: boolean }): Promise<GpuBenchmark> {
  const chosen = options.quick ? sizes.slice(0, 2) : sizes
  const found = await gpuBenchmarkHere({
    cases: chosen.flatMap((size) => methods.map((method) => ({ size, ...method }))),
    rounds: 3,
    onLine: (line) => {
      if (options.json) process.stdout.write(`${JSON.stringify(line)}\n`)
      else process.stderr.write(`${describe(line).slice(0, 4).join('  ')}\n`)
    },
  })
  if (options.json) for (const reason of found.missing) process.stderr.write(`${printable(`not here: ${reason}`)}\n`)
  else process.stdout.write(`\n${report(found)}\n`)
  return found
}

function report({ lines, torchDevice, missing }: GpuBenchmark): string {
  const device = lines.find(({ gpu }) => gpu)?.gpu?.device
  const heads = [
    'p, d_h, n',
    'step',
    'µs',
    'host µs',
    'dispatches',
    'submits',
    'allocated',
    'compiled',
    ...Object.values(torchForms),
    'of its fastest',
  ]
  const columns = heads.map((_, i) => i < 2 || lines.some((line) => describe(line)[i] !== ''))
  const shown = (row: string[]) => row.filter((_, i) => columns[i])
  return [
    device === undefined
      ? `No GPU was timed. Counts are of one step, and host µs the processor time for it, where nothing is computed: ${lines[0]!.counts.device}.`
      : `GPU: ${device}. Times are medians, of one step; host µs is processor time.`,
    ...(torchDevice === null ? [] : [`${torchDevice}; TF32 off; microseconds`]),
    ...missing.map((reason) => `not here: ${reason}`),
    '',
    table([heads, ...lines.map(describe)].map(shown)),
  ]
    .map((line) => line.split('\n').map(printable).join('\n'))
    .join('\n')
}

function describe({ case: { size, optimizer, loss }, counts, gpu, torch }: GpuBenchmarkLine): string[] {
  const microseconds = (value: number | undefined) => (value === undefined ? '' : formatNumber(value, 3))
  const peers = forms.map((form) => torch[form])
  const fastest = Math.min(...peers.filter((value) => value !== undefined))
  return [
    `${size.p}, ${size.hidden}, ${size.n}`,
    `${optimizer}, ${loss}`,
    microseconds(gpu?.microseconds),
    microseconds((gpu ?? counts).hostMicroseconds),
    formatNumber(counts.dispatches, 3),
    `1 in ${formatNumber(1 / counts.submits, 3)}`,
    formatBytes(counts.allocatedBytes),
    gpu ? `${formatNumber(gpu.compileSeconds, 3)} s` : '',
    ...peers.map(microseconds),
    gpu && Number.isFinite(fastest) ? formatNumber(gpu.microseconds / fastest, 3) : '',
  ]
}
