import type { TrainingSpec } from '../../../shared/experiment.ts'
import type { Tensor2D, TensorFlow } from '../backend/tensorflow.ts'

/** An optimizer on a device, one layer at a time. */
export interface DeviceOptimizer {
  /** The moments that each layer has, by the names they have on the host. */
  readonly moments: readonly string[]
  /** [θ, …moments] after step number `step` (1, 2, …), all of them new tensors. */
  step(
    theta: Tensor2D,
    gradient: Tensor2D,
    moments: readonly Tensor2D[],
    step: number,
    weightDecay: number,
  ): [Tensor2D, ...Tensor2D[]]
}

/** The formulas of `gradientDescent`, `momentum` and `adamw` in operations of TensorFlow. */
export function deviceOptimizer(
  tf: TensorFlow,
  { optimizer, learningRate }: Pick<TrainingSpec, 'optimizer' | 'learningRate'>,
): DeviceOptimizer {
  const addScaled = (x: Tensor2D, factor: number, y: Tensor2D): Tensor2D => tf.add(x, tf.mul(factor, y))
  const combine = (a: number, x: Tensor2D, b: number, y: Tensor2D): Tensor2D => tf.add(tf.mul(a, x), tf.mul(b, y))
  switch (optimizer.kind) {
    case 'gradientDescent':
      return {
        moments: [],
        step: (theta, gradient, _moments, _step, weightDecay) => [
          combine(1 - learningRate * weightDecay, theta, -learningRate, gradient),
        ],
      }
    case 'momentum':
      return {
        moments: ['velocity'],
        step(theta, gradient, [velocity], _step, weightDecay) {
          const force = weightDecay > 0 ? addScaled(gradient, weightDecay, theta) : gradient
          const next = addScaled(force, optimizer.momentum, velocity!)
          return [addScaled(theta, -learningRate, next), next]
        },
      }
    case 'adamw': {
      const { beta1, beta2, epsilon } = optimizer
      return {
        moments: ['mean', 'square'],
        step(theta, gradient, [mean, square], step, weightDecay) {
          const nextMean = combine(beta1, mean!, 1 - beta1, gradient)
          const nextSquare = combine(beta2, square!, 1 - beta2, tf.square(gradient))
          const root = tf.sqrt(tf.div(nextSquare, 1 - beta2 ** step))
          const direction: Tensor2D = tf.div(nextMean, tf.add(root, epsilon))
          const rate = learningRate / (1 - beta1 ** step)
          return [combine(1 - learningRate * weightDecay, theta, -rate, direction), nextMean, nextSquare]
        },
      }
    }
  }
}
