import Module from 'node:module'
import { afterEach, expect, it } from 'vitest'
import { loadNullDevice, loadWebGpu } from '../../../../src/main/lab/backend/webgpu.ts'

type Loader = (module: NodeJS.Module, path: string) => void
const { _extensions: loaders, _cache: loaded } = Module as unknown as {
  _extensions: Record<string, Loader>
  _cache: Record<string, unknown>
}
const load = loaders['.node']!
const dawns = Object.entries(loaded).filter(([path]) => path.endsWith('dawn.node'))
afterEach(() => {
  loaders['.node'] = load
  Object.assign(loaded, Object.fromEntries(dawns))
})

/** As the system’s loader refuses a library. */
function refuseDawn(reason: string): void {
  for (const [path] of dawns) delete loaded[path]
  loaders['.node'] = (module, path) => {
    if (path.endsWith('dawn.node')) throw Object.assign(new Error(reason), { code: 'ERR_DLOPEN_FAILED' })
    load(module, path)
  }
}

it.each([
  {
    reason:
      "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /app/dist/linux-x64/dawn.node)",
    advice: 'use a newer release of your Linux',
  },
  {
    reason: "/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/dist/linux-x64/dawn.node)",
    advice: 'use a newer release of your Linux',
  },
  { reason: '/app/dist/linux-x64/dawn.node: invalid ELF header', advice: undefined },
])('where Dawn does not load there is no GPU, in the words of the system: $reason', async ({ reason, advice }) => {
  refuseDawn(`${reason}\nRequire stack: …`)
  for (const open of [loadWebGpu, loadNullDevice]) {
    await expect(open()).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: `WebGPU: Dawn does not load: ${reason}`,
      detail: advice === undefined ? undefined : { advice },
    })
  }
})
