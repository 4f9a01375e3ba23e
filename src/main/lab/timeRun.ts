import { performance } from 'node:perf_hooks'
import type { RunSpec } from '../../shared/experiment.ts'
import type { Backend } from './backend/backend.ts'
import { runExperiment } from './runExperiment.ts'
import { datasetStandIn } from './tasks/dataset.ts'
import type { GivenRun } from './webgpu/plannedTraining.ts'

/**
 * Seconds that one step of a run takes on this machine, its measurements included: the run itself, computed for about
 * `seconds` or to its end, and forgotten; null where it fails before it has taken a step. Its start is drawn at random, whatever start it names, and so is a file's data: what it costs to come
 * there, and what snapshots cost, is left out. Throws as `runExperiment` does for sizes that do not fit each other.
 */
export async function timeRun(spec: RunSpec, backend: Backend, seconds = 0.3): Promise<number | null> {
  const given = timedRun(spec)
  let since: number | undefined
  let step = 0
  for await (const event of runExperiment(given.spec, { ...given, runId: 'timed', backend })) {
    if (event.type === 'measured' && event.step === 0) since = performance.now()
    if ('step' in event) step = event.step
    if (since !== undefined && performance.now() - since > 1000 * seconds && step > 0) break
  }
  return since === undefined || step === 0 ? null : (performance.now() - since) / 1000 / step
}

/** What is computed in the place of a run to time it. */
export function timedRun(spec: RunSpec): GivenRun {
  const dataset = !('study' in spec) && spec.task.kind === 'dataset' ? datasetStandIn(spec.task) : undefined
  return { spec: withoutCostlyStart(spec), ...(dataset && { dataset }) }
}

function withoutCostlyStart(spec: RunSpec): RunSpec {
  if ('study' in spec) return { ...spec, record: { arrays: 'ends' } }
  const record = { ...spec.record, snapshots: 'events' as const }
  return { ...spec, initialization: { kind: 'normal', standardDeviation: 'p^-1/2' }, record }
}
