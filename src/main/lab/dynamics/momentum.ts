import type { Backend } from '../backend/backend.ts'
import { stateLike, type Optimizer, type TrainedParameter } from './optimizer.ts'

/**
 * Heavy-ball momentum in the form of PyTorch's `SGD` (no dampening, not Nesterov; Polyak 1964):
 *
 *   v ← βv + ∇L + wd·θ,  θ ← θ − ηv,  v = 0 at the start
 *
 * The decay is part of the velocity, so that loss and decay keep the balance they have without momentum and rest at the
 * same points; both act 1/(1 − β) times over, which the clock τ = η·wd·t/(1 − β) accounts for. Decoupled, it stays out of
 * the velocity and acts once (SGDW, Loshchilov & Hutter 2019): v ← βv + ∇L, θ ← (1 − η·wd)θ − ηv.
 */
export function momentum(
  backend: Backend,
  beta: number,
  isDecoupled: boolean,
  parameters: readonly TrainedParameter[],
): Optimizer {
  const velocities = stateLike(backend, 'velocity', parameters)
  return {
    step({ learningRate, weightDecay, gradientScale }) {
      for (const { name, matrix, gradient, rates } of parameters) {
        const velocity = velocities[`velocity${name}`]!
        const rate = learningRate * rates.learningRate
        const decay = weightDecay * rates.weightDecay
        backend.axpby(gradientScale, gradient, beta, velocity)
        if (!isDecoupled && decay > 0) backend.axpby(decay, matrix, 1, velocity)
        backend.axpby(-rate, velocity, isDecoupled ? 1 - rate * decay : 1, matrix)
      }
    },
    matrices: velocities,
    scalars: () => ({}),
    restore: () => {},
  }
}
