import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import koffi from 'koffi'
import { plainBackend } from '../../src/main/lab/backend/plain.ts'
import { loadWebGpu, webGpuBackend, type WebGpuBackend } from '../../src/main/lab/backend/webgpu.ts'

const modules = join(import.meta.dirname, '../../node_modules')
const folder = join(modules, '.cache/swiftshader')

/** Has this process and those that it starts find SwiftShader, a GPU in software, which a devDependency brings. */
function provideSoftwareGpu(): void {
  unpack()
  const driver = join(folder, 'vk_swiftshader_icd.json')
  Object.assign(process.env, {
    GROKSCOPE_SOFTWARE_GPU: '1',
    VK_DRIVER_FILES: driver,
    VK_ICD_FILENAMES: driver,
    LD_LIBRARY_PATH: [folder, ...(process.env['LD_LIBRARY_PATH'] ? [process.env['LD_LIBRARY_PATH']] : [])].join(':'),
  })
  // That path is read when a process starts; what is loaded already is found by its name.
  koffi.load(join(folder, 'libvulkan.so.1'))
}

/** Files side by side may do it at once. */
function unpack(): void {
  if (existsSync(folder)) return
  const draft = `${folder}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  const packed = readFileSync(join(modules, '@sparticuz/chromium/bin/swiftshader.tar.br'))
  execFileSync('tar', ['-x', '-C', draft], { input: brotliDecompressSync(packed) })
  try {
    renameSync(draft, folder)
  } catch {
    rmSync(draft, { recursive: true })
  }
}

/** SwiftShader, where there is one for this system; as a user reads it, or why not. */
export const software = await (process.platform === 'linux' && process.arch === 'x64'
  ? openSoftware()
  : Promise.resolve({ name: 'SwiftShader is for Linux on x64', gpu: undefined }))

async function openSoftware() {
  provideSoftwareGpu()
  const { gpu, description } = await loadWebGpu()
  return { name: description, gpu }
}

export function backendOnGpu(gpu: GPUDevice): WebGpuBackend {
  return webGpuBackend({ gpu, description: 'in a test', card: 'a card' }, plainBackend('float32'))
}

/** A GPU on which some of what it does or says is done otherwise. */
export function gpuWith(gpu: GPUDevice, otherwise: Partial<Record<keyof GPUDevice, unknown>>): GPUDevice {
  return new Proxy(gpu, {
    get(target, name) {
      if (name in otherwise) return otherwise[name as keyof GPUDevice]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  })
}
