import { LabError } from '../../../shared/errors.ts'
import { learningRateAt, weightDecayAt } from '../../../shared/decayTime.ts'
import type { ComposedRunSpec, TrainingSpec } from '../../../shared/experiment.ts'
import { batchGradient } from '../dynamics/batchGradient.ts'
import { createOptimizer } from '../dynamics/optimizers.ts'
import { lossGradient } from '../dynamics/lossGradient.ts'
import { clampNorm, type Interventions } from '../interventions/interventions.ts'
import type { Network } from '../network/model.ts'
import type { Evolution } from './evolution.ts'

/**
 * Training in time: one clock step is one step of the optimizer, on all training samples or on the step's batch. Between
 * steps the gradient is always that of the present state for the step to come. What is measured is the gradient of all
 * samples. Throws DIVERGED at the step whose gradient is no longer finite. SCIENCE.md §3, §4.
 */
export function trainingEvolution(
  network: Network,
  spec: Pick<ComposedRunSpec, 'interventions' | 'seed'> & { dynamics: TrainingSpec },
  interventions: Interventions,
): Evolution {
  const { backend, parameters } = network
  const { dynamics } = spec
  const whole = lossGradient(network, dynamics)
  const ofStep = dynamics.batch ? batchGradient(network, dynamics, dynamics.batch, spec.seed) : whole
  const optimizer = createOptimizer(backend, dynamics, parameters, ofStep.gradient)
  let position = 0
  let stepNorm = NaN
  /** ‖∇L‖ of all samples, where it has been asked for at the present state. */
  let wholeNorm: number | undefined

  function evaluate(at: number): void {
    position = at
    ofStep.evaluate(at)
    stepNorm = finite(ofStep.norm())
    wholeNorm = ofStep === whole ? stepNorm : undefined
  }

  function gradientNorm(): number {
    if (wholeNorm === undefined) {
      whole.evaluate()
      wholeNorm = finite(whole.norm())
    }
    return wholeNorm
  }

  return {
    begin: evaluate,
    advance(from) {
      optimizer.step({
        learningRate: learningRateAt(dynamics, from),
        weightDecay: weightDecayAt(spec, from),
        gradientScale: clippingFactor(dynamics, stepNorm),
      })
      const norm = interventions.normAt(from + 1)
      if (norm !== undefined) clampNorm(network, norm)
      evaluate(from + 1)
      return from + 1
    },
    measure: () => ({
      gradientNorm: gradientNorm(),
      ...(dynamics.schedule ? { learningRate: learningRateAt(dynamics, position) } : {}),
    }),
    pull: gradientNorm,
    inspect: () => ({}),
    localError: () => NaN,
    extraMatrices: () => ({ ...optimizer.matrices }),
    scalars: optimizer.scalars,
    restore: optimizer.restore,
    report: () => undefined,
  }
}

/** min(1, c/(‖g‖ + 1e-6)), with which ‖g‖ does not pass c: PyTorch's `clip_grad_norm_`. The decay is not in g. */
function clippingFactor({ maxGradientNorm }: TrainingSpec, norm: number): number {
  return maxGradientNorm === undefined ? 1 : Math.min(1, maxGradientNorm / (norm + 1e-6))
}

function finite(gradientNorm: number): number {
  if (Number.isFinite(gradientNorm)) return gradientNorm
  throw new LabError('DIVERGED', `the gradient norm is ${gradientNorm}: training left the finite numbers`)
}
