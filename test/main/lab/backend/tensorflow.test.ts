import util from 'node:util'
import { describe, expect, it } from 'vitest'
import { describeTensorFlow, loadTensorFlow } from '../../../../src/main/lab/backend/tensorflow.ts'

function missing(): Promise<never> {
  const message = "Cannot find package '@tensorflow/tfjs-node-gpu' imported from /somewhere"
  return Promise.reject(Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' }))
}
const unbuilt = () => Promise.reject(new Error('The Node.js native addon module can not be found\nat path: …'))
const packageOn = (isUsingGpuDevice: boolean) => () =>
  Promise.resolve({ default: { version_core: '4.22.0', backend: () => ({ isUsingGpuDevice }) } })

const describeWith = (importPackage: () => Promise<unknown>) => describeTensorFlow(() => loadTensorFlow(importPackage))

describe('loading TensorFlow', () => {
  it('says that the package is missing and how to install it', async () => {
    await expect(loadTensorFlow(missing)).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' })
    expect(await describeWith(missing)).toEqual({
      available: false,
      reason: 'the package @tensorflow/tfjs-node-gpu is not installed',
      install: expect.stringMatching(/^npm install .*@tensorflow\/tfjs-node-gpu$/),
    })
  })

  it('says why a package that is there does not load, in one line, and how to build it', async () => {
    const found = await describeWith(unbuilt)
    expect(found.available).toBe(false)
    expect(found.reason).toMatch(/does not load: The Node.js native addon module can not be found$/)
    expect(found.install).toMatch(/^npm rebuild /)
  })

  it('refuses the native package where it finds no GPU: it would compute on the processor without saying so', async () => {
    const found = await describeWith(packageOn(false))
    expect(found).toEqual({ available: false, reason: expect.stringContaining('no GPU') })
  })

  it('names library and device where there is a GPU', async () => {
    const found = await describeWith(packageOn(true))
    expect(found).toMatchObject({ available: true, device: expect.stringMatching(/^TensorFlow.js 4.22.0, .+/) })
  })

  it('gives back the function that the package calls and Node has dropped', async () => {
    await describeWith(missing)
    const legacy = util as unknown as Record<string, (value: unknown) => boolean>
    expect([null, undefined, 0, ''].map(legacy['isNullOrUndefined']!)).toEqual([true, true, false, false])
  })

  it('describes this machine without failing, whatever is installed on it', async () => {
    const found = await describeTensorFlow()
    if (found.available) expect(found.device).toMatch(/TensorFlow/)
    else expect(found.reason!.length).toBeGreaterThan(10)
  })
})
