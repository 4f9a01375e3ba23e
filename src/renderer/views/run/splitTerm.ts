import type { ShownRun } from '../../../shared/run.ts'
import { isNetworkTask } from '../../../shared/tasks/tasks.ts'

/** What the hash of a run's split stands beside: with the seed where that drew it, and not a parent, a file, a list or a place of the grid. */
export function splitTerm({ spec, seed, parentRunId }: Pick<ShownRun, 'spec' | 'seed' | 'parentRunId'>): string {
  const isDrawn =
    spec &&
    'task' in spec &&
    isNetworkTask(spec.task) &&
    spec.task.split.kind === 'random' &&
    spec.initialization.kind !== 'file' &&
    parentRunId === null
  return isDrawn ? `Split, seed ${seed}` : 'Split'
}
