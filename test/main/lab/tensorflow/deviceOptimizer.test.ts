import { describe, expect, it } from 'vitest'
import { deviceOptimizer } from '../../../../src/main/lab/tensorflow/deviceOptimizer.ts'
import { cpuTensorFlow as tf } from '../../../support/tensorflowDevices.ts'

/** Numbers of one parameter. */
const numbers = {
  constant: (value: number) => tf.tensor2d([[value]]),
  row: (_: string, values: readonly number[]) => tf.tensor2d([[...values]]),
  ofParameters: (_: string, values: readonly number[]) => tf.tensor2d([[values[0]!]]),
  dispose: () => undefined,
}
const optimizers = {
  'gradient descent': { kind: 'gradientDescent' },
  'momentum, decoupled': { kind: 'momentum', momentum: 0.9 },
  AdamW: { kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-8 },
} as const

describe.each(Object.entries(optimizers))('weight decay by %s on a device', (_, optimizer) => {
  it.each([1e-7, 1e-6, 1e-5])('is η·wd = %f of the weights on average, though they are rounded to float32', (decay) => {
    const spec = { optimizer, weightDecayKind: 'decoupled', perParameter: undefined } as const
    const { step, moments } = deviceOptimizer(tf, numbers, spec as Parameters<typeof deviceOptimizer>[2], ['E'])
    // Of many sizes, so that what rounding adds to one it takes from another.
    const weights = Float32Array.from({ length: 20_000 }, (_, place) => 2 ** ((place * 0.6180339887) % 1))
    const theta = tf.tensor2d(weights, [1, weights.length])
    const none = tf.zerosLike(theta)
    const settings = { step: 1, learningRate: 1e-3, weightDecay: decay / 1e-3, scale: 1 }
    const [next] = step(
      theta,
      none,
      moments.map(() => none),
      settings,
    )
    const after = next!.dataSync()
    const lost = weights.reduce((sum, weight, place) => sum + (weight - after[place]!), 0)
    const share = lost / weights.reduce((sum, weight) => sum + weight, 0)
    expect(Math.abs(share / decay - 1)).toBeLessThan(0.06)
  })
})
