import { learningRateAt, weightDecayAt } from '../../../shared/decayTime.ts'
import { LabError } from '../../../shared/errors.ts'
import type { ComposedRunSpec, TrainingSpec } from '../../../shared/experiment.ts'
import { ratesOfParameter } from '../../../shared/training.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import type { Scalar, Tensor2D, TensorFlow } from '../backend/tensorflow.ts'
import type { Interventions } from '../interventions/interventions.ts'
import type { Network } from '../network/model.ts'
import { deviceGradient, type DeviceGradient } from '../tensorflow/deviceGradient.ts'
import { deviceOptimizer } from '../tensorflow/deviceOptimizer.ts'
import type { Evolution } from './evolution.ts'

/** All that a step replaces on the device; the lists run over the layers E and W. */
type DeviceState = {
  /** θ and its moments. */
  layers: Tensor2D[][]
  gradient: Tensor2D[]
  /** ‖∇L‖². */
  normSquared: Scalar
  /** Steps since the state was last sent whose gradient norm was finite. */
  finiteSteps: Scalar
}

/**
 * Training on all samples as `trainingEvolution`, in operations of TensorFlow and in float32. The state stays on the device:
 * it is sent by `begin` and read back by `collect`, which also learns of a divergence since, and at which step; every
 * step makes and releases the same number of tensors. Throws DIVERGED; OUT_OF_MEMORY where the device has no more.
 */
