import type { Tensor2D, TensorFlow } from '../backend/tensorflow.ts'

/**
 * Numbers that stay on a device: one that is given to an operation as it is goes there anew at every call, which costs as
 * much as the operation.
 */
export interface DeviceNumbers {
  /** A number that never changes. */
  constant(value: number): Tensor2D
  /** One number for each layer, as a column over the rows of all of them; sent where it has changed under its name. */
  ofLayers(name: string, values: readonly number[]): Tensor2D
  dispose(): void
}

/** Numbers for layers of so many rows each. */
export function deviceNumbers(tf: TensorFlow, rows: readonly number[]): DeviceNumbers {
  const sent = new Map<string | number, { values: readonly number[]; tensor: Tensor2D }>()

  function number(key: string | number, values: readonly number[]): Tensor2D {
    const before = sent.get(key)
    if (before && values.every((value, i) => value === before.values[i])) return before.tensor
    before?.tensor.dispose()
    const isCommon = values.every((value) => value === values[0])
    const column = isCommon ? [values[0]!] : values.flatMap((value, i) => Array<number>(rows[i]!).fill(value))
    const tensor = tf.keep(tf.tensor2d(column, [column.length, 1]))
    sent.set(key, { values, tensor })
    return tensor
  }

  return {
    constant: (value) => number(value, [value]),
    ofLayers: number,
    dispose() {
      for (const { tensor } of sent.values()) tensor.dispose()
      sent.clear()
    },
  }
}
