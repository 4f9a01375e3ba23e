import type { ComposedRunSpec } from '../../../shared/experiment.ts'
import type { Intervention } from '../../../shared/interventions.ts'
import { describeTask } from '../../../shared/tasks/tasks.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import type { Network } from '../network/network.ts'
import { keepFrequencies, removeFrequencies } from './frequencyFilter.ts'

/** The interventions of a run: what is done to its network, and when. */
export interface Interventions {
  /** Steps at which something is done. */
  readonly steps: readonly number[]
  /** Does to (E, W) what is due before `step` is measured. */
  apply(step: number): void
  /** The norm √(‖E‖² + ‖W‖²) in force at a step; undefined where it is free. */
  normAt(step: number): number | undefined
  /** What a resumed run must know, under keys that do not meet those of the dynamics. */
  scalars(): Record<string, number>
  restore(scalars: Record<string, number>): void
}

/**
 * The interventions that a specification lists, on a network at its start. Those of one step act in their order, and a
 * norm in force is restored after them. A change of weight decay is the optimizer's own affair and leaves (E, W) alone;
 * no intervention touches an optimizer's moments. SCIENCE.md §7, finding 4.
 */
export function createInterventions(
  { interventions, task }: Pick<ComposedRunSpec, 'interventions' | 'task'>,
  network: Network,
): Interventions {
  const { backend, E, W } = network
  const cycles = describeTask(task)
    .inputCycles(task)
    .map(({ places }) => places)
  const clamps = interventions.filter((entry) => entry.kind === 'clampNorm').sort((a, b) => a.at - b.at)
  let initialNorm = totalNorm(backend, E, W)

  function normAt(step: number): number | undefined {
    const norm = clamps.findLast(({ at }) => at <= step)?.norm
    return norm === 'initial' ? initialNorm : norm
  }

  return {
    normAt,
    steps: interventions.map(({ at }) => at),
    apply(step) {
      for (const entry of interventions) if (entry.at === step) act(entry, network, cycles)
      const norm = normAt(step)
      if (norm !== undefined) clampNorm(backend, E, W, norm)
    },
    scalars: (): Record<string, number> => (clamps.length > 0 ? { initialNorm } : {}),
    restore(scalars) {
      initialNorm = scalars['initialNorm'] ?? initialNorm
    },
  }
}

/** (E, W) ← c·(E, W) with c such that √(‖E‖² + ‖W‖²) is `norm`; weights that are all zero stay so. */
export function clampNorm(backend: Backend, E: Matrix, W: Matrix, norm: number): void {
  const present = totalNorm(backend, E, W)
  if (present === 0) return
  scale(E, norm / present)
  scale(W, norm / present)
}

function act(entry: Intervention, { E, W }: Network, cycles: readonly (readonly number[])[]): void {
  switch (entry.kind) {
    case 'keepFrequencies':
      return keepFrequencies(E, cycles, entry.frequencies)
    case 'removeFrequencies':
      return removeFrequencies(E, cycles, entry.frequencies)
    case 'rescale':
      return scale(entry.layer === 'first' ? E : W, entry.factor)
    case 'clampNorm':
    case 'setWeightDecay':
  }
}

function totalNorm(backend: Backend, E: Matrix, W: Matrix): number {
  return Math.sqrt(backend.dot(E, E) + backend.dot(W, W))
}

function scale({ data }: Matrix, factor: number): void {
  for (let at = 0; at < data.length; at++) data[at]! *= factor
}
