import { afterEach, describe, expect, it, vi } from 'vitest'
import { loadWebGpu } from '../../../../src/main/lab/backend/webgpu.ts'
import { describeWebGpu } from '../../../../src/main/lab/webgpu/describeWebGpu.ts'
import type { ProbeOutcome } from '../../../../src/main/lab/backend/probe.ts'
import { collectRun, eventsOf, runSpec } from '../../../support/runs.ts'
import { backendOnGpu, software } from '../../../support/softwareGpu.ts'

const sizes = { samples: 30, hidden: 40, outputs: 5 }
const request = { kind: 'webgpu', threads: 1, precision: 'float32', sizes } as const

afterEach(() => vi.unstubAllEnvs())

describe.skipIf(!software.gpu)('WebGPU', () => {
  it('takes a software driver where it is asked for, and says that it is one', async () => {
    expect((await loadWebGpu()).description).toMatch(/^software, for tests: swiftshader.*, Dawn of webgpu 0\.6\.2$/)
  })

  it('refuses a software driver else, by name', async () => {
    vi.stubEnv('GROKSCOPE_SOFTWARE_GPU', undefined)
    await expect(loadWebGpu()).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(/^WebGPU: only a software driver was found.*: swiftshader/) as string,
    })
  })

  it('is tested and timed in a process of its own', async () => {
    expect(await describeWebGpu(sizes)).toEqual({
      available: true,
      device: software.name,
      seconds: expect.toSatisfy((seconds: number) => seconds > 0),
    })
  })

  it('says why there is no GPU, in the words of Dawn, and what brings one', async () => {
    vi.stubEnv('LD_LIBRARY_PATH', undefined)
    vi.stubEnv('VK_DRIVER_FILES', '/nowhere.json')
    vi.stubEnv('VK_ICD_FILENAMES', '/nowhere.json')
    expect(await describeWebGpu(sizes)).toEqual({
      available: false,
      reason: expect.stringMatching(/^no graphics driver offers a GPU that Dawn can use(: .*)?$/) as string,
      advice: expect.stringMatching(/Vulkan driver/) as string,
    })
  })

  it.each([
    ['GPU', 'requestAdapter', /^WebGPU: the graphics driver gives no GPU: VK_ERROR_INITIALIZATION_FAILED$/],
    ['GPUAdapter', 'requestDevice', /^WebGPU: the graphics driver gives no access to swiftshader.*: VK_ERROR_INIT/],
  ])('says what a driver refuses, in its words: %s.%s', async (owner, name, message) => {
    const { prototype } = (globalThis as unknown as Record<string, { prototype: Record<string, () => unknown> }>)[
      owner
    ]!
    const refusing = vi.spyOn(prototype, name).mockRejectedValue(new Error('VK_ERROR_INITIALIZATION_FAILED\n at x'))
    await expect(loadWebGpu()).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(message) as string,
    })
    refusing.mockRestore()
  })

  it('cannot be used where results cannot be read back, as in Electron, and says so', async () => {
    // What Dawn throws where a process takes no memory from outside; seen with its symbol replaced.
    const range = vi.spyOn(GPUBuffer.prototype, 'getMappedRange').mockImplementation(() => {
      throw new Error('Error in native callback')
    })
    const spec = runSpec({
      task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
      network: { hidden: 4 },
      dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 0, steps: 1 },
      precision: 'float32',
    })
    const events = await collectRun(spec, { backend: backendOnGpu(software.gpu!) })
    range.mockRestore()
    expect(eventsOf(events, 'settled')[0]).toMatchObject({
      status: 'failed',
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(/cannot read results back, as Electron’s cannot/) as string,
    })
  })
})

describe('what is said of WebGPU', () => {
  const after = (outcome: ProbeOutcome) => describeWebGpu(sizes, () => Promise.resolve(outcome))

  it('outlives a driver that ends its process', async () => {
    const lastWords = 'terminate called after throwing\n*** end ***\n'
    expect(await after({ ended: { code: null, signal: 'SIGSEGV', lastWords } })).toEqual({
      available: false,
      reason: 'it ended the process that tried it (SIGSEGV): terminate called after throwing',
    })
  })

  it('names what a driver lacks that Dawn refuses', async () => {
    const failure = 'WebGPU: no graphics driver offers a GPU that Dawn can use'
    const lastWords = 'Warning: Vulkan shaderUniformBufferArrayDynamicIndexing required.\n    at Initialize\n'
    expect(await after({ report: { ...request, failure }, lastWords })).toEqual({
      available: false,
      reason:
        'no graphics driver offers a GPU that Dawn can use: Vulkan shaderUniformBufferArrayDynamicIndexing required.',
    })
  })

  it('tells of wrong numbers, and that nothing came', async () => {
    const failure = 'a GPU computes wrongly: 20 steps of adamw, fused is off by 1, allowed 0'
    expect(await after({ report: { ...request, failure }, lastWords: '' })).toEqual({
      available: false,
      reason: failure,
    })
    expect(await after({ timedOut: true })).toMatchObject({ reason: 'it gave no result within 180 s' })
  })
})
