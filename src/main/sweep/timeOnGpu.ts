import { performance } from 'node:perf_hooks'
import { LabError } from '../../shared/errors.ts'
import { stepsOf, type RunSpec } from '../../shared/experiment.ts'
import { wasmBackend } from '../lab/backend/wasm/wasmBackend.ts'
import { timeRun } from '../lab/timeRun.ts'
import { batchesOf } from '../lab/webgpu/batch/batchesOf.ts'
import { runBatch } from '../lab/webgpu/batch/runBatch.ts'
import type { BatchableSpec } from '../lab/webgpu/batch/batchShapeOf.ts'
import type { SweepGpu } from './computeOnGpu.ts'
import type { GpuForecast } from './gpuMessages.ts'
import { runsOf, type SweepPlan } from './sweepPlan.ts'

const timedSeconds = 1

/** Measures both for about a second each; nothing is written. Throws for a sweep that no batch computes, naming the field. */
export async function timeOnGpu(plan: SweepPlan, gpu: SweepGpu): Promise<GpuForecast> {
  const runs = runsOf(plan)
  const batches = await batchesOf(runs, gpu)
  const [largest] = batches.toSorted((a, b) => b.length - a.length)
  const coreSecondsPerRunStep = await timeRun(largest![0]!.spec, await wasmBackend('float32', 1), timedSeconds)
  if (coreSecondsPerRunStep === null) throw new LabError('DIVERGED', 'the first run of the largest batch takes no step')
  const secondsPerRunStep = await timeBatch(largest!, gpu)
  return {
    device: gpu.description,
    batches: batches.length,
    secondsPerRunStep,
    coreSecondsPerRunStep,
    seconds: secondsPerRunStep * runs.reduce((sum, run) => sum + stepsOf(run.spec), 0),
  }
}

/** Seconds a step of a run, from the first that is told on. */
async function timeBatch(runs: readonly { spec: RunSpec }[], backend: SweepGpu): Promise<number> {
  const stop = new AbortController()
  const given = runs.map(({ spec }, i) => ({ spec: spec as BatchableSpec, runId: String(i) }))
  let since = 0
  let runSteps = 0
  for await (const events of runBatch(given, { backend, signal: stop.signal })) {
    since ||= performance.now()
    for (const event of events) if (event.type === 'settled') runSteps += event.step
    if (performance.now() - since > 1000 * timedSeconds) stop.abort()
  }
  return (performance.now() - since) / 1000 / Math.max(1, runSteps)
}