export function tensorflowTrainingEvolution(
  tf: TensorFlow,
  network: Network,
  spec: Pick<ComposedRunSpec, 'interventions'> & { dynamics: TrainingSpec },
  interventions: Interventions,
): Evolution {
  const { backend, model } = network
  if (backend.precision !== 'float32') {
    const message = `precision: "${backend.precision}" is not allowed with TensorFlow, which computes in "float32"`
    throw new LabError('INVALID_SPECIFICATION', message)
  }
  const { dynamics } = spec
  if (dynamics.batch) {
    const message = `dynamics.batch: a size of ${dynamics.batch.size} is not allowed with TensorFlow, whose steps take all`
    throw new LabError('INVALID_SPECIFICATION', `${message} training pairs; leave it out, or choose another backend`)
  }
  if (!model.linearReadout) {
    const message = 'network: TensorFlow has no graph for this model, only for two layers without biases'
    throw new LabError('INVALID_SPECIFICATION', `${message}; choose another backend`)
  }
  const { activation } = model.linearReadout
  const { E, W } = model.linearReadout.layers(network)
  const optimizer = deviceOptimizer(tf, dynamics)
  const host = [E, W].map((parameters) => [
    parameters,
    ...optimizer.moments.map(() => backend.matrix(parameters.rows, parameters.columns)),
  ])
  const layerNames = ['E', 'W']
  const rates = layerNames.map((name) => ratesOfParameter(dynamics, name))
  const names = layerNames.map((layer) => optimizer.moments.map((moment) => `${moment}${layer}`))
  let field: DeviceGradient | undefined
  let state: DeviceState | undefined
  let collected = true
  let optimizerSteps = 0
  let gradientNorm = NaN
  /** Where the state is on the clock, where it was when it was last sent, and how many steps it has taken since. */
  let position = 0
  let sentAt = NaN
  let stepsSince = 0

  function evaluated(layers: Tensor2D[][], finiteBefore: Scalar): DeviceState {
    const gradient = field!.evaluate(layers[0]![0]!, layers[1]![0]!)
    const normSquared: Scalar = tf.add(tf.sum(tf.square(gradient[0])), tf.sum(tf.square(gradient[1])))
    const finite = tf.cast(tf.isFinite(normSquared), 'float32')
    return { layers, gradient, normSquared, finiteSteps: tf.add(finiteBefore, finite) }
  }

  function replaceState(next: () => DeviceState): void {
    const replaced = withinMemory(() => tf.tidy(next))
    release()
    state = replaced
  }

  function release(): void {
    if (state) tf.dispose([...state.layers.flat(), ...state.gradient, state.normSquared, state.finiteSteps])
    state = undefined
  }

  function step({ layers, gradient, normSquared, finiteSteps }: DeviceState, from: number): DeviceState {
    const learningRate = learningRateAt(dynamics, from)
    const weightDecay = weightDecayAt(spec, from)
    const moved = layers.map(([theta, ...moments], i) =>
      optimizer.step(theta!, clipped(gradient[i]!, normSquared), moments, {
        step: optimizerSteps,
        learningRate: learningRate * rates[i]!.learningRate,
        weightDecay: weightDecay * rates[i]!.weightDecay,
      }),
    )
    const norm = interventions.normAt(from + 1)
    return evaluated(norm === undefined ? moved : clamped(moved, norm), finiteSteps)
  }

  /** As `trainingEvolution` clips. */
  function clipped(gradient: Tensor2D, normSquared: Scalar): Tensor2D {
    const { maxGradientNorm } = dynamics
    if (maxGradientNorm === undefined) return gradient
    return tf.mul(gradient, tf.minimum(1, tf.div(maxGradientNorm, tf.add(tf.sqrt(normSquared), 1e-6))))
  }

  function clamped(layers: Tensor2D[][], norm: number): Tensor2D[][] {
    const squares = layers.map(([theta]) => tf.sum(tf.square(theta!)))
    const factor = tf.divNoNan(tf.scalar(norm), tf.sqrt(tf.addN(squares)))
    return layers.map(([theta, ...moments]) => [tf.mul(theta!, factor), ...moments])
  }

  function collect(): void {
    if (collected || !state) return
    const { layers, normSquared, finiteSteps } = state
    const finite = withinMemory(() => finiteSteps.dataSync()[0]!)
    if (finite < stepsSince) {
      const at = finite < 0 ? 'at the start' : `from step ${sentAt + finite + 1} on`
      throw new LabError('DIVERGED', `the gradient norm is not finite ${at}: training left the finite numbers`)
    }
    gradientNorm = Math.sqrt(normSquared.dataSync()[0]!)
    layers.forEach((tensors, i) => tensors.forEach((tensor, j) => backend.upload(host[i]![j]!, tensor.dataSync())))
    collected = true
  }

  return {
    begin(at) {
      position = at
      field ??= withinMemory(() => deviceGradient(tf, network, activation, dynamics))
      replaceState(() =>
        evaluated(
          host.map((layer) => layer.map((matrix) => sent(tf, backend, matrix))),
          tf.scalar(-1),
        ),
      )
      stepsSince = 0
      collected = false
      collect()
    },
    advance(from) {
      if (stepsSince === 0) sentAt = from
      optimizerSteps += 1
      replaceState(() => step(state!, from))
      stepsSince += 1
      collected = false
      position = from + 1
      return position
    },
    collect,
    measure: () => ({
      gradientNorm,
      ...(dynamics.schedule ? { learningRate: learningRateAt(dynamics, position) } : {}),
    }),
    pull: () => gradientNorm,
    inspect: () => ({}),
    localError: () => NaN,
    extraMatrices: () =>
      Object.fromEntries(names.flatMap((layer, i) => layer.map((name, j) => [name, host[i]![j + 1]!]))),
    scalars: (): Record<string, number> => (dynamics.optimizer.kind === 'adamw' ? { optimizerSteps } : {}),
    restore(scalars) {
      optimizerSteps = scalars['optimizerSteps'] ?? 0
    },
    report: () => undefined,
    end() {
      release()
      field?.dispose()
    },
  }
}

function sent(tf: TensorFlow, backend: Backend, M: Matrix): Tensor2D {
  return tf.tensor2d(Float32Array.from(backend.download(M)), [M.rows, M.columns])
}

/** Names a failed allocation on the device for what it is. */
function withinMemory<T>(compute: () => T): T {
  try {
    return compute()
  } catch (failure) {
    const message = failure instanceof Error ? failure.message : String(failure)
    if (!/\bOOM\b|RESOURCE_EXHAUSTED|out of memory|Dst tensor is not initialized/i.test(message)) throw failure
    throw new LabError('OUT_OF_MEMORY', `the device has no memory left: ${message.split('\n')[0]}`)
  }
}
