import { freemem, totalmem } from 'node:os'
import { LabError } from '../../shared/errors.ts'
import { estimateCost } from '../../shared/estimate.ts'
import type { ExperimentSpec, RunSpec } from '../../shared/experiment.ts'
import { isDeviceKind } from '../../shared/machine.ts'
import type { BackendRequest } from '../engine/messages.ts'
import { formatBytes } from '../../shared/formatting/formatNumber.ts'

/** A run that is active already. */
export interface ActiveMemory {
  memoryBytes: number
  /** Whether the run has the memory already, so that what is free lacks it. */
  isHeld: boolean
}

export interface MemoryOptions {
  /** How many runs are computed at once, at most. */
  atOnce: number
  active?: readonly ActiveMemory[]
  availableBytes?: number
}

/**
 * Refuses specifications whose runs would hold more bytes than this machine has left: the largest of all that may be
 * computed at once, those that are active among them. Throws OUT_OF_MEMORY.
 */
export function requireMemory(specs: readonly (ExperimentSpec | RunSpec)[], options: MemoryOptions): void {
  const { atOnce, active = [], availableBytes = availableMemory() } = options
  const added = specs.flatMap((spec) => Array<number>(runsOf(spec)).fill(memoryOf(spec)))
  const before = active.map(({ memoryBytes }) => memoryBytes)
  const needed = sumOfLargest([...added, ...before], atOnce)
  const had = active.reduce((sum, { memoryBytes, isHeld }) => sum + (isHeld ? memoryBytes : 0), 0)
  // Runs that were accepted before are not asked again because of ones that add nothing to them.
  if (needed <= availableBytes + had || needed === sumOfLargest(before, atOnce)) return
  const count = Math.min(atOnce, added.length + before.length)
  const what =
    count === 1
      ? `a run of this specification holds ${formatBytes(needed)}`
      : `${count} runs are computed at once and hold ${formatBytes(needed)}, one of these ${formatBytes(Math.max(...added))}`
  const rest = had > 0 ? ` beside the ${formatBytes(had)} that runs hold already` : ''
  throw new LabError('OUT_OF_MEMORY', `${what}; this machine has ${formatBytes(availableBytes)} free${rest}`)
}

/** Bytes of matrices that one run holds. */
export function memoryOf(spec: ExperimentSpec | RunSpec): number {
  return estimateCost(spec, 1).memoryBytes
}

/** Runs that so many slots compute at once: one of those on a device, and of others as many as have their threads. */
export function runsAtOnce(slots: number, { kind, threads = 1 }: BackendRequest): number {
  return isDeviceKind(kind) ? 1 : Math.max(1, Math.floor(slots / threads))
}

function runsOf(spec: ExperimentSpec | RunSpec): number {
  return 'seeds' in spec ? spec.seeds.length : 1
}

function sumOfLargest(sizes: readonly number[], count: number): number {
  const largest = sizes.toSorted((a, b) => b - a).slice(0, count)
  return largest.reduce((sum, size) => sum + size, 0)
}

/** macOS counts as used what it keeps of files, and gives it up when asked: half of all is taken to be obtainable. */
function availableMemory(): number {
  return process.platform === 'darwin' ? Math.max(freemem(), totalmem() / 2) : freemem()
}
