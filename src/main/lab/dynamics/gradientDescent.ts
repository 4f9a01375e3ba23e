import type { Backend } from '../backend/backend.ts'
import type { Optimizer, TrainedParameter } from './optimizer.ts'

/** Gradient descent with weight decay: θ ← θ − η(∇L + wd·θ). SCIENCE.md §3; PyTorch's `SGD`. */
export function gradientDescent(backend: Backend, parameters: readonly TrainedParameter[]): Optimizer {
  return {
    step({ learningRate, weightDecay, gradientScale }) {
      for (const { matrix, gradient, rates } of parameters) {
        const rate = learningRate * rates.learningRate
        backend.axpby(-rate * gradientScale, gradient, 1 - rate * (weightDecay * rates.weightDecay), matrix)
      }
    },
    matrices: {},
    scalars: () => ({}),
    restore: () => {},
  }
}
