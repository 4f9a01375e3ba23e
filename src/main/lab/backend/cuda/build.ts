import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import koffi from 'koffi'
import { libraryFolders } from './findCudaLibraries.ts'
import { kernelSource } from './kernelSource.ts'

/*
 * Prints what is kernels.json: the kernels, compiled by NVRTC, which needs no card, to PTX for the oldest capability, which every
 * driver from version 525 on compiles for its card. GROKSCOPE_CUDA names a folder with NVRTC of CUDA 12.0, whose PTX they all read
 * (pip download nvidia-cuda-nvrtc-cu12==12.0.*). With PTXAS, the path of NVIDIA's assembler, it is assembled for every
 * capability from then on.
 */
const target = 'compute_60'
const capabilities = [60, 70, 75, 80, 86, 89, 90, 100, 120]
const options = [`--gpu-architecture=${target}`, '--std=c++17', '--fmad=false']

const folder = libraryFolders(process.env).find((each) => existsSync(join(each, 'libnvrtc.so.12')))
if (!folder) throw new Error('libnvrtc.so.12 was not found: name its folder in GROKSCOPE_CUDA')
// NVRTC opens its other half by name alone.
koffi.load(join(folder, 'libnvrtc-builtins.so.12.0'))
const nvrtc = koffi.load(join(folder, 'libnvrtc.so.12'))
const call = (symbol: string, parameters: string) =>
  nvrtc.func(`int ${symbol}(${parameters})`) as (...values: unknown[]) => number

const version = [new Int32Array(1), new Int32Array(1)] as const
call('nvrtcVersion', 'void *major, void *minor')(...version)
const program = new BigUint64Array(1)
const create = call(
  'nvrtcCreateProgram',
  'void *p, const char *source, const char *name, int n, void *headers, void *names',
)
create(program, kernelSource, 'kernels.cu', 0, null, null)
const compile = call('nvrtcCompileProgram', 'uint64_t p, int n, const char **options')
if (compile(program[0], options.length, options) !== 0) throw new Error(textOf('ProgramLog'))
const ptx = textOf('PTX')
const source = createHash('sha256').update(kernelSource).digest('hex')
const kernels = { nvrtc: version.map(([part]) => part).join('.'), options, source, ptx: ptx.split('\n') }
process.stdout.write(`${JSON.stringify(kernels, null, 2)}\n`)

const assembler = process.env['PTXAS']
for (const capability of assembler ? capabilities : []) {
  const output = ['--output-file', join(tmpdir(), `kernels.sm_${capability}.cubin`)]
  execFileSync(assembler!, ['--gpu-name', `sm_${capability}`, '--warn-on-spills', ...output, '-'], { input: ptx })
  process.stderr.write(`assembled for sm_${capability}\n`)
}

function textOf(what: 'PTX' | 'ProgramLog'): string {
  const length = new BigUint64Array(1)
  call(`nvrtcGet${what}Size`, 'uint64_t p, void *size')(program[0], length)
  const text = Buffer.alloc(Number(length[0]))
  call(`nvrtcGet${what}`, 'uint64_t p, void *text')(program[0], text)
  return text.toString('latin1').replace(/\0.*$/s, '')
}
