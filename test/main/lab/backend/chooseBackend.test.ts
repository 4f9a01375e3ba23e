import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findBlasLibraries } from '../../../../src/main/lab/backend/blas/findBlasLibraries.ts'
import { chooseBackend, type BackendWish } from '../../../../src/main/lab/backend/chooseBackend.ts'
import { openBackend } from '../../../../src/main/lab/backend/openBackend.ts'
import { probeBackends } from '../../../../src/main/lab/backend/probeBackends.ts'
import type { ProbeReport } from '../../../../src/main/lab/backend/probe.ts'
import { version } from '../../../../src/shared/version.ts'
import { temporaryFolder } from '../../../support/folders.ts'

vi.mock('../../../../src/main/lab/backend/blas/findBlasLibraries.ts', { spy: true })
vi.mock('../../../../src/main/lab/backend/probeBackends.ts', () => ({ probeBackends: vi.fn() }))

const wish = {
  sizes: { samples: 300, hidden: 400, outputs: 37 },
  precision: 'float64',
  maxThreads: 2,
} as const satisfies BackendWish
const library = '/nowhere/libfast.so'

/** What each probe is to find, by kind and threads: seconds, or a failure. */
function measured(results: Record<string, number | string>): void {
  vi.mocked(probeBackends).mockImplementation(async (requests) =>
    requests.map((request): ProbeReport => {
      const result = results[`${request.kind} ${request.threads}`] ?? results[request.kind] ?? 'not there'
      const description = `${request.kind} described`
      return typeof result === 'number' ? { ...request, description, seconds: result } : { ...request, failure: result }
    }),
  )
}

let cacheFolder: string
beforeEach(() => {
  cacheFolder = temporaryFolder()
  vi.stubEnv('GROKSCOPE_BLAS', library)
  vi.mocked(probeBackends).mockReset()
  vi.mocked(findBlasLibraries).mockReset()
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(cacheFolder, { recursive: true, force: true })
})

