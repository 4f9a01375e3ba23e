import { estimateCost, problemSize } from '../../shared/estimate.ts'
import { precisionOf, toRunSpec, type ExperimentSpec } from '../../shared/experiment.ts'
import type { BackendKind } from '../../shared/machine.ts'
import type { BackendRequest, BackendSelection, ChoiceRequest } from '../engine/messages.ts'
import { evenThreads } from '../engine/host/availableSlots.ts'
import type { Caller } from '../engine/host/caller.ts'

/** How fast this machine computes runs, found by computing some of each sort for a moment. */
export interface SpeedService {
  /**
   * Multiply-adds a second of runs like this one, its measuring included, on what the host chooses, where so many start together that share the
   * threads, its seeds unless told; null until one was timed.
   */
  known(spec: ExperimentSpec, together?: number): number | null
  /** The same on any backend, timed where it is not known yet; null where a single step would take too long for that, or cannot be taken. */
  measure(spec: ExperimentSpec, asked?: BackendKind, together?: number): Promise<number | null>
}

export interface SpeedServiceOptions {
  caller: Caller
  choose(request: ChoiceRequest): Promise<BackendSelection>
  backend: ChoiceRequest['backend']
  /** How many runs share the processors. */
  slots: number
  cacheFolder: string | undefined
}

export function createSpeedService({ caller, choose, backend, slots, cacheFolder }: SpeedServiceOptions): SpeedService {
  const rates = new Map<string, number>()
  const measuring = new Map<string, Promise<number | null>>()

  async function time(spec: ExperimentSpec, kind: BackendRequest['kind'], together: number): Promise<number | null> {
    // As a run among others has it: those that are computed at once share the threads.
    const threads = backend.threads ?? (together > 1 ? evenThreads(slots, together) : undefined)
    const selection = await choose({
      backend: { kind, ...(threads === undefined ? {} : { threads }) },
      size: problemSize(spec),
      multiplyAddsPerStep: estimateCost(spec, null).multiplyAddsPerStep,
      precision: precisionOf(spec),
      maxThreads: slots,
      cacheFolder,
    })
    const seconds = await caller.call('run.time', { spec: toRunSpec(spec, spec.seeds[0] ?? 0), backend: selection })
    if (seconds === null) return null
    // What is timed begins after the start.
    const { seconds: all, multiplyAddsAtStart, steps } = estimateCost(spec, 1)
    return (all! - multiplyAddsAtStart) / steps / seconds
  }

  return {
    known: (spec, together = spec.seeds.length) => rates.get(sortOf(spec, backend.kind, together)) ?? null,
    async measure(spec, asked, together = spec.seeds.length) {
      const kind = asked ?? backend.kind
      const sort = sortOf(spec, kind, together)
      const known = rates.get(sort)
      if (known !== undefined) return known
      if (estimateCost(spec, null).multiplyAddsPerStep > maxTimed) return null
      const waiting = measuring.get(sort) ?? time(spec, kind, together)
      measuring.set(sort, waiting)
      try {
        const rate = await waiting
        // Another of the same sort may take its steps.
        if (rate !== null) rates.set(sort, rate)
        return rate
      } finally {
        measuring.delete(sort)
      }
    },
  }
}

/** Of a step: some seconds on a slow machine. */
const maxTimed = 3e10

/** Runs of one sort cost the same for the same multiply-adds, within the half octave of them that they share. */
function sortOf(spec: ExperimentSpec, backend: string, together: number): string {
  if ('study' in spec) return JSON.stringify(spec.study)
  const { dynamics, network, precision, record } = spec
  const { kind } = dynamics
  const method = kind === 'training' ? [dynamics.optimizer.kind, dynamics.loss] : [dynamics.integrator]
  const octaves = (value: number) => Math.round(2 * Math.log2(value))
  const { multiplyAddsPerStep } = estimateCost(spec, null)
  return JSON.stringify([
    backend,
    kind,
    method,
    precision,
    network.activation,
    octaves(multiplyAddsPerStep),
    typeof record.measureEvery === 'number' ? octaves(record.measureEvery) : [record.measureEvery, record.perDecade],
    Boolean(record.geometry),
    record.chattering ? octaves(record.chattering.every / record.chattering.ahead) : null,
    Math.min(together, 64),
  ])
}
