import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import util from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findTensorFlow } from '../../../../src/main/lab/backend/findTensorFlow.ts'
import { loadTensorFlow } from '../../../../src/main/lab/backend/tensorflow.ts'
import { temporaryFolder } from '../../../support/folders.ts'

const isTheirs = process.arch === 'x64' && process.platform === 'linux'

interface Machine {
  library?: string
  hasBinding?: boolean
  /** What nvidia-smi prints; without, there is none. */
  driver?: string
  /** What the package does when it is loaded. */
  script?: string
}

/** A package as an installation leaves it, on a machine with such a driver. */
function installed({ library = 'libtensorflow_cc.so.2', hasBinding = true, driver, script = '' }: Machine = {}): void {
  const folder = temporaryFolder()
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const place = 'node_modules/@tensorflow/tfjs-node-gpu'
  write(`${place}/package.json`, '{ "name": "@tensorflow/tfjs-node-gpu", "main": "index.js" }')
  write(`${place}/index.js`, script)
  if (library) write(`${place}/deps/lib/${library}`, '')
  if (hasBinding) write(`${place}/lib/napi-v8/tfjs_binding.node`, '')
  write('bin/nvidia-smi', driver === undefined ? '#!/bin/sh\nexit 9\n' : `#!/bin/sh\necho '${driver}'\n`)
  chmodSync(join(folder, 'bin/nvidia-smi'), 0o755)
  vi.stubEnv('GROKSCOPE_TENSORFLOW', folder)
  vi.stubEnv('GROKSCOPE_TENSORFLOW_CPU', undefined)
  vi.stubEnv('PATH', [join(folder, 'bin'), process.env['PATH']].join(delimiter))
}

const loadedAs = (isUsingGpuDevice: boolean, version = '2.18.1') =>
  `exports.version_core = '4.22.0'
   exports.backend = () => ({ isUsingGpuDevice: ${isUsingGpuDevice}, binding: { TF_Version: '${version}' } })`
const card = 'NVIDIA GeForce RTX 4090, 8.9'

afterEach(() => vi.unstubAllEnvs())

describe.skipIf(!isTheirs)('TensorFlow', () => {
  it.each([
    ['library', { library: '' }, /has no library: libtensorflow_cc.so.2 or libtensorflow.so.2 is not in its deps\/lib/],
    ['binding', { hasBinding: false }, /has no binding: no lib\/napi-v8\/tfjs_binding.node/],
    ['driver', {}, /nvidia-smi names no card/],
    [
      'card',
      { driver: 'NVIDIA GeForce RTX 5090, 12.0' },
      /RTX 5090 has compute capability 12; .* no code for 10 and above/,
    ],
    [
      'binding',
      { driver: card, script: `throw new Error('libm.so.9: not there\\nat x')` },
      /load: libm.so.9: not there$/,
    ],
    [
      'binding',
      { driver: card, script: `exports.backend = () => ({ isUsingGpuDevice: false, binding: {} })` },
      /has a binding that is not TensorFlow.js’s: it tells no TF_Version$/,
    ],
    ['device', { driver: card, script: loadedAs(false) }, /2.18.1 found no GPU .* opens CUDA 12 and cuDNN 9$/],
    ['device', { driver: card, script: loadedAs(false, '2.9.1') }, /opens CUDA 11 and cuDNN 8$/],
  ] satisfies [string, Machine, RegExp][])(
    'names the first part that is missing: %s',
    async (part, machine, reason) => {
      installed(machine)
      await expect(loadTensorFlow()).rejects.toMatchObject({
        code: 'BACKEND_UNAVAILABLE',
        message: expect.stringMatching(reason) as string,
        detail: { part },
      })
    },
  )

  it('is taken with the library of a wheel and with Google’s', async () => {
    for (const library of ['libtensorflow_cc.so.2', 'libtensorflow.so.2']) {
      installed({ library, driver: card, script: loadedAs(true) })
      const { description } = await loadTensorFlow()
      expect(description).toBe('NVIDIA GeForce RTX 4090, TensorFlow 2.18.1, TensorFlow.js 4.22.0')
    }
  })

  it('says where it will compile its code first', async () => {
    installed({ driver: 'NVIDIA H100, 9.0', script: loadedAs(true, '2.15.1') })
    expect((await loadTensorFlow()).description).toMatch(
      /^NVIDIA H100, .*, for which it compiles its code at first use/,
    )
    installed({ driver: 'NVIDIA H100, 9.0', script: loadedAs(true) })
    expect((await loadTensorFlow()).description).toMatch(/4\.22\.0$/)
  })

  it('computes on a processor for tests alone, and never calls it a GPU', async () => {
    installed({ script: loadedAs(false) })
    vi.stubEnv('GROKSCOPE_TENSORFLOW_CPU', '1')
    const { description } = await loadTensorFlow()
    expect(description).toBe('processor only, for tests: TensorFlow 2.18.1, TensorFlow.js 4.22.0')
  })

  it('is given back the function that it calls and Node has dropped', async () => {
    installed({ driver: card, script: loadedAs(true) })
    await loadTensorFlow()
    const legacy = util as unknown as Record<string, (value: unknown) => boolean>
    expect([null, undefined, 0, ''].map(legacy['isNullOrUndefined']!)).toEqual([true, true, false, false])
  })
})

it('names the command that brings what can be brought', async () => {
  if (isTheirs) installed({ hasBinding: false })
  const { missing } = await findTensorFlow()
  if (isTheirs) expect(missing).toMatchObject({ part: 'binding', install: 'npm run gpu:tensorflow' })
  else expect(missing).not.toHaveProperty('install')
})
