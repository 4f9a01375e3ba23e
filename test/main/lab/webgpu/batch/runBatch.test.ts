import { describe, expect, it } from 'vitest'
import { runBatch, type BatchOptions, type RunOfBatch } from '../../../../../src/main/lab/webgpu/batch/runBatch.ts'
import type { BatchableSpec } from '../../../../../src/main/lab/webgpu/batch/batchShapeOf.ts'
import { losses } from '../../../../../src/shared/dynamics/losses.ts'
import { optimizerKinds } from '../../../../../src/shared/dynamics/optimizers.ts'
import type { ComposedInput } from '../../../../../src/shared/experiment.ts'
import { activations } from '../../../../../src/shared/models/models.ts'
import type { RunEvent } from '../../../../../src/shared/run.ts'
import { collectRun, eventsOf, largestDifference, runSpec, snapshotAt } from '../../../../support/runs.ts'
import { backendOnGpu, software } from '../../../../support/softwareGpu.ts'

type Training = Extract<ComposedInput['dynamics'], { kind: 'training' }>

function specification(dynamics: Partial<Training> = {}, more: Partial<ComposedInput> = {}, seed = 0): BatchableSpec {
  return runSpec(
    {
      task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
      network: { hidden: 32 },
      dynamics: { kind: 'training', learningRate: 0.05, weightDecay: 1e-2, steps: 20, ...dynamics },
      precision: 'float32',
      record: { measureEvery: 10, snapshots: [10, 20] },
      ...more,
    } as ComposedInput,
    seed,
  ) as BatchableSpec
}

const gpu = software.gpu!

/** What each run of a batch tells, to its end. */
async function collectBatch(
  runs: readonly (BatchableSpec | RunOfBatch)[],
  options: Partial<BatchOptions> = {},
): Promise<RunEvent[][]> {
  const given = runs.map((run, i) => ('spec' in run ? { ...run, runId: String(i) } : { spec: run, runId: String(i) }))
  const events: RunEvent[] = []
  for await (const told of runBatch(given, { backend: backendOnGpu(gpu), ...options })) events.push(...told)
  return runs.map((_, i) => events.filter(({ runId }) => runId === String(i)))
}

/** Largest difference in the weights at a step, and in all that was measured, relative to 1 and their size. */
function distance(some: readonly RunEvent[], others: readonly RunEvent[], step: number): number {
  const weights = ['E', 'W'].map((name) =>
    largestDifference(snapshotAt(some, step).matrices[name]!.data, snapshotAt(others, step).matrices[name]!.data),
  )
  const [ours, theirs] = [some, others].map((events) => eventsOf(events, 'measured'))
  expect(ours!.map((row) => row.step)).toEqual(theirs!.map((row) => row.step))
  const measured = ours!.map(({ values }, i) => {
    expect(Object.keys(values).sort()).toEqual(Object.keys(theirs![i]!.values).sort())
    return Math.max(
      ...Object.entries(theirs![i]!.values).map(([name, value]) => {
        const found = values[name as keyof typeof values]!
        return Math.abs(found - value) / (1 + Math.abs(value))
      }),
    )
  })
  return Math.max(...weights, ...measured)
}

const inDouble = (spec: BatchableSpec) => collectRun({ ...spec, precision: 'float64' })

const batches = [undefined, { size: 6 }, { size: 6, sampling: 'withReplacement' }] as const
const tasks = [
  { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  { kind: 'modularDivision', modulus: 5, trainFraction: 0.7 },
] as const
const cases = optimizerKinds.flatMap((optimizer, o) =>
  losses.flatMap((loss, l) =>
    activations.map((activation, a) => ({
      ...{ optimizer, loss, activation },
      ...{ batch: batches[(o + l + a) % 3], task: tasks[(o + a) % 2]! },
    })),
  ),
)

describe.skipIf(!gpu)(`many runs at once on a GPU: ${software.name}`, () => {
  it.each(cases)(
    'follow the float64 trainer to float32 ($optimizer, $loss, $activation, $task.kind, batch $batch)',
    async ({ task, activation, ...method }) => {
      const learningRate = method.optimizer === 'adamw' ? 5e-3 : 0.05
      const specs = [0, 1].map((seed) =>
        specification(
          { ...method, learningRate: learningRate / (1 + seed) },
          { task, network: { hidden: 32, activation } },
          seed,
        ),
      )
      const found = await collectBatch(specs)
      for (const [i, spec] of specs.entries()) {
        const off = distance(found[i]!, await inDouble(spec), 20)
        // Not exact: float32 computed it.
        expect(off).toSatisfy((worst: number) => worst > 0 && worst < 2e-5)
      }
    },
  )
})
