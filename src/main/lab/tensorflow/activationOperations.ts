import type { Activation } from '../../../shared/experiment.ts'
import type { Tensor2D, TensorFlow } from '../backend/tensorflow.ts'
import type { DeviceNumbers } from './deviceNumbers.ts'

interface ActivationOperations {
  /** σ(Z). */
  value(Z: Tensor2D): Tensor2D
  /** A ⊙ σ'(Z), where H = σ(Z); at a corner σ' has its value from the left. */
  multiplyByDerivative(Z: Tensor2D, H: Tensor2D, A: Tensor2D): Tensor2D
}

const leak = 0.1

/** The activations of `activationFunctions` in operations of TensorFlow, entrywise. SCIENCE.md §2. */
export function activationOperations(
  tf: TensorFlow,
  { constant }: Pick<DeviceNumbers, 'constant'>,
  activation: Activation,
): ActivationOperations {
  /** Φ(Z), the standard normal distribution function. */
  const normal = (Z: Tensor2D): Tensor2D =>
    tf.mul(constant(0.5), tf.add(constant(1), tf.erf(tf.mul(constant(Math.SQRT1_2), Z))))
  switch (activation) {
    case 'relu':
      return {
        value: (Z) => tf.relu(Z),
        // σ(Z) is positive where Z is, and 0 elsewhere.
        multiplyByDerivative: (_Z, H, A) => tf.mul(A, tf.sign(H)),
      }
    case 'leakyRelu':
      return {
        value: (Z) => tf.leakyRelu(Z, leak),
        multiplyByDerivative: (Z, _H, A) => tf.mul(A, tf.maximum(tf.sign(Z), constant(leak))),
      }
    case 'quadratic':
      return {
        value: (Z) => tf.square(Z),
        multiplyByDerivative: (Z, _H, A) => tf.mul(A, tf.mul(constant(2), Z)),
      }
    case 'tanh':
      return {
        value: (Z) => tf.tanh(Z),
        multiplyByDerivative: (_Z, H, A) => tf.mul(A, tf.sub(constant(1), tf.square(H))),
      }
    case 'gelu':
      return {
        value: (Z) => tf.mul(Z, normal(Z)),
        multiplyByDerivative(Z, _H, A) {
          const density: Tensor2D = tf.mul(
            constant(1 / Math.sqrt(2 * Math.PI)),
            tf.exp(tf.mul(constant(-0.5), tf.square(Z))),
          )
          return tf.mul(A, tf.add(normal(Z), tf.mul(Z, density)))
        },
      }
    case 'identity':
      return { value: (Z) => Z, multiplyByDerivative: (_Z, _H, A) => A }
  }
}
