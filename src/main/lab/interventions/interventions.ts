import type { ComposedRunSpec } from '../../../shared/experiment.ts'
import type { Intervention } from '../../../shared/interventions.ts'
import type { MatrixData } from '../../../shared/matrix.ts'
import { describeTask } from '../../../shared/tasks/tasks.ts'
import { downloaded, normOf } from '../network/matrixLists.ts'
import { layerOf, matricesOf } from '../network/network.ts'
import type { Network } from '../network/model.ts'
import { keepFrequencies, removeFrequencies } from './frequencyFilter.ts'

/** The interventions of a run: what is done to its network, and when. */
export interface Interventions {
  /** Steps at which something is done. */
  readonly steps: readonly number[]
  /** Does to θ what is due before `step` is measured. */
  apply(step: number): void
  /** The norm ‖θ‖ in force at a step; undefined where it is free. */
  normAt(step: number): number | undefined
  /** What a resumed run must know, under keys that do not meet those of the dynamics. */
  scalars(): Record<string, number>
  restore(scalars: Record<string, number>): void
}

/**
 * The interventions that a specification lists, on a network at its start. Those of the same step are applied in the order listed, and a
 * norm in force is restored after them. A change of weight decay is the optimizer's own affair and leaves θ alone;
 * no intervention touches an optimizer's moments. SCIENCE.md §7, finding 4.
 */
export function createInterventions(
  { interventions, task }: Pick<ComposedRunSpec, 'interventions' | 'task'>,
  network: Network,
): Interventions {
  const cycles = describeTask(task)
    .inputCycles(task)
    .map(({ places }) => places)
  const clamps = interventions.filter((entry) => entry.kind === 'clampNorm').sort((a, b) => a.at - b.at)
  let initialNorm = normOf(network.backend, matricesOf(network))

  function normAt(step: number): number | undefined {
    if (clamps.length === 0) return undefined
    const norm = clamps.findLast(({ at }) => at <= step)?.norm
    return norm === 'initial' ? initialNorm : norm
  }

  return {
    normAt,
    steps: interventions.map(({ at }) => at),
    apply(step) {
      for (const entry of interventions) if (entry.at === step) act(entry, network, cycles)
      const norm = normAt(step)
      if (norm !== undefined) clampNorm(network, norm)
    },
    scalars: (): Record<string, number> => (clamps.length > 0 ? { initialNorm } : {}),
    restore(scalars) {
      initialNorm = scalars['initialNorm'] ?? initialNorm
    },
  }
}

/** θ ← c·θ with c such that ‖θ‖ is `norm`; parameters that are all zero stay so. */
export function clampNorm(network: Network, norm: number): void {
  const theta = matricesOf(network)
  const present = normOf(network.backend, theta)
  if (present === 0) return
  for (const matrix of theta) network.backend.scale(norm / present, matrix)
}

function act(entry: Intervention, network: Network, cycles: readonly (readonly number[])[]): void {
  switch (entry.kind) {
    case 'keepFrequencies':
      return filterInputs(network, (E) => keepFrequencies(E, cycles, entry.frequencies))
    case 'removeFrequencies':
      return filterInputs(network, (E) => removeFrequencies(E, cycles, entry.frequencies))
    case 'rescale':
      return layerOf(network, entry.layer).forEach((matrix) => network.backend.scale(entry.factor, matrix))
    case 'clampNorm':
    case 'setWeightDecay':
  }
}

/** Changes the parameter with a row for each input. */
function filterInputs({ backend, parameters }: Network, filter: (E: MatrixData) => void): void {
  const { matrix } = parameters.find(({ rowsOf }) => rowsOf === 'inputs')!
  const entries = downloaded(backend, matrix)
  filter(entries)
  backend.upload(matrix, entries.data)
}
