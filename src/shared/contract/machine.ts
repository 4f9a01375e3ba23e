import { z } from 'zod'
import type { BackendTiming, MachineDescription } from '../machine.ts'
import type { RunSummary } from '../run.ts'
import { computation, maxWatched, runId, runIds } from './inputs.ts'

/** Where in the queue runs are put: before or behind all others, or before another one that waits. */
const queuePlace = z.union([z.literal(['first', 'last']), z.strictObject({ before: runId })])
export type QueuePlace = z.output<typeof queuePlace>

/** Of the machine, and of what it computes and what waits for it. */
export const machineRequests = {
  'machine.describe': z.strictObject({}),
  'machine.benchmark': z.strictObject({ computation: computation.optional() }),
  /** What is computed and what waits, in the order in which it begins. */
  'queue.show': z.strictObject({ limit: z.int().min(0).max(maxWatched).default(200) }),
  'queue.move': z.strictObject({ runIds, to: queuePlace }),
  'queue.hold': z.strictObject({ hold: z.boolean() }),
} as const

/** The runs of a host that have not ended, but for those of sweeps, which have queues of their own. */
export interface RunQueue {
  /** Whether all of it is paused. */
  isHeld: boolean
  /** How many runs are left of the sweeps that the host computes beside it, held or not. */
  sweepRuns: number
  slots: number
  running: QueuedRun[]
  /** The first of those that wait. */
  waiting: QueuedRun[]
  /** How many wait. */
  total: number
}

export interface QueuedRun {
  run: RunSummary
  /** Until it begins, 0 where it has begun; null where that is not foreseen. */
  startsInSeconds: number | null
  /** Until it ends; null where that is not foreseen. */
  endsInSeconds: number | null
}

export interface MachineResponses {
  'machine.describe': MachineDescription
  'machine.benchmark': BackendTiming[]
  'queue.show': RunQueue
  'queue.move': null
  'queue.hold': null
}

export interface MachineEvents {
  'machine.load': { running: number; queued: number; slots: number }
}
