import { lossDescriptions } from '../../../shared/dynamics/losses.ts'
import type { Activation, TrainingSpec } from '../../../shared/experiment.ts'
import type { Tensor2D, TensorFlow } from '../backend/tensorflow.ts'
import { activationOperations } from './activationOperations.ts'
import type { DeviceNumbers } from './deviceNumbers.ts'
import type { ThetaLayout } from './thetaLayout.ts'

/** Samples on a device: X (n × m) with its zeros, and with biases a last column of ones; and Y (n × o). */
export interface DeviceSamples {
  readonly X: Tensor2D
  readonly Y: Tensor2D
}

/** The gradient of the training loss on a device. */
export interface DeviceGradient {
  /** ∇L at Θ, but for the factor of its mean: shaped as Θ. */
  evaluate(theta: Tensor2D, samples: DeviceSamples): Tensor2D
  /** By what that is multiplied to be ∇L: 2/(n·o) for the mean of squares, 1/n for that of cross-entropies. */
  scale(samples: DeviceSamples): number
}

/** Of each loss, ∂L/∂f = c·(p(f) − y) but for the factor of its mean: p and c. */
const slopes: Record<TrainingSpec['loss'], { c: number; p: (tf: TensorFlow, outputs: Tensor2D) => Tensor2D }> = {
  meanSquaredError: { c: 2, p: (_, outputs) => outputs },
  crossEntropy: { c: 1, p: (tf, outputs) => tf.softmax(outputs) },
}

/**
 * The backpropagation of `lossGradient` in operations of TensorFlow, float32, the softmax included whatever the
 * specification says of it (the provenance says float32). All parameters are one tensor Θ, as `thetaLayout` has it, and so are
 * their gradients and moments, so that an update is the same few operations for all. XE and Xᵀ(·) are products with the
 * dense X: the native gather reads its indices back from the device at every call, and a scatter on a GPU adds in an
 * order that changes from call to call, and with it the bits.
 */
export function deviceGradient(
  tf: TensorFlow,
  numbers: Pick<DeviceNumbers, 'constant' | 'row'>,
  { columns, hasBiases }: Pick<ThetaLayout, 'columns' | 'hasBiases'>,
  activationName: Activation,
  { loss, reduction }: Pick<TrainingSpec, 'loss' | 'reduction'>,
): DeviceGradient {
  const activation = activationOperations(tf, numbers, activationName)
  const { c, p } = slopes[loss]
  /** A row over the hidden units, and over the one that is always 1. */
  const overUnits = (name: string, ofUnit: number, ofOne: number) =>
    numbers.row(name, [...Array<number>(columns - 1).fill(ofUnit), ofOne])
  return {
    evaluate(theta, { X, Y }) {
      const [first, second] = tf.split(theta, [X.shape[1], Y.shape[1]]) as [Tensor2D, Tensor2D]
      const Z: Tensor2D = tf.matMul(X, first)
      const values = activation.value(Z)
      // σ(0) = 0, whatever σ is.
      const H: Tensor2D = hasBiases ? tf.add(values, overUnits('one', 0, 1)) : values
      const outputs: Tensor2D = tf.matMul(H, second, false, true)
      const C: Tensor2D = tf.sub(p(tf, outputs), Y)
      const slope = activation.multiplyByDerivative(Z, values, tf.matMul(C, second))
      const hidden: Tensor2D = hasBiases ? tf.mul(slope, overUnits('units', 1, 0)) : slope
      return tf.concat([tf.matMul(X, hidden, true, false), tf.matMul(C, H, true, false)])
    },
    scale({ Y: { shape } }) {
      if (reduction === 'sum') return c
      return c / (lossDescriptions[loss].terms === 'entries' ? shape[0] * shape[1] : shape[0])
    },
  }
}
