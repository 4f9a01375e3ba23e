import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import koffi from 'koffi'
import { findBlasLibraries } from '../../../src/main/lab/backend/blas/findBlasLibraries.ts'
import { cudaBackend, type CudaBackend } from '../../../src/main/lab/backend/cuda/cudaBackend.ts'
import { kernelSource } from '../../../src/main/lab/backend/cuda/kernelSource.ts'
import { loadCuda } from '../../../src/main/lab/backend/cuda/loadCuda.ts'

const here = import.meta.dirname
const cache = join(here, '../../../node_modules/.cache/cuda-stub')

/** The folder of a stand-in for CUDA whose kernels are of a source, compiled where it is not yet. */
function compiled(source: string, openblas: string): string {
  const parts = ['stub.cpp', 'threads.cpp', 'threads.h'].map((file) => readFileSync(join(here, file), 'utf8'))
  const key = createHash('sha256')
    .update([source, ...parts, openblas].join('\0'))
    .digest('hex')
    .slice(0, 16)
  const folder = join(cache, key)
  if (existsSync(folder)) return folder
  const draft = `${folder}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  for (const file of ['stub.cpp', 'threads.cpp', 'threads.h']) copyFileSync(join(here, file), join(draft, file))
  writeFileSync(join(draft, 'kernels.cu'), source)
  const kernels = [...source.matchAll(/__global__ void (\w+)\([^{]*\{([^]*?)\n\}/g)]
  const entries = kernels.map(
    ([, name, body]) => `KERNEL(${name!}, ${/__syncthreads|sumOfBlock/.test(body!) ? 'true' : 'false'})`,
  )
  writeFileSync(join(draft, 'kernels.inc'), `${entries.join('\n')}\n`)
  const flags = ['-O2', '-std=c++17', '-fPIC', '-shared', '-w', '-ffp-contract=off']
  execFileSync('g++', [...flags, 'stub.cpp', 'threads.cpp', '-o', 'libcuda.so.1', openblas], { cwd: draft })
  for (const name of ['libcublas.so.12', 'libcusolver.so.11']) symlinkSync('libcuda.so.1', join(draft, name))
  try {
    renameSync(draft, folder)
  } catch {
    // Files side by side may do it at once.
    rmSync(draft, { recursive: true })
  }
  return folder
}

function whyNot(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it is for Linux on x64'
  if (!openblas) return 'OpenBLAS is missing'
  try {
    execFileSync('g++', ['--version'], { stdio: 'ignore' })
  } catch {
    return 'g++ is missing'
  }
  return undefined
}

const openblas = findBlasLibraries().find(({ path }) => /openblas/.test(path))?.path

/** Why there is no stand-in for CUDA here; undefined where there is one. */
export const whyNoStub = whyNot()

/** Has this process and those that it starts find a stand-in for CUDA with these kernels; its folder. */
export function provideStub(source = kernelSource): string {
  const folder = compiled(source, openblas!)
  Object.assign(process.env, { GROKSCOPE_CUDA_STUB: '1', GROKSCOPE_CUDA: folder })
  return folder
}

export async function backendOnStub(): Promise<CudaBackend> {
  return cudaBackend(await loadCuda(), 'float64')
}

/** How often this process has called a function of the stand-in. */
export function stubCalls(folder: string, name: string): number {
  return Number(koffi.load(join(folder, 'libcuda.so.1')).func('grokscopeStubCalls', 'int64_t', ['str'])(name))
}
