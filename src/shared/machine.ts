import { describeModel } from './models/models.ts'
import type { ExperimentSpec } from './experiment.ts'
import type { Precision } from './specification/limits.ts'

/** What computes training steps on a device, in float32, and nothing else, as it is called in words. */
export const trainingDevices = { tensorflow: 'TensorFlow', webgpu: 'WebGPU' } as const

export type TrainingDevice = keyof typeof trainingDevices

/** What computes on a device, as it is called in words; what does more than train computes in float64. */
export const devices = { ...trainingDevices, cuda: 'CUDA' } as const

export type Device = keyof typeof devices

/** Of one run. */
export const maxThreads = 64

/** Every way of doing the arithmetic; those without a device compute in the precision that they are asked for. */
export const backendKinds = ['plain', 'wasm', 'blas', 'cuda', 'tensorflow', 'webgpu'] as const

export type BackendKind = (typeof backendKinds)[number]

export function isBackendKind(kind: string): kind is BackendKind {
  return (backendKinds as readonly string[]).includes(kind)
}

export function isTrainingDevice(kind: string): kind is TrainingDevice {
  return kind in trainingDevices
}

/** A device computes one run at a time, where it is asked for. */
export function isDeviceKind(kind: string): kind is Device {
  return kind in devices
}

/** What the description of a GPU ends with where it computes many runs at once: its kernels sum in an order of their own. */
export const manyAtOnce = ', many runs at once'

/** Whether a run was computed so: no other arithmetic goes on with it, or repeats it, to the bit. */
export function isOfMany(device: string | undefined): boolean {
  return device?.endsWith(manyAtOnce) ?? false
}

/** What brings a missing part: a command, to be typed as it stands, and in words what else does or what no command can do. */
export interface Remedy {
  readonly install?: string | undefined
  readonly advice?: string | undefined
}

/** One way of doing the arithmetic, as found on this machine. */
export interface BackendDescription {
  kind: BackendKind
  /** Library, version, core type; of a device its name. */
  description: string
  available: boolean
  /** Why it is not available, and what would make it so, as in `Remedy`. */
  reason: string | null
  install: string | null
  advice: string | null
  precisions: Precision[]
  /** Whether runs use it where nothing else is asked for, and why. */
  chosen: boolean
  choice: string | null
  /** Multiply-adds per second of a typical step, where it was measured. */
  multiplyAddsPerSecond: number | null
  /** Of a device: multiply-adds a step from which it is faster than what runs use else. */
  paysFrom?: number
}

/** A device, and the multiply-adds a step from which it pays. */
export interface PayingDevice {
  kind: TrainingDevice
  paysFrom: number
}

/** Why a backend cannot compute the runs of a specification as it stands, naming the field; null where it can. */
export function whyNotComputed(spec: ExperimentSpec, kind: BackendKind): string | null {
  if (isTrainingDevice(kind)) return whyNotTrained(spec, kind)
  if (kind !== 'cuda' || 'study' in spec || spec.precision === 'float64') return null
  return `precision: "${spec.precision}" is not allowed with ${devices.cuda}, which computes in "float64"`
}

/**
 * Why a device that trains cannot compute the runs of a specification. Such devices train two layers in float32, and
 * nothing else.
 */
function whyNotTrained(spec: ExperimentSpec, kind: TrainingDevice): string | null {
  const device = trainingDevices[kind]
  if ('study' in spec) return `study: ${device} trains networks, and computes no study`
  const { dynamics, network, precision } = spec
  const refused = (field: string, value: string, what: string) =>
    `${field}: "${value}" is not allowed with ${device}, which ${what}`
  if (dynamics.kind !== 'training') return refused('dynamics.kind', dynamics.kind, 'computes "training" only')
  if (!describeModel(network).isTwoLayers) return `network: ${device} trains two layers`
  return precision === 'float32' ? null : refused('precision', precision, 'computes in "float32"')
}

/** The devices that were found and would train what a specification says, in float32, and the size from which each pays. */
export function payingDevices(spec: ExperimentSpec, backends: readonly BackendDescription[]): PayingDevice[] {
  const inFloat32: ExperimentSpec = 'study' in spec ? spec : { ...spec, precision: 'float32' }
  return backends.flatMap(({ kind, available, paysFrom }) =>
    available && isTrainingDevice(kind) && paysFrom !== undefined && whyNotTrained(inFloat32, kind) === null
      ? [{ kind, paysFrom }]
      : [],
  )
}

/** What TensorFlow needs, in the order in which it is looked for. */
export type TensorFlowPart = 'platform' | 'package' | 'library' | 'binding' | 'driver' | 'card' | 'cuda' | 'device'

/** What was found of a device: its name and the seconds of a step, or why it cannot be used and what mends that. */
export type DeviceDescription =
  { available: true; device: string; seconds: number } | ({ available: false; reason: string } & Remedy)

/** What was found of TensorFlow, and the part that is missing; `place` is the folder of its package. */
export type TensorFlowDescription = DeviceDescription & { part?: TensorFlowPart; place?: string }

export interface MachineDescription {
  grokscope: string
  runtime: string
  platform: string
  processor: string
  cores: number
  memoryBytes: number
  freeMemoryBytes: number
  archivePath: string
  archiveBytes: number
  backends: BackendDescription[]
  /** Multiply-adds per second of one run, measured; what estimates are made from. */
  multiplyAddsPerSecond: number | null
  slots: number
}

/** One line of the one-minute benchmark: an operation of a backend, timed. */
export interface BackendTiming {
  backend: string
  threads: number
  precision: Precision
  operation: string
  /** Milliseconds, median. */
  milliseconds: number
  gigaflops: number
}
