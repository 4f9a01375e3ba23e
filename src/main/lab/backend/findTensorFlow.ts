import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Remedy, TensorFlowPart } from '../../../shared/machine.ts'
import { quote } from '../../../shared/quote.ts'

/** The first part that is missing, why, and what brings it. */
export interface MissingPart extends Remedy {
  readonly part: TensorFlowPart
  readonly reason: string
}

/** A GPU as NVIDIA's driver describes it. */
export interface Gpu {
  readonly name: string
  /** Compute capability, such as 9 for sm_90. */
  readonly capability: number
}

/** What was found of TensorFlow on this machine, before anything of it is loaded. */
export type TensorFlowParts =
  | { missing: MissingPart; place?: string }
  /** Without a GPU it may be loaded all the same, for tests. */
  | { missing?: never; place: string; gpu: Gpu | undefined }

export const packageName = '@tensorflow/tfjs-node-gpu'
/** In a packed program nobody runs npm. */
const isPacked = /[\\/](terminal|app\.asar)[\\/]out[\\/]/.test(import.meta.filename)
export const installation = isPacked ? 'grokscope install-tensorflow' : 'npm run gpu:tensorflow'

/**
 * Looks for the parts of TensorFlow that can be seen from outside, in their order: platform, package, library, binding,
 * driver, a card that the library has code for; with GROKSCOPE_TENSORFLOW_CPU=1, which is for tests, a processor does for
 * the last two. The folder that GROKSCOPE_TENSORFLOW names, where an installation of one's own lies, comes before the
 * program's own packages.
 */
export async function findTensorFlow(): Promise<TensorFlowParts> {
  const { platform, arch } = process
  if (arch !== 'x64' || (platform !== 'linux' && platform !== 'win32')) {
    const reason = `it computes on GPUs under Linux and Windows on x64 only; this is ${platform} ${arch}`
    return { missing: { part: 'platform', reason } }
  }
  const admitsProcessor = process.env['GROKSCOPE_TENSORFLOW_CPU'] === '1'
  const gpu = admitsProcessor ? undefined : await describeGpu()
  const noDriver = 'no NVIDIA driver answers: nvidia-smi names no card'
  /** Whoever is about to fetch it shall know. */
  const besides = gpu || admitsProcessor ? '' : `; and ${noDriver}`
  const place = findPackage()
  if (!place) {
    const folder = process.env['GROKSCOPE_TENSORFLOW']
    const elsewhere = folder ? `, with Grokscope or in ${quote(folder)} (GROKSCOPE_TENSORFLOW)` : ''
    return { missing: missing('package', `the package ${packageName} is not installed${elsewhere}${besides}`) }
  }
  if (!libraryNames.some((name) => existsSync(join(place, 'deps/lib', name)))) {
    const reason = `the package ${packageName} has no library: ${libraryNames.join(' or ')} is not in its deps/lib`
    return { place, missing: missing('library', `${reason}${besides}`) }
  }
  if (!existsSync(bindingOf(place))) {
    return { place, missing: missing('binding', `the package ${packageName} has no binding: no ${bindingOf('')}`) }
  }
  if (admitsProcessor) return { place, gpu: undefined }
  if (!gpu) {
    const advice = 'install NVIDIA’s driver (Ubuntu: sudo ubuntu-drivers install)'
    return { place, missing: { part: 'driver', reason: noDriver, advice } }
  }
  if (gpu.capability < firstWithoutCode) return { place, gpu }
  const reason = `${gpu.name} has compute capability ${gpu.capability}; TensorFlow has no code for ${firstWithoutCode} and above`
  return { place, missing: { part: 'card', reason } }
}

/** Blackwell: libraries up to 2.21 have only PTX for it, which its drivers refuse. */
const firstWithoutCode = 10

/** Where the binding of a package lies: 8 is the newest Node-API that it knows. */
function bindingOf(place: string): string {
  return join(place, 'lib/napi-v8/tfjs_binding.node')
}

/** Those of a Python wheel, of Google's C archive, and of Windows. */
const libraryNames = process.platform === 'win32' ? ['tensorflow.dll'] : ['libtensorflow_cc.so.2', 'libtensorflow.so.2']

function missing(part: TensorFlowPart, reason: string): MissingPart {
  return { part, reason, install: installation }
}

function findPackage(): string | undefined {
  const folder = process.env['GROKSCOPE_TENSORFLOW']
  for (const start of [...(folder ? [join(folder, 'package.json')] : []), import.meta.url]) {
    try {
      return dirname(createRequire(start).resolve(`${packageName}/package.json`))
    } catch {
      // The next place may have it.
    }
  }
  return undefined
}

/** The first GPU that NVIDIA's driver names; undefined where there is no driver. */
function describeGpu(): Promise<Gpu | undefined> {
  const query = ['--query-gpu=name,compute_cap', '--format=csv,noheader,nounits']
  return new Promise((resolve) => {
    execFile('nvidia-smi', query, { timeout: 5000 }, (failure, output) => {
      const [, name, capability] = /^(.+), (\d+\.\d+)$/m.exec(output) ?? []
      resolve(failure || !name ? undefined : { name, capability: Number(capability) })
    })
  })
}

/** The CUDA that a version of TensorFlow opens, as its releases were built. */
export function cudaOf(version: string): string {
  const minor = minorOf(version)
  if (minor >= 18) return 'CUDA 12 and cuDNN 9'
  if (minor >= 15) return 'CUDA 12 and cuDNN 8'
  return 'CUDA 11 and cuDNN 8'
}

/** Whether a library has code for a card as it is; else it compiles its own at the first use, for minutes. */
export function hasCodeFor(version: string, { capability }: Gpu): boolean {
  return capability < 9 || minorOf(version) >= 16
}

function minorOf(version: string): number {
  return Number(/^2\.(\d+)/.exec(version)?.[1])
}
