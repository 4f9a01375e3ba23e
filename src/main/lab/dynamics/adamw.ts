import type { Backend } from '../backend/backend.ts'
import { stateLike, type Optimizer, type TrainedParameter } from './optimizer.ts'

interface Settings {
  beta1: number
  beta2: number
  epsilon: number
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019, as PyTorch's `AdamW`), with g = ∇L, entrywise:
 *
 *   m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,
 *   θ ← (1 − η·wd)θ − η·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε)
 *
 * with t = 1, 2, … counting the steps and m = v = 0 at the start; or with an L2 decay (Kingma & Ba 2015, as PyTorch's
 * `Adam`): g = ∇L + wd·θ, and θ is not shrunk beside. Computed in float64; each stored value is rounded once.
 */
export function adamw(
  backend: Backend,
  settings: Settings,
  isDecoupled: boolean,
  parameters: readonly TrainedParameter[],
): Optimizer {
  const means = stateLike(backend, 'mean', parameters)
  const squares = stateLike(backend, 'square', parameters)
  let steps = 0
  return {
    step({ learningRate, weightDecay, gradientScale }) {
      steps += 1
      for (const { name, matrix, gradient, rates } of parameters) {
        const rate = learningRate * rates.learningRate
        const decay = weightDecay * rates.weightDecay
        backend.adamStep(matrix, gradient, means[`mean${name}`]!, squares[`square${name}`]!, {
          ...settings,
          rate: rate / (1 - settings.beta1 ** steps),
          correction: 1 - settings.beta2 ** steps,
          kept: isDecoupled ? 1 - rate * decay : 1,
          l2: isDecoupled ? 0 : decay,
          gradientScale,
        })
      }
    },
    matrices: { ...means, ...squares },
    scalars: () => ({ optimizerSteps: steps }),
    restore(scalars) {
      steps = scalars['optimizerSteps'] ?? 0
    },
  }
}
