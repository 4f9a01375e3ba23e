import { describe, expect, it } from 'vitest'
import { wasmBackend } from '../../../../../src/main/lab/backend/wasm/wasmBackend.ts'
import { runExperiment } from '../../../../../src/main/lab/runExperiment.ts'
import type { BatchableSpec } from '../../../../../src/main/lab/webgpu/batch/batchShapeOf.ts'
import { runBatch } from '../../../../../src/main/lab/webgpu/batch/runBatch.ts'
import type { RunEvent } from '../../../../../src/shared/run.ts'
import { runSpec } from '../../../../support/runs.ts'
import { backendOnGpu, software } from '../../../../support/softwareGpu.ts'

const seeds = Array.from({ length: 64 }, (_, seed) => seed)

/** Runs that generalize soon, at each of the seeds, and end then. */
function specifications(learningRate: number): BatchableSpec[] {
  const input = {
    task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.85 },
    network: { hidden: 32, activation: 'quadratic' },
    dynamics: { kind: 'training', optimizer: 'adamw', learningRate, weightDecay: 1, steps: 400 },
    precision: 'float32',
    stop: { after: 'generalized', steps: 1 },
    record: { measureEvery: 2, snapshots: 'events', generalizeThreshold: 0.9 },
  } as const
  return seeds.map((seed) => runSpec(input, seed) as BatchableSpec)
}

function generalizationSteps(events: readonly RunEvent[]): number[] {
  const steps: number[] = seeds.map(() => NaN)
  for (const event of events) {
    if (event.type === 'event' && event.name === 'generalized') steps[Number(event.runId)] = event.step
  }
  return steps
}

async function onProcessor(specs: readonly BatchableSpec[]): Promise<number[]> {
  const backend = await wasmBackend('float32', 1)
  const events: RunEvent[] = []
  for (const [i, spec] of specs.entries()) {
    backend.clear()
    for await (const event of runExperiment(spec, { runId: String(i), backend })) events.push(event)
  }
  return generalizationSteps(events)
}

async function onGpu(specs: readonly BatchableSpec[]): Promise<number[]> {
  const runs = specs.map((spec, i) => ({ spec, runId: String(i) }))
  const events: RunEvent[] = []
  for await (const told of runBatch(runs, { backend: backendOnGpu(software.gpu!) })) events.push(...told)
  return generalizationSteps(events)
}

/** How far one distribution may lie from the other, relatively, at two standard errors; seed by seed, as both have the same starts. */
function largestShift(some: readonly number[], others: readonly number[]): number {
  const logarithms = some.flatMap((step, i) => (step > 0 && others[i]! > 0 ? [Math.log(step / others[i]!)] : []))
  expect(logarithms.length).toBeGreaterThan(0.9 * seeds.length)
  const mean = logarithms.reduce((sum, value) => sum + value, 0) / logarithms.length
  const variance = logarithms.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (logarithms.length - 1)
  return Math.expm1(Math.abs(mean) + 2 * Math.sqrt(variance / logarithms.length))
}

describe.skipIf(!software.gpu)('when runs generalize', () => {
  it('is distributed on a GPU as on the processor: half of a shift of 5 % is excluded, and a shift of 5 % is noticed', async () => {
    const processor = await onProcessor(specifications(0.03))
    expect(largestShift(await onGpu(specifications(0.03)), processor)).toBeLessThan(0.025)
    // Times go as the inverse of the learning rate.
    expect(largestShift(await onProcessor(specifications(0.03 * 0.95)), processor)).toBeGreaterThan(0.025)
  })
})
