import { createRequire } from 'node:module'
import util from 'node:util'
import { LabError } from '../../../shared/errors.ts'
import type { Backend } from './backend.ts'
import { cudaOf, findTensorFlow, hasCodeFor, installation, packageName, type MissingPart } from './findTensorFlow.ts'

export type { Tensor2D } from '@tensorflow/tfjs-core'
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

/** What the native package tells of the library under it. */
interface NativeKernels {
  readonly isUsingGpuDevice: boolean
  /** Whatever lies where the package looks for it. */
  readonly binding: { readonly TF_Version?: string } | undefined
}

const foreignBinding: MissingPart = {
  part: 'binding',
  reason: `the package ${packageName} has a binding that is not TensorFlow.js’s: it tells no TF_Version`,
  install: installation,
}

/**
 * Loads the native TensorFlow with GPU support, an optional dependency, and makes sure that it computes on a GPU, in true
 * float32 (not the shortened TF32 products); where tests admit a processor, it says that it is one. Throws
 * BACKEND_UNAVAILABLE with the first part that is missing, and what brings it as its detail. This file alone loads
 * TensorFlow.
 */
export async function loadTensorFlow(): Promise<TensorFlowDevice> {
  const found = await findTensorFlow()
  if (found.missing) throw unavailable(found.missing)
  const { place, gpu } = found
  prepareEnvironment()
  const tf = load(place)
  const { isUsingGpuDevice, binding } = tf.backend() as unknown as NativeKernels
  const version = binding?.TF_Version
  if (version === undefined) throw unavailable(foreignBinding)
  const libraries = `TensorFlow ${version}, TensorFlow.js ${tf.version_core}`
  if (gpu && isUsingGpuDevice) {
    const compiling = hasCodeFor(version, gpu) ? '' : ', for which it compiles its code at first use, for minutes'
    return { tf, description: `${gpu.name}, ${libraries}${compiling}` }
  }
  if (!gpu && !isUsingGpuDevice) return { tf, description: `processor only, for tests: ${libraries}` }
  throw unavailable({
    part: 'device',
    reason: `TensorFlow ${version} found no GPU that it can use; it opens ${cudaOf(version)}`,
    install: installation,
  })
}

function unavailable(missing: MissingPart): LabError {
  return new LabError('BACKEND_UNAVAILABLE', `TensorFlow: ${missing.reason}`, missing)
}

/** Not `import`, which a bundle would resolve when it is made. */
function load(place: string): TensorFlow {
  try {
    return createRequire(import.meta.url)(place) as TensorFlow
  } catch (failure) {
    const [firstLine] = (failure instanceof Error ? failure.message : String(failure)).split('\n')
    throw unavailable({
      part: 'binding',
      reason: `the package ${packageName} does not load: ${firstLine}`,
      install: installation,
    })
  }
}

/** Puts TensorFlow before a backend in float32, which closes with it. */
export function tensorflowBackend({ tf, description }: TensorFlowDevice, host: Backend): TensorFlowBackend {
  return { ...host, kind: 'tensorflow', description, tf }
}

export function isTensorFlow(backend: Backend): backend is TensorFlowBackend {
  return backend.kind === 'tensorflow'
}

/**
 * What the native package reads when it loads. Of two functions that it calls, Node 23 has dropped one and Node 24 warns
 * of the other.
 */
function prepareEnvironment(): void {
  const legacy = util as unknown as Record<string, (value: unknown) => boolean>
  legacy['isNullOrUndefined'] ??= (value) => value === null || value === undefined
  legacy['isArray'] = Array.isArray
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0'
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
}
