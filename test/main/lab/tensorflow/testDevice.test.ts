import { describe, expect, it } from 'vitest'
import type { Tensor2D, TensorFlow } from '../../../../src/main/lab/backend/tensorflow.ts'
import { testDevice } from '../../../../src/main/lab/tensorflow/testDevice.ts'
import { tested } from '../../../../src/main/lab/testedDevice.ts'
import { backendOn, cpuTensorFlow, devices } from '../../../support/tensorflowDevices.ts'

/** A device with other products. */
function deviceWith(product: (...[A, B]: [Tensor2D, Tensor2D, boolean?, boolean?]) => Tensor2D): TensorFlow {
  return { ...cpuTensorFlow, matMul: product as TensorFlow['matMul'] }
}

/** x with ten bits after its first, as TF32 has them. */
function shortened(x: Tensor2D): Tensor2D {
  const values = Float32Array.from(x.dataSync())
  const bits = new Uint32Array(values.buffer)
  bits.forEach((each, at) => (bits[at] = (each + 0x1000) & 0xffffe000))
  return cpuTensorFlow.tensor2d(values, x.shape)
}

describe.each(devices)('the test of a device: $name', ({ tf }) => {
  const testOf = tf ? it : it.skip

  testOf('is passed, with equal bits', async () => {
    const before = tf!.memory().numTensors
    expect(await testDevice(tf!)).toEqual({ repeats: true })
    expect(tf!.memory().numTensors).toBe(before)
  })
})

describe('the test of a device', () => {
  it('refuses products in TF32, with the number', async () => {
    const tf = deviceWith((A, B, ...transposed) => cpuTensorFlow.matMul(shortened(A), shortened(B), ...transposed))
    await expect(tested(backendOn(tf))).rejects.toThrow(
      /in a test computes wrongly: the product of .* is off by \d.*, allowed 2\.4/,
    )
  })

  it('refuses wrong steps', async () => {
    const sign = ((x: Tensor2D) => cpuTensorFlow.onesLike(x)) as TensorFlow['sign']
    expect((await testDevice({ ...cpuTensorFlow, sign })).failure).toMatch(/^20 steps of gradientDescent is off by/)
  })

  it('says where steps do not repeat their bits', async () => {
    let calls = 0
    const tf = deviceWith((...product) =>
      cpuTensorFlow.mul(cpuTensorFlow.matMul(...product), 1 + (calls++ % 11) * 2 ** -23),
    )
    expect(await testDevice(tf)).toEqual({ repeats: false })
    expect((await tested(backendOn(tf))).description).toBe('in a test, whose steps do not repeat their bits')
  })
})
