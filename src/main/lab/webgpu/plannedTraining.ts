import type { RunSpec } from '../../../shared/experiment.ts'
import type { InitialState, Snapshot } from '../../../shared/run.ts'
import type { Dataset } from '../../../shared/tasks/dataset.ts'
import { createModel } from '../models/createModel.ts'
import { taskSplit } from '../tasks/split.ts'
import { taskData } from '../tasks/taskData.ts'
import { isClampedIn, type PlannedTraining } from './trainingPlan.ts'

/** A run, with what it is given from outside. */
export interface GivenRun {
  readonly spec: RunSpec
  readonly initial?: InitialState | undefined
  readonly dataset?: Dataset | undefined
  readonly resumeFrom?: Snapshot | undefined
}

/** The training that a run asks of a GPU; undefined where it asks for what no kernel is there for, which it is then refused for. */
export function plannedTraining({ spec, initial, dataset }: GivenRun): PlannedTraining | undefined {
  if ('study' in spec || spec.task.kind === 'toy' || spec.dynamics.kind !== 'training') return undefined
  const { task, seed, dynamics, network } = spec
  const { twoLayers } = createModel(network)
  if (!twoLayers) return undefined
  const constant = twoLayers.hasBiases ? 1 : 0
  const { X, inputs, outputs } = taskData(task, seed, dataset)
  const shape = {
    samples: (initial?.train ?? taskSplit(task, seed, dataset).train).length,
    inputs: inputs + constant,
    hidden: network.hidden,
    outputs,
    perRow: X.kind === 'tokens' ? X.perRow + constant : undefined,
    ...twoLayers,
    loss: dynamics.loss,
  }
  return { shape, dynamics, isClamped: isClampedIn(spec) }
}
