import type { TrainingSpec } from '../../../shared/experiment.ts'
import { isDecoupled } from '../../../shared/training.ts'
import type { Tensor2D, TensorFlow } from '../backend/tensorflow.ts'

/** What a layer's step is taken with: number 1, 2, … of all, at its own η and wd. */
interface DeviceStep {
  step: number
  learningRate: number
  weightDecay: number
}

/** An optimizer on a device, one layer at a time. */
export interface DeviceOptimizer {
  /** The moments that each layer has, by the names they have on the host. */
  readonly moments: readonly string[]
  /** [θ, …moments] after a step, all of them new tensors. */
  step(
    theta: Tensor2D,
    gradient: Tensor2D,
    moments: readonly Tensor2D[],
    settings: DeviceStep,
  ): [Tensor2D, ...Tensor2D[]]
}

/** The formulas of `gradientDescent`, `momentum` and `adamw` in operations of TensorFlow. */
export function deviceOptimizer(
  tf: TensorFlow,
  spec: Pick<TrainingSpec, 'optimizer' | 'weightDecayKind'>,
): DeviceOptimizer {
  const { optimizer } = spec
  const addScaled = (x: Tensor2D, factor: number, y: Tensor2D): Tensor2D => tf.add(x, tf.mul(factor, y))
  const combine = (a: number, x: Tensor2D, b: number, y: Tensor2D): Tensor2D => tf.add(tf.mul(a, x), tf.mul(b, y))
  const isBeside = isDecoupled(spec)
  /** ∇L, with the decay in it where it belongs there. */
  const force = (gradient: Tensor2D, theta: Tensor2D, weightDecay: number) =>
    !isBeside && weightDecay > 0 ? addScaled(gradient, weightDecay, theta) : gradient
  const kept = ({ learningRate, weightDecay }: DeviceStep) => (isBeside ? 1 - learningRate * weightDecay : 1)
  switch (optimizer.kind) {
    case 'gradientDescent':
      return {
        moments: [],
        step: (theta, gradient, _moments, { learningRate, weightDecay }) => [
          combine(1 - learningRate * weightDecay, theta, -learningRate, gradient),
        ],
      }
    case 'momentum':
      return {
        moments: ['velocity'],
        step(theta, gradient, [velocity], settings) {
          const next = addScaled(force(gradient, theta, settings.weightDecay), optimizer.momentum, velocity!)
          const shrunk: Tensor2D = isBeside ? tf.mul(kept(settings), theta) : theta
          return [addScaled(shrunk, -settings.learningRate, next), next]
        },
      }
    case 'adamw': {
      const { beta1, beta2, epsilon } = optimizer
      return {
        moments: ['mean', 'square'],
        step(theta, gradient, [mean, square], settings) {
          const slope = force(gradient, theta, settings.weightDecay)
          const nextMean = combine(beta1, mean!, 1 - beta1, slope)
          const nextSquare = combine(beta2, square!, 1 - beta2, tf.square(slope))
          const root = tf.sqrt(tf.div(nextSquare, 1 - beta2 ** settings.step))
          const direction: Tensor2D = tf.div(nextMean, tf.add(root, epsilon))
          const rate = settings.learningRate / (1 - beta1 ** settings.step)
          return [combine(kept(settings), theta, -rate, direction), nextMean, nextSquare]
        },
      }
    }
  }
}
