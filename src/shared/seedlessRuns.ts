import type { ComposedSpec } from './experiment.ts'
import { countThings } from './formatting/countThings.ts'
import { parametersOf } from './models/models.ts'
import type { InitialState } from './run.ts'
import { describeTask, isNetworkTask, taskSizes } from './tasks/tasks.ts'

type Started = Pick<ComposedSpec, 'task' | 'network' | 'dynamics'>

/**
 * Whether runs of this start draw nothing from their seeds, so that those of several agree to the bit: all weights are given, and so is the
 * training set, by the start or the split; there are no minibatches, and no inputs are drawn. A branch has both from its parent.
 */
export function isSeedless({ task, network, dynamics }: Started, start: InitialState | 'branch'): boolean {
  if (!isNetworkTask(task) || describeTask(task).inputsOf.areDrawn) return false
  if (dynamics.kind === 'training' && dynamics.batch) return false
  if (start === 'branch') return true
  const hasTrain = start.train !== undefined || task.split.kind !== 'random'
  return hasTrain && parametersOf(network, taskSizes(task)).every(({ name }) => start.parameters[name])
}

/** What is to be known of several seeds of such runs. */
export function describeSeedless(seeds: number): string {
  return (
    `the runs of all ${countThings(seeds, 'seed')} are the same to the bit: weights and training set are given, and nothing else is drawn; ` +
    'one seed is enough'
  )
}
