import type { Backend } from '../backend/backend.ts'
import type { LayerPair } from '../network/outputJacobian.ts'
import type { Optimizer } from './optimizer.ts'

/** Gradient descent with weight decay: θ ← θ − η(∇L + wd·θ). SCIENCE.md §3; PyTorch's `SGD`. */
export function gradientDescent(
  backend: Backend,
  learningRate: number,
  parameters: LayerPair,
  gradient: LayerPair,
): Optimizer {
  return {
    step(weightDecay) {
      const kept = 1 - learningRate * weightDecay
      for (let i = 0; i < parameters.length; i++) backend.axpby(-learningRate, gradient[i]!, kept, parameters[i]!)
    },
    matrices: {},
    scalars: () => ({}),
    restore: () => {},
  }
}
