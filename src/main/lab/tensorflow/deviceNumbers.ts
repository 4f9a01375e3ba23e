import type { Tensor2D, TensorFlow } from '../backend/tensorflow.ts'
import type { ThetaLayout } from './thetaLayout.ts'

/**
 * Numbers that stay on a device: one that is given to an operation as it is goes there anew at every call, which costs as
 * much as the operation.
 */
export interface DeviceNumbers {
  /** A number that never changes. */
  constant(value: number): Tensor2D
  /** A row of numbers that never change, by its name. */
  row(name: string, values: readonly number[]): Tensor2D
  /** One number for each parameter, or for all of them, over the entries of Θ; sent where it has changed under its name. */
  ofParameters(name: string, values: readonly number[]): Tensor2D
  dispose(): void
}

/** Numbers for parameters that lie so in Θ. */
export function deviceNumbers(tf: TensorFlow, { spread }: Pick<ThetaLayout, 'spread'>): DeviceNumbers {
  const sent = new Map<string | number, { values: readonly number[]; tensor: Tensor2D }>()

  function kept(
    key: string | number,
    values: readonly number[],
    laid: () => { values: Float32Array; shape: [number, number] },
  ): Tensor2D {
    const before = sent.get(key)
    if (before && values.every((value, i) => value === before.values[i])) return before.tensor
    before?.tensor.dispose()
    const { values: data, shape } = laid()
    const tensor = tf.keep(tf.tensor2d(data, shape))
    sent.set(key, { values, tensor })
    return tensor
  }

  return {
    constant: (value) => kept(value, [value], () => spread([value])),
    row: (name, values) => kept(name, values, () => ({ values: Float32Array.from(values), shape: [1, values.length] })),
    ofParameters: (name, values) => kept(name, values, () => spread(values)),
    dispose() {
      for (const { tensor } of sent.values()) tensor.dispose()
      sent.clear()
    },
  }
}
