import type { TrainingSpec } from '../../../shared/experiment.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import type { LayerPair } from '../network/outputJacobian.ts'
import { adamw } from './adamw.ts'
import { gradientDescent } from './gradientDescent.ts'
import { momentum } from './momentum.ts'

/** Moves parameters θ by their loss gradient, one step at a time, in place. */
export interface Optimizer {
  /** θ_(t+1) from θ_t and ∇L(θ_t), under a weight decay wd per unit of learning rate. */
  step(weightDecay: number): void
  /** Further state than θ that a resumed training needs. */
  readonly matrices: Readonly<Record<string, Matrix>>
  scalars(): Record<string, number>
  restore(scalars: Record<string, number>): void
}

/** The optimizer that a specification names, on (E, W) and the gradient of both, at rest (zero moments). */
export function createOptimizer(
  backend: Backend,
  { optimizer, learningRate }: Pick<TrainingSpec, 'optimizer' | 'learningRate'>,
  parameters: LayerPair,
  gradient: LayerPair,
): Optimizer {
  switch (optimizer.kind) {
    case 'gradientDescent':
      return gradientDescent(backend, learningRate, parameters, gradient)
    case 'momentum':
      return momentum(backend, learningRate, optimizer.momentum, parameters, gradient)
    case 'adamw':
      return adamw(backend, learningRate, optimizer, parameters, gradient)
  }
}
