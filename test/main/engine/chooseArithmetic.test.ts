import { expect, it } from 'vitest'
import type { Caller } from '../../../src/main/engine/host/caller.ts'
import { chooseArithmetic } from '../../../src/main/engine/host/chooseArithmetic.ts'
import type { BackendRequest, BackendSelection } from '../../../src/main/engine/messages.ts'

const measured: BackendSelection = { kind: 'blas', library: '/usr/lib/libblis.so', threads: 2, reason: 'the fastest' }
const [small, large] = [1000, 1e9]

it.each<[request: BackendRequest, multiplyAddsPerStep: number, expected: Partial<BackendSelection>]>([
  [{ kind: 'wasm', threads: 3 }, large, { kind: 'wasm', threads: 3, reason: 'asked for' }],
  [{ kind: 'tensorflow', threads: 1 }, small, { kind: 'tensorflow', threads: 1, reason: 'asked for' }],
  [{ kind: 'auto' }, small, { kind: 'wasm', threads: 1 }],
  [{ kind: 'auto', threads: 2 }, small, { kind: 'wasm', threads: 2 }],
  // A library has to be found, threads that nobody named and what is fastest have to be measured.
  [{ kind: 'blas', threads: 1 }, small, measured],
  [{ kind: 'wasm' }, small, measured],
  [{ kind: 'auto' }, large, measured],
  [{ kind: 'auto', threads: 1 }, large, measured],
])('%o at %d multiply-adds a step', async (backend, multiplyAddsPerStep, expected) => {
  const calls: unknown[] = []
  const call = (...given: unknown[]) => Promise.resolve((calls.push(given), measured))
  const request = {
    backend,
    multiplyAddsPerStep,
    size: { p: 5, hidden: 16, n: 20 },
    precision: 'float64',
    maxThreads: 2,
    cacheFolder: undefined,
  } as const
  expect(await chooseArithmetic({ call, close: async () => {} } as unknown as Caller, request)).toMatchObject(expected)
  expect(calls).toEqual(expected === measured ? [['machine.choose', request]] : [])
})
