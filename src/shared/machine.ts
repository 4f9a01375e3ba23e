import type { ExperimentSpec, Precision } from './experiment.ts'

/** One way of doing the arithmetic, as found on this machine. */
export interface BackendDescription {
  kind: 'plain' | 'wasm' | 'blas' | 'tensorflow'
  /** Library, version, core type; for TensorFlow the device. */
  description: string
  available: boolean
  /** Why it is not available, and what would make it so. */
  reason: string | null
  install: string | null
  precisions: Precision[]
  /** Whether runs use it where nothing else is asked for, and why. */
  chosen: boolean
  choice: string | null
  /** Multiply-adds per second of a typical step, where it was measured. */
  multiplyAddsPerSecond: number | null
  /** Of a device: multiply-adds a step from which it is faster than what runs use else. */
  paysFrom?: number
}

/**
 * Multiply-adds a step from which TensorFlow pays for runs of a specification; null where it was not found, or where it
 * cannot compute them, as it trains layers without biases alone.
 */
export function tensorflowPaysFrom(spec: ExperimentSpec, backends: readonly BackendDescription[]): number | null {
  if ('study' in spec || spec.dynamics.kind !== 'training' || spec.network.biases) return null
  return backends.find(({ kind, available }) => kind === 'tensorflow' && available)?.paysFrom ?? null
}

/** What TensorFlow needs, in the order in which it is looked for. */
export type TensorFlowPart = 'platform' | 'package' | 'library' | 'binding' | 'driver' | 'card' | 'cuda' | 'device'

/** What was found of TensorFlow: its device and the seconds of a step, or the part that is missing and what brings it. */
export type TensorFlowDescription =
  | { available: true; device: string; seconds: number }
  /** `place` is the folder of its package. */
  | { available: false; reason: string; part?: TensorFlowPart; place?: string; install?: string }

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
