import type { Backend, Matrix } from '../backend/backend.ts'
import type { LayerPair } from '../network/outputJacobian.ts'
import type { Optimizer } from './optimizer.ts'

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
 * with t = 1, 2, … counting the steps and m = v = 0 at the start. Computed in float64; each stored value is rounded once.
 */
export function adamw(
  backend: Backend,
  learningRate: number,
  settings: Settings,
  parameters: LayerPair,
  gradient: LayerPair,
): Optimizer {
  const [E, W] = parameters
  const meanE = backend.matrix(E.rows, E.columns)
  const meanW = backend.matrix(W.rows, W.columns)
  const squareE = backend.matrix(E.rows, E.columns)
  const squareW = backend.matrix(W.rows, W.columns)
  let steps = 0
  return {
    step(weightDecay) {
      steps += 1
      const kept = 1 - learningRate * weightDecay
      update(E, gradient[0], meanE, squareE, learningRate, kept, steps, settings)
      update(W, gradient[1], meanW, squareW, learningRate, kept, steps, settings)
    },
    matrices: { meanE, meanW, squareE, squareW },
    scalars: () => ({ optimizerSteps: steps }),
    restore(scalars) {
      steps = scalars['optimizerSteps'] ?? 0
    },
  }
}

function update(
  parameters: Matrix,
  gradient: Matrix,
  mean: Matrix,
  square: Matrix,
  learningRate: number,
  kept: number,
  step: number,
  { beta1, beta2, epsilon }: Settings,
): void {
  const theta = parameters.data
  const g = gradient.data
  const m = mean.data
  const v = square.data
  const rate = learningRate / (1 - beta1 ** step)
  const correction = 1 - beta2 ** step
  for (let at = 0; at < theta.length; at++) {
    m[at] = beta1 * m[at]! + (1 - beta1) * g[at]!
    v[at] = beta2 * v[at]! + (1 - beta2) * g[at]! * g[at]!
    theta[at] = kept * theta[at]! - (rate * m[at]!) / (Math.sqrt(v[at]! / correction) + epsilon)
  }
}
