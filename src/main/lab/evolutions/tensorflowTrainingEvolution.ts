import { learningRateAt, weightDecayAt } from '../../../shared/decayTime.ts'
import { LabError } from '../../../shared/errors.ts'
import type { ComposedRunSpec, TrainingSpec } from '../../../shared/experiment.ts'
import type { Tensor2D, TensorFlow } from '../backend/tensorflow.ts'
import type { Interventions } from '../interventions/interventions.ts'
import type { Network } from '../network/model.ts'
import { momentsOf, stateOf } from '../network/trainingState.ts'
import { deviceGradient } from '../tensorflow/deviceGradient.ts'
import { deviceNumbers } from '../tensorflow/deviceNumbers.ts'
import { deviceOptimizer } from '../tensorflow/deviceOptimizer.ts'
import { stepSamples } from '../tensorflow/stepSamples.ts'
import { thetaLayout } from '../tensorflow/thetaLayout.ts'
import type { Evolution } from './evolution.ts'

/**
 * Training as `trainingEvolution`, in operations of TensorFlow and in float32. The state stays on the device: it is sent by
 * `begin` and read back by `collect`. Only there is the gradient looked at: where it is no longer finite, the steps since
 * the last state that was read are taken again, one by one, to the first at which it was not. Throws DIVERGED with that
 * step; OUT_OF_MEMORY where the device has no more.
 */
