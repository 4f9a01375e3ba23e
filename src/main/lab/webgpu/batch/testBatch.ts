import { LabError } from '../../../../shared/errors.ts'
import { toRunSpec, type ComposedInput, type TrainingSpec } from '../../../../shared/experiment.ts'
import { parseExperiment } from '../../../../shared/parseExperiment.ts'
import type { NetworkTask } from '../../../../shared/tasks/tasks.ts'
import { plainBackend } from '../../backend/plain.ts'
import type { WebGpuBackend } from '../../backend/webgpu.ts'
import { runExperiment } from '../../runExperiment.ts'
import { compare, type DeviceFindings } from '../../testSteps.ts'
import { runBatch } from './runBatch.ts'
import { mostUnits, type BatchForm } from './batchShape.ts'
import type { BatchableSpec } from './batchShapeOf.ts'

const steps = 20

interface Case {
  readonly name: string
  readonly dynamics: object
  readonly activation: 'gelu' | 'tanh'
  readonly more?: Partial<ComposedInput>
}

/** What each form computes: some units, or more than a workgroup has. */
const sizes: Record<BatchForm, { hidden: number; modulus: number }> = {
  workgroup: { hidden: 13, modulus: 7 },
  grid: { hidden: mostUnits + 4, modulus: 11 },
}

/** Trainings that together use the branches of the kernels: two losses, two optimizers, clipped, on batches, with the norm set. */
const cases: readonly Case[] = [
  {
    name: 'adamw, clipped',
    dynamics: {
      optimizer: 'adamw',
      learningRate: 5e-3,
      weightDecay: 0.1,
      loss: 'crossEntropy',
      maxGradientNorm: 0.1,
    },
    activation: 'gelu',
  },
  {
    name: 'momentum on batches, clamped',
    dynamics: { optimizer: 'momentum', learningRate: 0.02, weightDecay: 0.1, batch: { size: 6 } },
    activation: 'tanh',
    more: { interventions: [{ at: 5, kind: 'clampNorm', norm: 'initial' }] },
  },
]

/** What was found of a GPU in this process, of each form. */
const findings = new WeakMap<GPUDevice, Map<BatchForm, Promise<DeviceFindings>>>()

/** Throws BACKEND_UNAVAILABLE where a GPU computes wrongly in a form, by how much, or does not repeat its bits; it is tested once. */
export async function requireTested(backend: WebGpuBackend, form: BatchForm): Promise<void> {
  const { gpu, description } = backend
  const known = findings.get(gpu) ?? new Map<BatchForm, Promise<DeviceFindings>>()
  findings.set(gpu, known)
  const found = known.get(form) ?? testBatch(backend, form)
  known.set(form, found)
  const { failure, repeats } = await found
  if (failure !== undefined) throw new LabError('BACKEND_UNAVAILABLE', `${description} computes wrongly: ${failure}`)
  if (!repeats) throw new LabError('BACKEND_UNAVAILABLE', `${description} does not repeat its bits`)
}

/**
 * Tests the GPU that trains many runs at once in one form: twenty steps of two runs side by side against the float64 trainer,
 * |Δθ| ≤ 2e-5, and the second once more, alone, for its bits.
 */
export async function testBatch(backend: WebGpuBackend, form: BatchForm): Promise<DeviceFindings> {
  let repeats = true
  for (const { name, ...given } of cases) {
    const specs = [0, 1].map((seed) => specOf(given, sizes[form], seed))
    const found = await weightsOfBatch(backend, specs)
    for (const [i, spec] of specs.entries()) {
      const what = `${steps} steps of ${name}, in ${form === 'grid' ? 'grids' : 'workgroups'},`
      const failure = compare(what, found[i]!, await weightsInDouble(spec), 2e-5)
      if (failure !== undefined) return { failure, repeats: false }
    }
    const [alone] = await weightsOfBatch(backend, specs.slice(1))
    repeats &&= alone!.every((value, at) => Object.is(value, found[1]![at]))
  }
  return { repeats }
}

function specOf(
  { dynamics, activation, more }: Omit<Case, 'name'>,
  { hidden, modulus }: (typeof sizes)[BatchForm],
  seed: number,
): BatchableSpec {
  const input = {
    task: { kind: 'modularAddition', modulus, trainFraction: 0.7 },
    network: { hidden, activation },
    dynamics: { kind: 'training', steps, ...dynamics },
    precision: 'float32',
    record: { measureEvery: 10, snapshots: 'events' },
    ...more,
  } as ComposedInput
  const spec = toRunSpec(parseExperiment(input), seed)
  return { ...spec, task: spec.task as NetworkTask, dynamics: spec.dynamics as TrainingSpec }
}

async function weightsOfBatch(backend: WebGpuBackend, specs: readonly BatchableSpec[]): Promise<number[][]> {
  const found: number[][] = specs.map(() => [])
  const runs = specs.map((spec, i) => ({ spec, runId: String(i) }))
  for await (const events of runBatch(runs, { backend })) {
    for (const event of events) if (event.type === 'snapshot') found[Number(event.runId)] = weightsOf(event.snapshot)
  }
  return found
}

async function weightsInDouble(spec: BatchableSpec): Promise<number[]> {
  let found: number[] = []
  const backend = plainBackend('float64')
  for await (const event of runExperiment({ ...spec, precision: 'float64' }, { runId: 'test', backend })) {
    if (event.type === 'snapshot') found = weightsOf(event.snapshot)
  }
  return found
}

function weightsOf({ matrices }: { matrices: Record<string, { data: ArrayLike<number> }> }): number[] {
  return ['E', 'W'].flatMap((name) => Array.from(matrices[name]!.data))
}
