import { LabError } from '../../shared/errors.ts'
import { toRunSpec, type ComposedInput, type ComposedRunSpec, type TrainingSpec } from '../../shared/experiment.ts'
import { formatNumber } from '../../shared/formatting/formatNumber.ts'
import { parseExperiment } from '../../shared/parseExperiment.ts'
import type { NetworkTask } from '../../shared/tasks/tasks.ts'
import { plainBackend } from './backend/plain.ts'
import type { Backend } from './backend/backend.ts'
import type { Evolution } from './evolutions/evolution.ts'
import { trainingEvolution } from './evolutions/trainingEvolution.ts'
import { createInterventions, type Interventions } from './interventions/interventions.ts'
import type { Network } from './network/model.ts'
import { prepareNetwork } from './prepareNetwork.ts'

/** What a device was found to compute. */
export interface DeviceFindings {
  /** What is wrong, with the numbers. */
  readonly failure?: string
  /** Whether the same steps gave the same bits twice. */
  readonly repeats: boolean
}

/** Training on a device. */
export type CreateTraining = (
  network: Network,
  spec: ComposedRunSpec & { dynamics: TrainingSpec },
  interventions: Interventions,
) => Evolution

const steps = 20

/** What a training came to. */
interface Trained {
  readonly weights: readonly number[]
  /** ‖∇L‖ of all samples there. */
  readonly gradientNorm: number
}

/**
 * Takes twenty steps of a training, which is called by a name, on a device: twice, for their bits, and by the float64 trainer,
 * |Δθ| ≤ 2e-5, and 1e-4 for ‖∇L‖ at their end, or of it where it is above 1.
 */
export async function testSteps(
  name: string,
  input: Omit<ComposedInput, 'precision'>,
  createTraining: CreateTraining,
): Promise<DeviceFindings> {
  const called = `${steps} steps of ${name}`
  const onDevice = () => trained(plainBackend('float32'), input, createTraining)
  const found = await onDevice().catch((error: unknown) => {
    // Of this training, which the float64 trainer takes to its end: no word about the run that is to come.
    if (error instanceof LabError && error.code === 'DIVERGED') return { failure: `${called}: ${error.message}` }
    throw error
  })
  if ('failure' in found) return { ...found, repeats: false }
  const expected = await trained(plainBackend('float64'), input, trainingEvolution)
  const norms = [found, expected].map(({ gradientNorm }) => [gradientNorm]) as [number[], number[]]
  const failure =
    compare(called, found.weights, expected.weights, 2e-5) ??
    compare(`the norm of the gradient after ${called}`, ...norms, 1e-4 * Math.max(1, expected.gradientNorm))
  if (failure) return { failure, repeats: false }
  const again = await onDevice()
  return { repeats: found.weights.every((value, at) => Object.is(value, again.weights[at])) }
}

/** Twenty steps from a drawn start. */
async function trained(
  backend: Backend,
  input: Omit<ComposedInput, 'precision'>,
  createTraining: CreateTraining,
): Promise<Trained> {
  const spec = toRunSpec(parseExperiment({ ...input, precision: backend.precision }), 0)
  const whole = { ...spec, task: spec.task as NetworkTask, dynamics: spec.dynamics as TrainingSpec }
  const { network } = prepareNetwork(whole, backend, undefined, undefined)
  const evolution = createTraining(network, whole, createInterventions(whole, network))
  try {
    await evolution.begin(0)
    for (let at = 0; at < steps;) at = await evolution.advance(at, steps, steps)
    await evolution.collect?.()
    const weights = network.parameters.flatMap(({ matrix }) => [...backend.download(matrix)])
    return { weights, gradientNorm: evolution.pull() }
  } finally {
    evolution.end?.()
  }
}

/** How far numbers are off at worst, where that is more than is allowed. */
export function compare(
  name: string,
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  allowed: number,
): string | undefined {
  const errors = Array.from(found, (value, at) => Math.abs(value - expected[at]!))
  const worst = errors.reduce((max, error) => Math.max(max, Number.isNaN(error) ? Infinity : error), 0)
  if (worst <= allowed) return undefined
  return `${name} is off by ${formatNumber(worst, 2)}, allowed ${formatNumber(allowed, 2)}`
}