export function tensorflowTrainingEvolution(
  tf: TensorFlow,
  network: Network,
  spec: Pick<ComposedRunSpec, 'interventions' | 'seed'> & { dynamics: TrainingSpec },
  interventions: Interventions,
): Evolution {
  const { backend, model } = network
  if (backend.precision !== 'float32') {
    const message = `precision: "${backend.precision}" is not allowed with TensorFlow, which computes in "float32"`
    throw new LabError('INVALID_SPECIFICATION', message)
  }
  const { twoLayers } = model
  if (!twoLayers) {
    const message = 'network: TensorFlow has no graph for this model, only for two layers'
    throw new LabError('INVALID_SPECIFICATION', `${message}; choose another backend`)
  }
  const { dynamics } = spec
  const layout = thetaLayout(network.parameters.map(({ matrix }) => matrix))
  const names = network.parameters.map(({ name }) => name)
  const numbers = deviceNumbers(tf, layout)
  const optimizer = deviceOptimizer(tf, numbers, dynamics, names)
  const field = deviceGradient(tf, numbers, layout, twoLayers.activation, dynamics)
  const samples = stepSamples(tf, network, layout, dynamics.batch, spec.seed)
  const moments = momentsOf(network, optimizer.moments)
  /** What the tensors of the state are on the host, as it was read last. */
  const host = stateOf(network, moments)
  /** Θ and its moments. */
  let state: Tensor2D[] | undefined
  /** ∇L of all samples at the present state, but for its scale, where it has been asked for. */
  let gradient: Tensor2D | undefined
  let gradientNorm = NaN
  let optimizerSteps = 0
  /** Where the state is on the clock, and where it was when it was last read. */
  let position = 0
  let collectedAt = NaN

  function replaceState(next: Tensor2D[]): void {
    release()
    state = next
  }

  function release(): void {
    tf.dispose([...(state ?? []), ...(gradient ? [gradient] : [])])
    state = gradient = undefined
  }

  function wholeGradient(): Tensor2D {
    return (gradient ??= tf.tidy(() => field.evaluate(state![0]!, samples.all())))
  }

  function send(): void {
    replaceState(host.map((list) => tf.tensor2d(layout.pack(backend, list), [layout.rows, layout.columns])))
  }

  function step(from: number): Tensor2D[] {
    const [theta, ...before] = state!
    const given = samples.at(from)
    const scale = field.scale(given)
    const slope = dynamics.batch ? field.evaluate(theta!, given) : wholeGradient()
    const [moved, ...after] = optimizer.step(theta!, clipped(slope, scale), before, {
      step: optimizerSteps,
      learningRate: learningRateAt(dynamics, from),
      weightDecay: weightDecayAt(spec, from),
      scale,
    })
    const norm = interventions.normAt(from + 1)
    return [norm === undefined ? moved! : clamped(moved!, norm), ...after]
  }

  function advance(from: number): void {
    optimizerSteps += 1
    replaceState(tf.tidy(() => step(from)))
    position = from + 1
  }

  /** As `trainingEvolution` clips. */
  function clipped(slope: Tensor2D, scale: number): Tensor2D {
    const { maxGradientNorm } = dynamics
    if (maxGradientNorm === undefined) return slope
    const norm = tf.mul(scale, normOnDevice(slope))
    return tf.mul(slope, tf.minimum(1, tf.div(maxGradientNorm, tf.add(norm, 1e-6))))
  }

  function clamped(theta: Tensor2D, norm: number): Tensor2D {
    return tf.mul(theta, tf.divNoNan(tf.scalar(norm), normOnDevice(theta)))
  }

  /** ‖x‖ by shares of its largest entry, so that the squares of finite numbers are finite. */
  function normOnDevice(x: Tensor2D) {
    const largest = tf.max(tf.abs(x))
    return tf.mul(largest, tf.sqrt(tf.sum(tf.square(tf.divNoNan(x, largest)))))
  }

  /** ‖∇L‖ at the present state. Summed here in float64, where the squares of finite numbers are finite. */
  function norm(): number {
    let squares = 0
    for (const each of wholeGradient().dataSync()) squares += each * each
    return field.scale(samples.all()) * Math.sqrt(squares)
  }

  function collect(): void {
    if (!state || collectedAt === position) return
    const found = norm()
    if (!Number.isFinite(found)) throw divergence()
    gradientNorm = found
    state.forEach((tensor, i) => layout.unpack(backend, tensor.dataSync() as Float32Array, host[i]!))
    collectedAt = position
  }

  function divergence(): LabError {
    const last = position
    if (last > collectedAt) {
      optimizerSteps -= last - collectedAt
      send()
      for (position = collectedAt; position < last && Number.isFinite(norm());) advance(position)
    }
    const message = `the gradient norm is not finite from step ${position} on: training left the finite numbers`
    return new LabError('DIVERGED', message)
  }

  return {
    begin: (at) =>
      withinMemory(() => {
        position = at
        collectedAt = NaN
        send()
        collect()
      }),
    advance(from) {
      withinMemory(() => advance(from))
      return position
    },
    collect: () => withinMemory(collect),
    measure: () => ({
      gradientNorm,
      ...(dynamics.schedule ? { learningRate: learningRateAt(dynamics, position) } : {}),
    }),
    pull: () => gradientNorm,
    inspect: () => ({}),
    localError: () => NaN,
    extraMatrices: () => Object.fromEntries(moments.flat().map(({ name, matrix }) => [name, matrix])),
    scalars: (): Record<string, number> => (dynamics.optimizer.kind === 'adamw' ? { optimizerSteps } : {}),
    restore(scalars) {
      optimizerSteps = scalars['optimizerSteps'] ?? 0
    },
    report: () => undefined,
    end() {
      release()
      samples.dispose()
      numbers.dispose()
    },
  }
}

/** Names a failed allocation on the device for what it is: status 8 of TensorFlow, whatever words come with it. */
function withinMemory<T>(compute: () => T): T {
  try {
    return compute()
  } catch (failure) {
    const text = failure instanceof Error ? failure.message : String(failure)
    if (failure instanceof LabError || !outOfMemory.test(text)) throw failure
    const words = /^Message: (.+)$/m.exec(text)?.[1] ?? text.split('\n')[0]!
    throw new LabError('OUT_OF_MEMORY', `the device has no memory left: ${words}`)
  }
}

const outOfMemory = /^Invalid TF_Status: 8$|\bOOM\b|RESOURCE_EXHAUSTED|out of memory|Dst tensor is not initialized/im
