import { lossDescriptions, type Loss as LossKind } from '../../../shared/dynamics/losses.ts'
import type { TrainingSpec } from '../../../shared/experiment.ts'
import type { Precision } from '../../../shared/specification/limits.ts'
import type { Backend, LossFunction } from '../backend/backend.ts'
import { crossEntropy } from './crossEntropy.ts'
import { meanSquaredError } from './meanSquaredError.ts'
import type { Loss } from './loss.ts'

/** What a specification says of a loss; its precision is float64 unless said. */
export type LossSpec = Pick<TrainingSpec, 'loss' | 'reduction' | 'lossPrecision'>

/** The loss that a specification names, over `samples` rows of `outputs` entries. */
export function createLoss(
  backend: Backend,
  { loss, reduction, lossPrecision }: LossSpec,
  samples: number,
  outputs: number,
): Loss {
  const terms = lossDescriptions[loss].terms === 'entries' ? samples * outputs : samples
  return makers[loss](backend, reduction === 'mean' ? 1 / terms : 1, lossPrecision)
}

/** The other half of every kind of loss, times a scale. */
const makers: Record<LossKind, (backend: Backend, scale: number, precision?: Precision) => Loss> = {
  meanSquaredError,
  crossEntropy: (backend, scale, precision) => entrywise(backend, crossEntropy(scale, precision)),
}

/** A loss that is a function of its arrays. */
function entrywise(backend: Backend, loss: LossFunction): Loss {
  return { evaluate: (residual, Y, cotangent) => backend.evaluateLoss(loss, residual, Y, cotangent) }
}
