import type { TrainingSpec } from '../../../shared/experiment.ts'
import type { Tensor2D, TensorFlow } from '../backend/tensorflow.ts'
import type { Backend, RealArray } from '../backend/backend.ts'
import { batchSampler, batchSizes } from '../dynamics/batches.ts'
import { isTokens, type Inputs } from '../network/inputs.ts'
import { createSamples, takeSamples } from '../network/network.ts'
import type { Network, Samples } from '../network/model.ts'
import type { DeviceSamples } from './deviceGradient.ts'
import type { ThetaLayout } from './thetaLayout.ts'

/** The training samples of a network on a device. */
export interface StepSamples {
  /** All of them, kept there from the first call on. */
  all(): DeviceSamples
  /** Those of the step from `position` on; where it is taken on a batch they are sent for it, as `batchGradient` draws them. */
  at(position: number): DeviceSamples
  dispose(): void
}

export function stepSamples(
  tf: TensorFlow,
  { backend, train }: Network,
  { inputs, hasBiases }: Pick<ThetaLayout, 'inputs' | 'hasBiases'>,
  batch: TrainingSpec['batch'],
  seed: number,
): StepSamples {
  const send = ({ X, Y }: Samples): DeviceSamples => ({
    X: tensorOf(tf, denseInputs(backend, X, { inputs, hasBiases }), inputs),
    Y: tensorOf(tf, backend.download(Y), Y.columns),
  })
  let whole: DeviceSamples | undefined

  function all(): DeviceSamples {
    if (!whole) {
      const { X, Y } = send(train)
      whole = { X: tf.keep(X), Y: tf.keep(Y) }
    }
    return whole
  }

  return {
    all,
    at: batch ? batches() : all,
    dispose() {
      if (whole) tf.dispose([whole.X, whole.Y])
      whole = undefined
    },
  }

  function batches(): (position: number) => DeviceSamples {
    const n = train.Y.rows
    const indices = batchSampler(n, batch!, seed)
    const rooms = new Map(batchSizes(n, batch!).map((rows) => [rows, createSamples(backend, train, rows)]))
    return (position) => {
      const rows = indices(position)
      const taken = rooms.get(rows.length)!
      takeSamples(backend, train, rows, taken)
      return send(taken)
    }
  }
}

function tensorOf(tf: TensorFlow, values: RealArray, columns: number): Tensor2D {
  return tf.tensor2d(Float32Array.from(values), [values.length / columns, columns])
}

/** X (n × m) with its zeros, and with biases a column of ones; of the host's memory, which a step must not take of the backend's. */
function denseInputs(
  backend: Backend,
  X: Inputs,
  { inputs, hasBiases }: Pick<ThetaLayout, 'inputs' | 'hasBiases'>,
): RealArray {
  if (!isTokens(X) && !hasBiases) return backend.download(X)
  const dense = new Float32Array(X.rows * inputs)
  if (isTokens(X)) X.indices.forEach((token, at) => (dense[Math.floor(at / X.perRow) * inputs + token]! += 1))
  else {
    const values = backend.download(X)
    for (let row = 0; row < X.rows; row++) {
      dense.set(values.subarray(row * X.columns, (row + 1) * X.columns), row * inputs)
    }
  }
  if (hasBiases) for (let row = 0; row < X.rows; row++) dense[(row + 1) * inputs - 1] = 1
  return dense
}
