import type { Activation, TrainingSpec } from '../../../shared/experiment.ts'
import type { Backend } from '../backend/backend.ts'
import type { Tensor2D, TensorFlow } from '../backend/tensorflow.ts'
import { isTokens, type Inputs } from '../network/inputs.ts'
import type { Network } from '../network/model.ts'
import { activationOperations } from './activationOperations.ts'

/** The gradient of the training loss on a device. */
export interface DeviceGradient {
  /** [∇_E L, ∇_W L] at (E, W). */
  evaluate(E: Tensor2D, W: Tensor2D): [Tensor2D, Tensor2D]
  /** Releases the data on the device. */
  dispose(): void
}

/**
 * The backpropagation of `lossGradient` in operations of TensorFlow, float32, the softmax included whatever the
 * specification says of it (the provenance says float32). XE and Xᵀ(·) are products with the dense X
 * (n × m): the native gather reads its indices back from the device at every call, and a scatter on a GPU adds in an
 * order that changes from call to call, and with it the bits.
 */
export function deviceGradient(
  tf: TensorFlow,
  { backend, train: { X, Y }, parameters }: Network,
  activationName: Activation,
  { loss, reduction }: Pick<TrainingSpec, 'loss' | 'reduction'>,
): DeviceGradient {
  const width = parameters[0]!.matrix.rows
  const inputs = tf.tensor2d(denseRows(backend, X, width), [X.rows, width])
  const targets = tf.tensor2d(Float32Array.from(backend.download(Y)), [Y.rows, Y.columns])
  const activation = activationOperations(tf, activationName)
  const terms = reduction === 'sum' ? 1 : loss === 'meanSquaredError' ? Y.rows * Y.columns : Y.rows

  function cotangent(outputs: Tensor2D): Tensor2D {
    return loss === 'meanSquaredError'
      ? tf.mul(2 / terms, tf.sub(outputs, targets))
      : tf.mul(1 / terms, tf.sub(tf.softmax(outputs), targets))
  }

  return {
    evaluate(E, W) {
      const Z: Tensor2D = tf.matMul(inputs, E)
      const H = activation.value(Z)
      const C = cotangent(tf.matMul(H, W))
      const hidden: Tensor2D = tf.mul(tf.matMul(C, W, false, true), activation.derivative(Z))
      return [tf.matMul(inputs, hidden, true, false), tf.matMul(H, C, true, false)]
    },
    dispose: () => tf.dispose([inputs, targets]),
  }
}

/** X (n × m) with its zeros. */
function denseRows(backend: Backend, X: Inputs, width: number): Float32Array {
  if (!isTokens(X)) return Float32Array.from(backend.download(X))
  const dense = new Float32Array(X.rows * width)
  X.indices.forEach((token, at) => (dense[Math.floor(at / X.perRow) * width + token]! += 1))
  return dense
}
