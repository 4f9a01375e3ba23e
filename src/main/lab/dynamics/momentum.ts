import type { Backend } from '../backend/backend.ts'
import type { LayerPair } from '../network/outputJacobian.ts'
import type { Optimizer } from './optimizer.ts'

/**
 * Heavy-ball momentum in the form of PyTorch's `SGD` (no dampening, not Nesterov; Polyak 1964):
 *
 *   v ← βv + ∇L + wd·θ,  θ ← θ − ηv,  v = 0 at the start
 *
 * The decay is part of the velocity, so that loss and decay keep the balance they have without momentum and rest at the
 * same points; both act 1/(1 − β) times over, which the clock τ = η·wd·t/(1 − β) accounts for.
 */
export function momentum(
  backend: Backend,
  learningRate: number,
  beta: number,
  parameters: LayerPair,
  gradient: LayerPair,
): Optimizer {
  const [E, W] = parameters
  const velocityE = backend.matrix(E.rows, E.columns)
  const velocityW = backend.matrix(W.rows, W.columns)
  const velocity: LayerPair = [velocityE, velocityW]
  return {
    step(weightDecay) {
      for (let i = 0; i < parameters.length; i++) {
        backend.axpby(1, gradient[i]!, beta, velocity[i]!)
        if (weightDecay > 0) backend.axpby(weightDecay, parameters[i]!, 1, velocity[i]!)
        backend.axpby(-learningRate, velocity[i]!, 1, parameters[i]!)
      }
    },
    matrices: { velocityE, velocityW },
    scalars: () => ({}),
    restore: () => {},
  }
}
