import { learningRateAt } from '../../../../shared/decayTime.ts'
import type { Measurements } from '../../../../shared/run.ts'
import { measurementsOf } from '../../analysis/evaluation.ts'
import type { Split } from '../../tasks/task.ts'
import type { ToldState } from './batchPlan.ts'
import type { BatchShape } from './batchShape.ts'
import type { BatchableSpec } from './batchShapeOf.ts'

/**
 * What is recorded of a step, from the sums over samples that the device tells of its state: means over the n samples of a part, of which
 * the squared error is over the d_out entries of a row too, and the gradient's norm s √(Σ (gᵢ/s)²), where s is its largest entry.
 */
export function toldMeasurements(
  told: ToldState,
  { shape, split, dynamics, step }: { shape: BatchShape; split: Split; step: number } & Pick<BatchableSpec, 'dynamics'>,
): Measurements {
  const fits = (['train', 'test'] as const).flatMap((of) => {
    const count = split[of].length
    if (count === 0) return []
    const squaredError = told[`${of}SquaredError`]
    const evaluation = {
      squaredError,
      meanSquaredError: squaredError / (count * shape.outputs),
      crossEntropy: told[`${of}CrossEntropy`] / count,
      accuracy: told[`${of}Right`] / count,
      smallestMargin: told.smallestTrainMargin,
      meanMargin: told.testMarginSum / count,
    }
    return [measurementsOf(of, evaluation, dynamics.loss, true)]
  })
  return {
    ...fits[0],
    ...fits[1],
    firstLayerNormSquared: told.firstLayerNormSquared,
    secondLayerNormSquared: told.secondLayerNormSquared,
    gradientNorm: told.largestGradient * Math.sqrt(told.gradientShares),
    ...(dynamics.schedule ? { learningRate: learningRateAt(dynamics, step) } : {}),
  }
}
