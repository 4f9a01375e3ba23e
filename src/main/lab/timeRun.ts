import { performance } from 'node:perf_hooks'
import type { RunSpec } from '../../shared/experiment.ts'
import type { Backend } from './backend/backend.ts'
import { runExperiment } from './runExperiment.ts'
import { datasetStandIn } from './tasks/dataset.ts'

/**
 * Seconds that one step of a run takes on this machine, its measurements included: the run itself, computed for about
 * `seconds` or to its end, and forgotten. Its start is drawn at random, whatever start it names, and so is a file's data: what it costs to come
 * there, and what snapshots cost, is left out. Throws as `runExperiment` does for sizes that do not fit each other.
 */
export async function timeRun(spec: RunSpec, backend: Backend, seconds = 0.3): Promise<number> {
  const timed: RunSpec = {
    ...spec,
    initialization: { kind: 'normal', standardDeviation: 'p^-1/2' },
    record: { ...spec.record, snapshots: 'events' },
  }
  const dataset = spec.task.kind === 'dataset' ? datasetStandIn(spec.task) : undefined
  let since = 0
  let step = 0
  for await (const event of runExperiment(timed, { runId: 'timed', backend, ...(dataset && { dataset }) })) {
    if (event.type === 'started') since = performance.now()
    if ('step' in event) step = event.step
    if (performance.now() - since > 1000 * seconds && step > 0) break
  }
  return (performance.now() - since) / 1000 / Math.max(1, step)
}
