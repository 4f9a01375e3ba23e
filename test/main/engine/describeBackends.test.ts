import { expect, it } from 'vitest'
import { describeBackends } from '../../../src/main/engine/worker/chooseJobBackend.ts'
import { devices } from '../../support/tensorflowDevices.ts'

const kinds = ['webgpu', ...(devices[1]!.tf ? (['tensorflow'] as const) : [])] as const

it.each(kinds)('a device pays where its step is faster than what runs use else: %s', async (kind) => {
  const seconds = { wasm: 0.02, blas: 0.02, plain: 1, cuda: 1, tensorflow: 0.003, webgpu: 0.003 }
  const found = await describeBackends({ cacheFolder: undefined, maxThreads: 2 }, (request) =>
    Promise.resolve({
      report: { ...request, description: request.kind, seconds: seconds[request.kind] },
      lastWords: '',
    }),
  )
  const [device, others] = [found.find((each) => each.kind === kind)!, found.find(({ chosen }) => chosen)!]
  expect(device).toMatchObject({
    available: true,
    description: kind,
    chosen: false,
    reason: null,
    install: null,
    advice: null,
  })
  const [, millions] = /pays from about (\d+) million multiply-adds a step on; this has 28$/.exec(device.choice!)!
  expect(Number(millions) / ((others.multiplyAddsPerSecond! * 0.003) / 1e6)).toBeCloseTo(1, 1)
  expect(device.paysFrom).toBeCloseTo(others.multiplyAddsPerSecond! * 0.003, 3)
  expect(device.choice).toMatch(/3 ms for a step of AdamW on n = 492, d_h = 512, p = 37/)
})

it('what is offered for copying is a command to the letter: the words beside it stand apart', async () => {
  const failure = 'CUDA: libcublas.so.13 was not found'
  const remedy = { install: 'pip install nvidia-cusolver nvidia-cublas', advice: 'or name their folder' }
  const found = await describeBackends({ cacheFolder: undefined, maxThreads: 2 }, (request) =>
    Promise.resolve({ report: { ...request, failure, ...(request.kind === 'cuda' && remedy) }, lastWords: '' }),
  )
  expect(found.find(({ kind }) => kind === 'cuda')).toMatchObject({ available: false, ...remedy })
  expect(found.find(({ kind }) => kind === 'blas')!.advice).toMatch(/GROKSCOPE_BLAS/)
  for (const { install } of found) {
    expect(install ?? 'npm run x').toMatch(/^(sudo apt|pip|npm|grokscope) [a-z:-]+( [\w@./:-]+)*$/)
  }
})
