import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ProbeOutcome } from '../../../../src/main/lab/backend/probe.ts'
import { describeTensorFlow } from '../../../../src/main/lab/tensorflow/describeTensorFlow.ts'
import { devices } from '../../../support/tensorflowDevices.ts'

const sizes = { samples: 30, hidden: 40, outputs: 5 }
const request = { kind: 'tensorflow', threads: 1, precision: 'float32', sizes } as const
const isHere = devices[1]!.tf !== undefined

afterEach(() => vi.unstubAllEnvs())

describe.skipIf(!isHere)('what is said of TensorFlow', () => {
  const after = (outcome: ProbeOutcome) => describeTensorFlow(sizes, () => Promise.resolve(outcome))
  const loaderSays = (name: string) =>
    `2026-11-27 09:00:00.1: W external/local_tsl/tsl/platform/default/dso_loader.cc:60] Could not load dynamic library '${name}'; dlerror: ${name}: cannot open shared object file`

  it('comes from a process of its own', async () => {
    expect(await describeTensorFlow(sizes)).toEqual({
      available: true,
      device: devices[1]!.name,
      seconds: expect.toSatisfy((seconds: number) => seconds > 0),
    })
  })

  it('names the libraries that are not there, each once', async () => {
    const lastWords = ['libcublas.so.12', 'libcudnn.so.9', 'libcublas.so.12'].map(loaderSays).join('\n')
    const failure = 'TensorFlow: TensorFlow 2.18.1 found no GPU that it can use; it opens CUDA 12 and cuDNN 9'
    expect(await after({ report: { ...request, failure }, lastWords })).toEqual({
      available: false,
      reason: `${failure.slice(12)}; not found: libcublas.so.12, libcudnn.so.9`,
      part: 'cuda',
      place: expect.stringMatching(/tfjs-node-gpu$/) as string,
      install: 'npm run gpu:tensorflow',
    })
  })

  it('outlives a library that ends its process', async () => {
    const lastWords = `${loaderSays('libcudart.so.12')}\nBad StatusOr access: INTERNAL: Error loading CUDA libraries\n*** end ***\n`
    expect(await after({ ended: { code: null, signal: 'SIGABRT', lastWords } })).toMatchObject({
      available: false,
      reason: expect.stringMatching(/\(SIGABRT\): Bad StatusOr .*; not found: libcudart.so.12$/) as string,
    })
  })

  it('tells of wrong numbers, and that nothing came', async () => {
    const failure = 'TensorFlow.js 4 computes wrongly: the product of 1 × 1 × 1 is off by 1, allowed 0'
    expect(await after({ report: { ...request, failure }, lastWords: '' })).toEqual({
      available: false,
      reason: failure,
    })
    expect(await after({ timedOut: true })).toMatchObject({ reason: 'it gave no result within 180 s' })
  })
})
