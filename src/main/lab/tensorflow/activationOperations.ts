import type { Activation } from '../../../shared/experiment.ts'
import type { Tensor2D, TensorFlow } from '../backend/tensorflow.ts'

interface ActivationOperations {
  /** σ(Z). */
  value(Z: Tensor2D): Tensor2D
  /** σ'(Z); at a corner the value from the left. */
  derivative(Z: Tensor2D): Tensor2D
}

const leak = 0.1

/** The activations of `activationFunctions` in operations of TensorFlow, entrywise. SCIENCE.md §2. */
export function activationOperations(tf: TensorFlow, activation: Activation): ActivationOperations {
  const step = (Z: Tensor2D) => tf.cast(tf.greater(Z, 0), 'float32') as Tensor2D
  /** Φ(Z), the standard normal distribution function. */
  const normal = (Z: Tensor2D) => tf.mul(0.5, tf.add(1, tf.erf(tf.mul(Math.SQRT1_2, Z)))) as Tensor2D
  switch (activation) {
    case 'relu':
      return { value: (Z) => tf.relu(Z), derivative: step }
    case 'leakyRelu':
      return {
        value: (Z) => tf.leakyRelu(Z, leak),
        derivative: (Z) => tf.add(leak, tf.mul(1 - leak, step(Z))),
      }
    case 'quadratic':
      return { value: (Z) => tf.square(Z), derivative: (Z) => tf.mul(2, Z) }
    case 'tanh':
      return { value: (Z) => tf.tanh(Z), derivative: (Z) => tf.sub(1, tf.square(tf.tanh(Z))) }
    case 'gelu':
      return {
        value: (Z) => tf.mul(Z, normal(Z)),
        derivative: (Z) => {
          const density = tf.mul(1 / Math.sqrt(2 * Math.PI), tf.exp(tf.mul(-0.5, tf.square(Z))))
          return tf.add(normal(Z), tf.mul(Z, density))
        },
      }
    case 'identity':
      return { value: (Z) => tf.clone(Z), derivative: (Z) => tf.onesLike(Z) }
  }
}
