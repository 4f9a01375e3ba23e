import type { ErrorRecord } from '../../shared/errors.ts'

/**
 * What the process of the GPU is asked: what a sweep would come to there, or to compute it in a folder, which it makes of a specification;
 * its runs say for what reason.
 */
export type GpuRequest = { kind: 'plan'; spec: unknown } | { kind: 'run'; path: string; reason: string; spec?: unknown }

export type ToGpu = { type: 'ask'; request: GpuRequest } | { type: 'stop' }

export type FromGpu =
  | { type: 'progress'; ended: number; of: number }
  | { type: 'answer'; answer: GpuForecast | GpuGo }
  | { type: 'refused'; error: ErrorRecord }

/** What a sweep would come to on a GPU. */
export interface GpuForecast {
  device: string
  /** Groups of runs of one shape, which it computes one after the other. */
  batches: number
  /** A step of one run among the others of the largest batch, with what is recorded; and alone on one core by WebAssembly. */
  secondsPerRunStep: number
  coreSecondsPerRunStep: number
  /** Of all steps of all runs, on the GPU. */
  seconds: number
}

/** What one go at a sweep on a GPU came to. */
export interface GpuGo {
  /** Runs that were computed to their end. */
  ended: number
  /** Why others were not, by their keys. */
  problems: Map<string, ErrorRecord>
  /** What became of the device, where that ended it. */
  lost?: ErrorRecord
  /** What all runs together took, and in how many steps. */
  seconds: number
  runSteps: number
}