describe('chooseBackend', () => {
  it('takes the fastest and gives every measurement as the reason', async () => {
    measured({ wasm: 0.02, blas: 0.0051 })
    const choice = await chooseBackend({ ...wish, threads: 1 })
    expect(choice).toMatchObject({ kind: 'blas', library, threads: 1, precision: 'float64' })
    expect(choice.reason).toBe(
      'blas described on 1 thread takes 5.10 ms for a step of n = 300, d_h = 400, p = 37; wasm described on 1 thread 20 ms',
    )
    expect(choice.timings).toHaveLength(2)
  })

  it('prefers wasm, and fewer threads, where others are hardly faster', async () => {
    measured({ wasm: 0.01, blas: 0.0096 })
    expect(await chooseBackend(wish)).toMatchObject({ kind: 'wasm', threads: 1 })
    measured({ wasm: 0.01, blas: 0.0094 })
    expect(await chooseBackend(wish)).toMatchObject({ kind: 'blas', threads: 1 })
  })

  it('passes over what fails, and says so', async () => {
    measured({ wasm: 0.01, blas: 'libfast computes wrongly' })
    const choice = await chooseBackend(wish)
    expect(choice.kind).toBe('wasm')
    expect(choice.reason).toMatch(/; libfast computes wrongly$/)
  })

  it('falls back to plain where nothing works', async () => {
    measured({ wasm: 'no WebAssembly', blas: 'no BLAS' })
    const choice = await chooseBackend(wish)
    expect(choice).toMatchObject({ kind: 'plain', threads: 1, reason: 'no WebAssembly; no BLAS' })
  })

  it('does as it is told, without measuring what was not asked for', async () => {
    measured({ wasm: 0.01, blas: 0.001 })
    expect(await chooseBackend({ ...wish, backend: 'wasm', threads: 3 })).toMatchObject({ kind: 'wasm', threads: 3 })
    expect(vi.mocked(probeBackends).mock.calls[0]![0]).toMatchObject([{ kind: 'wasm', threads: 3 }])
    expect(await chooseBackend({ ...wish, backend: 'plain' })).toMatchObject({ kind: 'plain', threads: 1 })
    expect(await chooseBackend({ ...wish, backend: 'tensorflow' })).toMatchObject({ kind: 'tensorflow', timings: [] })
    expect(probeBackends).toHaveBeenCalledTimes(1)
  })

  it('tries no more threads than there may be', async () => {
    measured({ wasm: 0.01, blas: 0.001 })
    for (const maxThreads of [1, 6, 192]) await chooseBackend({ ...wish, maxThreads })
    const tried = vi.mocked(probeBackends).mock.calls.map(([requests]) => requests.map(({ threads }) => threads))
    expect(tried).toEqual([
      [1, 1],
      [1, 3, 6, 1, 3, 6],
      // More than a backend takes.
      [1, 32, 64, 1, 32, 64],
    ])
  })

  it('refuses the backend asked for with the reason', async () => {
    measured({ wasm: 0.01, blas: 'libfast is broken' })
    await expect(chooseBackend({ ...wish, backend: 'blas' })).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: 'libfast is broken',
    })
  })

  it('takes again what a run was begun by, however fast others are, also out of what it remembers', async () => {
    vi.mocked(findBlasLibraries).mockReturnValue(['a', 'b'].map((path) => ({ path, version: '1' })))
    vi.mocked(probeBackends).mockImplementation(async (requests) =>
      requests.map((request) => ({
        ...request,
        description: `library ${request.library}`,
        seconds: request.library === 'a' ? 1 : 2,
      })),
    )
    const goesOn = { ...wish, backend: 'blas', threads: 1, cacheFolder } as const
    for (const device of ['library b', 'library a', 'library b']) {
      const library = device.at(-1)!
      expect(await chooseBackend({ ...goesOn, device })).toMatchObject({ library, reason: 'as the run began' })
    }
    const { library, reason } = await chooseBackend({ ...goesOn, device: 'library c' })
    expect(library).toBe('a')
    expect(reason).toMatch(/^what the run began by, library c, was not found; library a on 1 thread takes /)
    expect(await chooseBackend(goesOn)).toMatchObject({ library: 'a', reason: expect.stringMatching(/^library a/) })
    expect(probeBackends).toHaveBeenCalledTimes(1)
  })

  it('remembers, for sizes like these and no others', async () => {
    measured({ wasm: 0.01, blas: 0.001 })
    const first = await chooseBackend({ ...wish, cacheFolder })
    const like = { samples: 290, hidden: 410, outputs: 37 }
    expect(await chooseBackend({ ...wish, cacheFolder, sizes: like })).toEqual(first)
    expect(probeBackends).toHaveBeenCalledTimes(1)
    const different: Partial<BackendWish>[] = [
      { sizes: { ...like, samples: 600 } },
      { precision: 'float32' },
      { threads: 2 },
      { backend: 'blas' },
    ]
    for (const change of different) await chooseBackend({ ...wish, cacheFolder, ...change })
    expect(probeBackends).toHaveBeenCalledTimes(1 + different.length)
    vi.stubEnv('GROKSCOPE_BLAS', '/nowhere/libother.so')
    await chooseBackend({ ...wish, cacheFolder })
    expect(probeBackends).toHaveBeenCalledTimes(2 + different.length)
  })

  it('does not remember what it chose while something failed, even where another backend had been there', async () => {
    measured({ wasm: 0.01, blas: 'its folder is not mounted' })
    expect(await chooseBackend({ ...wish, cacheFolder })).toMatchObject({ kind: 'wasm' })
    // On one number of threads alone, too.
    measured({ wasm: 0.01, 'blas 1': 0.005 })
    expect(await chooseBackend({ ...wish, cacheFolder })).toMatchObject({ kind: 'blas' })
    measured({ wasm: 0.01, blas: 0.001 })
    expect(await chooseBackend({ ...wish, cacheFolder })).toMatchObject({ kind: 'blas', threads: 1 })
    expect(probeBackends).toHaveBeenCalledTimes(3)
    expect(await chooseBackend({ ...wish, cacheFolder })).toMatchObject({ kind: 'blas' })
    expect(probeBackends).toHaveBeenCalledTimes(3)
  })

  it('does not go by what another version, or another copy of the program, has measured', async () => {
    measured({ wasm: 0.01, blas: 0.001 })
    await chooseBackend({ ...wish, cacheFolder })
    const path = join(cacheFolder, 'backends.json')
    const remembered = readFileSync(path, 'utf8')
    const key = JSON.parse((JSON.parse(remembered) as { key: string }[])[0]!.key) as { program: string[] }
    expect(key.program[0]).toBe(version)
    for (const program of [
      ['0.0.0', key.program[1]],
      [version, '/opt/another'],
    ]) {
      vi.mocked(probeBackends).mockClear()
      const foreign = [{ ...JSON.parse(remembered)[0], key: JSON.stringify({ ...key, program }) }]
      writeFileSync(path, JSON.stringify(foreign))
      await chooseBackend({ ...wish, cacheFolder })
      expect(probeBackends).toHaveBeenCalledTimes(1)
    }
  })

  it.each(['', '{', '[1, null, {"key": 3}]', '{"key": "x"}'])(
    'measures again over a damaged memory %j',
    async (text) => {
      measured({ wasm: 0.01, blas: 0.001 })
      const path = join(cacheFolder, 'backends.json')
      writeFileSync(path, text)
      const choice = await chooseBackend({ ...wish, cacheFolder })
      expect(choice.kind).toBe('blas')
      expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveLength(1)
      expect(await chooseBackend({ ...wish, cacheFolder })).toEqual(choice)
      expect(probeBackends).toHaveBeenCalledTimes(1)
    },
  )

  it('chooses also where nothing can be remembered', async () => {
    measured({ wasm: 0.01, blas: 0.001 })
    const file = join(cacheFolder, 'file')
    writeFileSync(file, '')
    expect(await chooseBackend({ ...wish, cacheFolder: file })).toMatchObject({ kind: 'blas' })
  })
})

it.each(['plain', 'wasm'] as const)('opens a choice of %s', async (kind) => {
  const backend = await openBackend({ kind, threads: 1, precision: 'float32' })
  expect(backend).toMatchObject({ kind, threads: 1, precision: 'float32' })
  backend.close()
})
