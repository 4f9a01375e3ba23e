import type { TrainingSpec } from '../../../shared/experiment.ts'
import { isDecoupled, ratesOfParameter } from '../../../shared/training.ts'
import type { Tensor2D, TensorFlow } from '../backend/tensorflow.ts'
import type { DeviceNumbers } from './deviceNumbers.ts'

/** What a step is taken with: number 1, 2, … of all, at η and wd, on ∇L as `scale` times a tensor. */
interface DeviceStep {
  step: number
  learningRate: number
  weightDecay: number
  scale: number
}

/** An optimizer on a device, for all parameters at once. */
export interface DeviceOptimizer {
  /** The moments that Θ has, by the names they have on the host. */
  readonly moments: readonly string[]
  /** [Θ, …moments] after a step, all of them new tensors. */
  step(theta: Tensor2D, gradient: Tensor2D, moments: readonly Tensor2D[], settings: DeviceStep): Tensor2D[]
}

/**
 * The formulas of `gradientDescent`, `momentum` and `adamw` in operations of TensorFlow, their factors gathered into as few
 * numbers as there can be. `parameters` are the names of those that Θ holds.
 */
export function deviceOptimizer(
  tf: TensorFlow,
  { constant, ofParameters }: DeviceNumbers,
  spec: Pick<TrainingSpec, 'optimizer' | 'weightDecayKind' | 'perParameter'>,
  parameters: readonly string[],
): DeviceOptimizer {
  const { optimizer } = spec
  const rates = parameters.map((name) => ratesOfParameter(spec, name))
  const isBeside = isDecoupled(spec)
  const rateOf = ({ learningRate }: DeviceStep) => rates.map((each) => learningRate * each.learningRate)
  const decayOf = ({ weightDecay }: DeviceStep) => rates.map((each) => weightDecay * each.weightDecay)
  const times = (factor: Tensor2D, x: Tensor2D): Tensor2D => tf.mul(factor, x)

  /** Θ − (η·wd·Θ + move), the decay where it is beside the step: a factor 1 − η·wd would be rounded to float32 and with it a small η·wd away. */
  function moved(theta: Tensor2D, move: Tensor2D, settings: DeviceStep, isShrinking = isBeside): Tensor2D {
    if (!isShrinking || settings.weightDecay === 0) return tf.sub(theta, move)
    const decay = decayOf(settings)
    const shrinkage = rateOf(settings).map((rate, i) => rate * decay[i]!)
    return tf.sub(theta, tf.add(times(ofParameters('shrinkage', shrinkage), theta), move))
  }

  /** The gradient that moments are of, as a tensor and its factor: with the decay in it where it belongs there. */
  function force(theta: Tensor2D, gradient: Tensor2D, settings: DeviceStep): [Tensor2D, scale: number] {
    if (isBeside || settings.weightDecay === 0) return [gradient, settings.scale]
    const scaled = times(ofParameters('scale', [settings.scale]), gradient)
    return [tf.add(scaled, times(ofParameters('decay', decayOf(settings)), theta)), 1]
  }

  switch (optimizer.kind) {
    case 'gradientDescent':
      return {
        moments: [],
        step(theta, gradient, _moments, settings) {
          const rate = rateOf(settings).map((each) => each * settings.scale)
          return [moved(theta, times(ofParameters('rate', rate), gradient), settings, true)]
        },
      }
    case 'momentum':
      return {
        moments: ['velocity'],
        step(theta, gradient, [velocity], settings) {
          const [slope, scale] = force(theta, gradient, settings)
          const fresh = scale === 1 ? slope : times(ofParameters('scale', [scale]), slope)
          const next: Tensor2D = tf.add(times(constant(optimizer.momentum), velocity!), fresh)
          return [moved(theta, times(ofParameters('rate', rateOf(settings)), next), settings), next]
        },
      }
    case 'adamw': {
      const { beta1, beta2, epsilon } = optimizer
      return {
        moments: ['mean', 'square'],
        step(theta, gradient, [mean, square], settings) {
          const [slope, scale] = force(theta, gradient, settings)
          const freshMean = times(ofParameters('meanShare', [(1 - beta1) * scale]), slope)
          const nextMean: Tensor2D = tf.add(times(constant(beta1), mean!), freshMean)
          const freshSquare = tf.square(times(ofParameters('squareShare', [Math.sqrt(1 - beta2) * scale]), slope))
          const nextSquare: Tensor2D = tf.add(times(constant(beta2), square!), freshSquare)
          // η·(m/a)/(√(v/b) + ε) = (η·√b/a)·m/(√v + ε·√b).
          const root = Math.sqrt(1 - beta2 ** settings.step)
          const rate = rateOf(settings).map((each) => (each * root) / (1 - beta1 ** settings.step))
          const length = tf.add(tf.sqrt(nextSquare), ofParameters('epsilon', [epsilon * root]))
          const move: Tensor2D = tf.div(times(ofParameters('rate', rate), nextMean), length)
          return [moved(theta, move, settings), nextMean, nextSquare]
        },
      }
    }
  }
}
