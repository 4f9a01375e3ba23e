/// <reference types="@webgpu/types" />
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import type { Remedy } from '../../../shared/machine.ts'
import type { Tilings } from '../../../shared/tilingTable.ts'
import type { Backend } from './backend.ts'

/** A backend whose training steps a GPU computes, and all else, such as measuring, a backend of this machine. */
export interface WebGpuBackend extends Backend {
  readonly kind: 'webgpu'
  readonly gpu: GPUDevice
  readonly card: string
  /** How the products of a run's steps are cut, where that does not follow from their sizes alone. */
  readonly tilings?: Tilings
}

/** A GPU by Dawn, Chromium's WebGPU. */
export interface WebGpuDevice {
  readonly gpu: GPUDevice
  /** What a user reads: the adapter, its driver, the version of Dawn. */
  readonly description: string
  /** The adapter as its driver calls it, whatever the version of either. */
  readonly card: string
  /** Whether a processor computes what it computes. */
  readonly isSoftware: boolean
}

const packageName = 'webgpu'

/**
 * Opens the fastest GPU that Dawn finds by Vulkan, Direct3D 12 or Metal, with all that it allows of memory. A software
 * driver, which computes on the processor, is refused; with GROKSCOPE_SOFTWARE_GPU=1, which is for tests, it is taken, and
 * says that it is one. Throws BACKEND_UNAVAILABLE with the reason, and what mends it as its detail. This file alone loads
 * Dawn.
 */
export async function loadWebGpu(): Promise<WebGpuDevice> {
  const { dawn, version } = loadDawn([])
  const adapter = await granted('no GPU', dawn.requestAdapter({ powerPreference: 'high-performance' }))
  if (!adapter) throw unavailable('no graphics driver offers a GPU that Dawn can use', drivers[process.platform])
  const { isFallbackAdapter, vendor, device, description } = adapter.info
  const card = `${device} (${vendor})`
  const name = `${card}, ${description.trim()}, Dawn of ${packageName} ${version}`
  if (isFallbackAdapter && process.env['GROKSCOPE_SOFTWARE_GPU'] !== '1') {
    throw unavailable(`only a software driver was found, which computes on the processor: ${name}`)
  }
  const gpu = await openDevice(dawn, adapter)
  const words = isFallbackAdapter ? `software, for tests: ${name}` : name
  return { gpu, description: words, card, isSoftware: isFallbackAdapter }
}

/**
 * Opens Dawn's null device, which needs no driver: it takes every call, and computes nothing. What a program asks of a GPU can be counted on
 * it. Throws BACKEND_UNAVAILABLE where Dawn does not load.
 */
export async function loadNullDevice(): Promise<WebGpuDevice> {
  const { dawn, version } = loadDawn(['backend=null'])
  const adapter = await dawn.requestAdapter()
  if (!adapter) throw unavailable('Dawn has no null device')
  const gpu = await openDevice(dawn, adapter)
  const card = 'Dawn’s null device'
  return { gpu, description: `${card}, Dawn of ${packageName} ${version}`, card, isSoftware: true }
}

/** A device with all that its adapter allows of memory, which says what a dispatch took where it can. */
async function openDevice(dawn: GPU, adapter: GPUAdapter): Promise<GPUDevice> {
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = adapter.limits
  const requiredLimits = { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize }
  const requiredFeatures = (['timestamp-query'] as const).filter((feature) => adapter.features.has(feature))
  const name = `${adapter.info.device} (${adapter.info.vendor})`
  const gpu = await granted(`no access to ${name}`, adapter.requestDevice({ requiredLimits, requiredFeatures }))
  instances.set(gpu, dawn)
  return gpu
}

/** What a driver was asked for. Throws BACKEND_UNAVAILABLE in its words where it refuses that. */
async function granted<T>(refused: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (failure) {
    throw unavailable(`the graphics driver gives ${refused}: ${firstLine(failure)}`, drivers[process.platform])
  }
}

/**
 * Nothing fills the memory of a workgroup with zeros, for our kernels write it before they read it: SwiftShader compiles them
 * twenty times as fast.
 */
const features = 'disable_workgroup_init'

/** What brings a driver. */
const drivers: Partial<Record<NodeJS.Platform, Remedy>> = {
  linux: {
    advice:
      'install your card’s Vulkan driver (NVIDIA: its own, Ubuntu: sudo ubuntu-drivers install; others: mesa-vulkan-drivers)',
  },
  win32: { advice: 'install your card’s driver, with Direct3D 12' },
}

/** Dawn ends what was made by an instance that is no longer held. */
const instances = new WeakMap<GPUDevice, GPU>()

function unavailable(reason: string, remedy?: Remedy): LabError {
  return new LabError('BACKEND_UNAVAILABLE', `WebGPU: ${reason}`, remedy)
}

/** Not `import`, which a bundle would resolve when it is made; the binding itself, as its package lies outside a bundle. */
function loadDawn(flags: readonly string[]): { dawn: GPU; version: string } {
  const require = createRequire(import.meta.url)
  const place = findPackage(require)
  const system = process.platform === 'darwin' ? 'darwin-universal' : `${process.platform}-${process.arch}`
  const binding = join(place, 'dist', system, 'dawn.node')
  if (!existsSync(binding)) throw unavailable(`the package ${packageName} has no build for ${system}`)
  const { version } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as { version: string }
  try {
    const { create, globals } = require(binding) as { create: (flags: string[]) => GPU; globals: object }
    Object.assign(globalThis, globals)
    return { dawn: create([`enable-dawn-features=${features}`, ...flags]), version }
  } catch (failure) {
    const reason = firstLine(failure)
    // What the loader of Linux says where Dawn was built for a newer C or C++ library.
    const isTooOld = /\bGLIBC(XX)?_[\d.]+.* not found/.test(reason)
    throw unavailable(
      `Dawn does not load: ${reason}`,
      isTooOld ? { advice: 'use a newer release of your Linux' } : undefined,
    )
  }
}

function firstLine(failure: unknown): string {
  return (failure instanceof Error ? failure.message : String(failure)).split('\n')[0]!
}

function findPackage(require: NodeJS.Require): string {
  try {
    return dirname(require.resolve(`${packageName}/package.json`))
  } catch {
    throw unavailable(`the package ${packageName} is not installed`, { install: `npm install ${packageName}@0.6.2` })
  }
}

/** Puts a GPU before a backend in float32; both close together. */
export function webGpuBackend(
  { gpu, description, card }: Omit<WebGpuDevice, 'isSoftware'>,
  host: Backend,
): WebGpuBackend {
  return {
    ...host,
    kind: 'webgpu',
    description,
    gpu,
    card,
    close() {
      gpu.destroy()
      host.close()
    },
  }
}

export function isWebGpu(backend: Backend): backend is WebGpuBackend {
  return backend.kind === 'webgpu'
}
