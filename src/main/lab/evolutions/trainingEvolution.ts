import { LabError } from '../../../shared/errors.ts'
import { weightDecayAt } from '../../../shared/decayTime.ts'
import type { RunSpec, TrainingSpec } from '../../../shared/experiment.ts'
import { lossGradient } from '../dynamics/lossGradient.ts'
import { createOptimizer } from '../dynamics/optimizer.ts'
import { clampNorm, type Interventions } from '../interventions/interventions.ts'
import type { Network } from '../network/network.ts'
import type { Evolution } from './evolution.ts'

/**
 * Full-batch training in time: one clock step is one step of the optimizer. Between steps the gradient is always that of
 * the present state. Throws DIVERGED at the step whose gradient is no longer finite. SCIENCE.md §3, §4.
 */
export function trainingEvolution(
  network: Network,
  spec: Pick<RunSpec, 'interventions'> & { dynamics: TrainingSpec },
  interventions: Interventions,
): Evolution {
  const { backend, E, W } = network
  const field = lossGradient(network, spec.dynamics)
  const optimizer = createOptimizer(backend, spec.dynamics, [E, W], field.gradient)
  let gradientNorm = NaN

  function evaluate(): void {
    field.evaluate()
    gradientNorm = field.norm()
    if (!Number.isFinite(gradientNorm)) {
      throw new LabError('DIVERGED', `the gradient norm is ${gradientNorm}: training left the finite numbers`)
    }
  }

  return {
    begin: evaluate,
    advance(position) {
      optimizer.step(weightDecayAt(spec, position))
      const norm = interventions.normAt(position + 1)
      if (norm !== undefined) clampNorm(backend, E, W, norm)
      evaluate()
      return position + 1
    },
    measure: () => ({ gradientNorm }),
    pull: () => gradientNorm,
    inspect: () => ({}),
    localError: () => NaN,
    extraMatrices: () => ({ ...optimizer.matrices }),
    scalars: optimizer.scalars,
    restore: optimizer.restore,
    report: () => undefined,
  }
}
