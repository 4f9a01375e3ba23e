import type { TrainingSpec } from '../../../shared/experiment.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import { crossEntropy } from './crossEntropy.ts'
import { meanSquaredError } from './meanSquaredError.ts'

/** A loss L of the outputs f of a network on n samples with one-hot targets y. */
export interface Loss {
  /** cotangent ← ∂L/∂f (n × o) at f = residual + y; returns L. */
  evaluate(residual: Matrix, Y: Matrix, cotangent: Matrix): number
}

/** What a specification says of a loss; its precision is float64 unless said. */
export type LossSpec = Pick<TrainingSpec, 'loss' | 'reduction' | 'lossPrecision'>

/** The loss that a specification names, over `samples` rows of `outputs` entries. */
export function createLoss(
  backend: Backend,
  { loss, reduction, lossPrecision }: LossSpec,
  samples: number,
  outputs: number,
): Loss {
  switch (loss) {
    case 'meanSquaredError':
      return meanSquaredError(backend, reduction === 'mean' ? 1 / (samples * outputs) : 1)
    case 'crossEntropy': {
      const loss = crossEntropy(reduction === 'mean' ? 1 / samples : 1, lossPrecision)
      return { evaluate: (residual, Y, cotangent) => backend.evaluateLoss(loss, residual, Y, cotangent) }
    }
  }
}
