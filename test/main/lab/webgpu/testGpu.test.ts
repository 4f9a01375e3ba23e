import { describe, expect, it } from 'vitest'
import { tested } from '../../../../src/main/lab/testedDevice.ts'
import { testGpu } from '../../../../src/main/lab/webgpu/testGpu.ts'
import { backendOnGpu, gpuWith, software } from '../../../support/softwareGpu.ts'

describe.skipIf(!software.gpu)(`the test of a GPU: ${software.name}`, () => {
  const gpu = software.gpu!

  /** A GPU that compiles another text. */
  function compiling(written: string, planted: string): GPUDevice {
    const createShaderModule = ({ code, ...descriptor }: GPUShaderModuleDescriptor) =>
      gpu.createShaderModule({ ...descriptor, code: code.replace(written, planted) })
    return gpuWith(gpu, { createShaderModule })
  }

  it('is passed, with equal bits', async () => {
    expect(await testGpu(gpu)).toEqual({ repeats: true })
  })

  it.each([
    ['weight - (shrinkage', 'weight + (shrinkage', /20 steps of adamw, fused is off by \d.*, allowed 2/],
    ['return 4.0 * e', 'return -4.0 * e', /20 steps of gradientDescent in products is off/],
    ['take(at, factor * gradient[at])', 'take(at, -factor * gradient[at])', /momentum, fused, clipped, .* is off/],
    ['step.clampedNorm / norm()', '-step.clampedNorm / norm()', /clamped is off/],
    ['fma(left3, right3, sum3_3)', 'fma(-left3, right3, sum3_3)', /product of 131 × 37 × 263 in tiles of 64 is off/],
  ])('refuses a wrong sign in one kernel, with the number: %s', async (written, planted, failure) => {
    await expect(tested(backendOnGpu(compiling(written, planted)))).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(failure) as string,
    })
  })
})
