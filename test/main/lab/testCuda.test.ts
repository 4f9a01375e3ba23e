import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { forkProbe } from '../../../src/main/lab/backend/forkProbe.ts'
import { kernelSource } from '../../../src/main/lab/backend/cuda/kernelSource.ts'
import { describeCuda } from '../../../src/main/lab/backend/cuda/describeCuda.ts'
import { tested } from '../../../src/main/lab/testedDevice.ts'
import { testCuda } from '../../../src/main/lab/testCuda.ts'
import { backendOnStub, provideStub, whyNoStub } from '../../support/cuda/stubCuda.ts'

const sizes = { samples: 30, hidden: 40, outputs: 5 }

afterEach(() => vi.unstubAllEnvs())

describe.skipIf(whyNoStub)(`what is said of CUDA, by a stand-in (${whyNoStub ?? 'for tests'})`, () => {
  beforeAll(() => void provideStub())

  const described = async (variables: Record<string, string>) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
    return describeCuda(sizes)
  }

  it('is that a card was tested and timed in a process of its own, and that it is none', async () => {
    expect(await described({})).toEqual({
      available: true,
      device: expect.stringMatching(
        /^stand-in on the processor, for tests: no card, compute capability 9\.0, driver for CUDA 12\.2, cuBLAS 12\.1\.3, kernels by NVRTC 12\.0$/,
      ) as string,
      seconds: expect.toSatisfy((seconds: number) => seconds > 0) as number,
    })
  })

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'a stand-in is not admitted',
      { GROKSCOPE_CUDA_STUB: '' },
      /^only a stand-in for the driver was found, which computes on/,
    ],
    ['there is no card', { GROKSCOPE_STUB_CARDS: '0' }, /^the driver shows no card$/],
    [
      'the card is too old',
      { GROKSCOPE_STUB_CAPABILITY: '52' },
      /^no card, compute capability 5\.2, is too old: 6\.0 is needed$/,
    ],
    ['the driver is too old', { GROKSCOPE_STUB_DRIVER: '11080' }, /knows CUDA 11\.8; 12 or 13 is needed$/],
    ['the driver fails', { GROKSCOPE_STUB_FAIL: 'cuInit:1:100' }, /^cuInit failed: CUDA_ERROR_OF_THE_STUB \(100\)$/],
    [
      'memory runs out',
      { GROKSCOPE_STUB_FAIL: 'cuMemAlloc_v2:1:2' },
      /^the card has no memory left \(cuMemAlloc: CUDA_ERROR_OUT_OF/,
    ],
    ['a call fails', { GROKSCOPE_STUB_FAIL: 'cublasDgemm_v2:9:13' }, /^cublasDgemm failed: status 13$/],
  ])('is the first thing that is missing: %s', async (_, variables, reason) => {
    const found = await described(variables)
    expect(found).toMatchObject({ available: false, reason: expect.stringMatching(reason) as string })
  })

  it('outlives a driver that ends its process', async () => {
    const found = await describeCuda(sizes, async (request, timeout) => {
      const outcome = await forkProbe(request, timeout)
      expect(outcome).toHaveProperty('report')
      return { ended: { code: null, signal: 'SIGSEGV', lastWords: '' } }
    })
    expect(found).toEqual({ available: false, reason: 'it ended the process that tried it (SIGSEGV)' })
  })

  it('is nothing wrong where the kernels are right', async () => {
    const backend = await backendOnStub()
    expect(testCuda(backend)).toEqual({ repeats: true })
    backend.close()
  })

  it.each<[written: string, planted: string, failure: RegExp]>([
    ['z > 0 ? 1.0 : 0.1', 'z > 0 ? 1.0 : -0.1', /field \(modularAddition, d_h = 61, leakyRelu, ridge 0\.1\) is off by/],
    ['1.0 / (cosh(z)', '-1.0 / (cosh(z)', /field \(modularAddition, d_h = 61, tanh, ridge 0\.1\) is off by/],
    ['fma(-block[', 'fma(block[', /solveCholesky of \d+ × \d+ is off by/],
    ['q++) sum += a[', 'q++) sum -= a[', /field \(modularAddition, d_h = 61, relu, ridge 0\.1\) is off by/],
  ])(
    'is that it computes wrongly, with the number, where a kernel has a wrong sign: %s',
    async (written, planted, failure) => {
      expect(kernelSource).toContain(written)
      provideStub(kernelSource.replaceAll(written, planted))
      const backend = await backendOnStub()
      await expect(tested(backend)).rejects.toMatchObject({
        code: 'BACKEND_UNAVAILABLE',
        message: expect.stringMatching(failure) as string,
      })
      backend.close()
      provideStub()
    },
  )
})
