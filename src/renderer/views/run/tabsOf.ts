import type { RunSummary } from '../../../shared/run.ts'
import { studyOfFacets } from '../../../shared/studies/studies.ts'
import { describeTask, isOfNetwork, taskOfFacets, type NetworkTask } from '../../../shared/tasks/tasks.ts'

export type RunTabName =
  'curves' | 'matrices' | 'arrays' | 'fourier' | 'geometry' | 'chattering' | 'predictions' | 'provenance'

/** The tabs of a run by what it is of, without those that its task cannot fill: frequencies need a cyclic symmetry, predictions a grid of two tokens. */
export function tabsOf(facets: RunSummary['facets']): RunTabName[] {
  if (!isOfNetwork(facets) && studyOfFacets(facets)) return ['curves', 'arrays', 'provenance']
  if (!isOfNetwork(facets)) return ['curves', 'geometry', 'provenance']
  const { hasFrequencies, hasGrid } = abilitiesOf(taskOfFacets(facets))
  return [
    'curves',
    'matrices',
    ...(hasFrequencies ? (['fourier'] as const) : []),
    'geometry',
    'chattering',
    ...(hasGrid ? (['predictions'] as const) : []),
    'provenance',
  ]
}

/** Of a task that only a newer version knows, its tabs say so. */
function abilitiesOf(task: NetworkTask | null): { hasFrequencies: boolean; hasGrid: boolean } {
  if (!task) return { hasFrequencies: true, hasGrid: true }
  const { inputCycles, outputCycle, gridSide } = describeTask(task)
  const hasFrequencies = inputCycles(task).length > 0 || outputCycle(task) !== null
  return { hasFrequencies, hasGrid: gridSide(task) !== null }
}
