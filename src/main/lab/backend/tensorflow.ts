import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import util from 'node:util'
import { LabError } from '../../../shared/errors.ts'
import type { Backend } from './backend.ts'

export type { Scalar, Tensor2D } from '@tensorflow/tfjs-core'
/** The operations of TensorFlow.js, by whatever backend of its own they are computed. */
export type TensorFlow = typeof import('@tensorflow/tfjs-core')

/** A backend whose training steps TensorFlow computes, and all else, such as measuring, a backend of this machine. */
export interface TensorFlowBackend extends Backend {
  readonly kind: 'tensorflow'
  readonly tf: TensorFlow
}

/** TensorFlow on a device it computes on. */
export interface TensorFlowDevice {
  readonly tf: TensorFlow
  /** What a user reads: the library, its version, the device. */
  readonly description: string
}

/** What was found of TensorFlow on this machine. */
export interface TensorFlowDescription {
  available: boolean
  device?: string
  memoryBytes?: number
  /** Why it is not available, and the command that makes it so where one does. */
  reason?: string
  install?: string
}

interface NativePackage extends TensorFlow {
  version: TensorFlow['version_core'] | Record<string, string>
}

const packageName = '@tensorflow/tfjs-node-gpu'
/** A packed program cannot be added to: there it is found in the folders that NODE_PATH names. */
const isPacked = /[\\/](terminal|app\.asar)[\\/]out[\\/]/.test(import.meta.filename)
const installation = isPacked
  ? `npm install --prefix FOLDER --foreground-scripts ${packageName}, and NODE_PATH=FOLDER/node_modules when Grokscope starts`
  : `npm install --no-save --foreground-scripts ${packageName}`
const rebuilding = `npm rebuild ${isPacked ? '--prefix FOLDER ' : ''}${packageName} --foreground-scripts`

/**
 * Loads the native TensorFlow with GPU support, an optional dependency, and makes sure that it computes on a GPU, in true
 * float32 (not the shortened TF32 products). Throws BACKEND_UNAVAILABLE with the reason, and with the command that
 * installs it as `detail.install`. This file alone loads TensorFlow.
 */
export async function loadTensorFlow(
  // Not `import`, which does not know NODE_PATH.
  importPackage: () => Promise<unknown> = async () => createRequire(import.meta.url)(packageName) as unknown,
): Promise<TensorFlowDevice> {
  prepareEnvironment()
  let tf: NativePackage
  try {
    const loaded = (await importPackage()) as { default?: NativePackage } & NativePackage
    tf = loaded.default ?? loaded
  } catch (failure) {
    const { reason, install } = explain(failure)
    throw new LabError('BACKEND_UNAVAILABLE', `TensorFlow: ${reason}`, { reason, install })
  }
  const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean }
  if (isUsingGpuDevice !== true) {
    const reason = 'it found no GPU that it can use; it needs an NVIDIA GPU with CUDA 11 and cuDNN 8'
    throw new LabError('BACKEND_UNAVAILABLE', `TensorFlow: ${reason}`, { reason })
  }
  const gpu = await describeGpu()
  return { tf, description: [`TensorFlow.js ${tf.version_core}`, gpu?.name ?? 'GPU'].join(', ') }
}

/** Puts TensorFlow before a backend in float32, which closes with it. */
export function tensorflowBackend({ tf, description }: TensorFlowDevice, host: Backend): TensorFlowBackend {
  return { ...host, kind: 'tensorflow', description, tf }
}

export function isTensorFlow(backend: Backend): backend is TensorFlowBackend {
  return backend.kind === 'tensorflow'
}

/** Whether TensorFlow can be used here: its device and memory, or why not and the command that installs it. */
export async function describeTensorFlow(load = loadTensorFlow): Promise<TensorFlowDescription> {
  try {
    const { description } = await load()
    const gpu = await describeGpu()
    return { available: true, device: description, ...(gpu && { memoryBytes: gpu.memoryBytes }) }
  } catch (failure) {
    if (!(failure instanceof LabError)) throw failure
    return { available: false, ...(failure.detail as { reason: string; install?: string }) }
  }
}

/** What the native package reads when it loads. The two functions were taken out of Node 23, and it calls them still. */
function prepareEnvironment(): void {
  const legacy = util as unknown as Record<string, (value: unknown) => boolean>
  legacy['isNullOrUndefined'] ??= (value) => value === null || value === undefined
  legacy['isArray'] ??= Array.isArray
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0'
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
}

function explain(failure: unknown): { reason: string; install: string } {
  const { code, message } = failure as NodeJS.ErrnoException
  const [firstLine] = String(message ?? failure).split('\n')
  if ((code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && message.includes(packageName)) {
    return { reason: `the package ${packageName} is not installed`, install: installation }
  }
  return { reason: `the package ${packageName} does not load: ${firstLine}`, install: rebuilding }
}

/** The first GPU as the NVIDIA driver names it; undefined where there is no driver. */
function describeGpu(): Promise<{ name: string; memoryBytes: number } | undefined> {
  const query = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits']
  return new Promise((resolve) => {
    execFile('nvidia-smi', query, { timeout: 5000 }, (failure, output) => {
      const found = /^(.+), (\d+)$/m.exec(output)
      resolve(failure || !found ? undefined : { name: found[1]!, memoryBytes: Number(found[2]) * 2 ** 20 })
    })
  })
}
