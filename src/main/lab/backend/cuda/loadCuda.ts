import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LibraryHandle } from 'koffi'
import { LabError } from '../../../../shared/errors.ts'
import type { Remedy } from '../../../../shared/machine.ts'
import { findCudaLibraries, libraryFolders } from './findCudaLibraries.ts'
import { openDriver, type CudaDriver, type Kernels } from './openDriver.ts'
import { openLibraries, type CudaLibraryCalls } from './openLibraries.ts'

/** A card of NVIDIA's, ready to compute in float64. */
export interface Cuda extends Kernels {
  readonly driver: CudaDriver
  readonly libraries: CudaLibraryCalls
  /** What a user reads: the card, its compute capability, the driver, the libraries. */
  readonly description: string
}

const driverName = 'libcuda.so.1'
/** What the kernels' PTX is for at least. */
const oldestCapability = [6, 0] as const

/**
 * Opens the first card of NVIDIA's (CUDA_VISIBLE_DEVICES says which that is) by the driver's own library and cuBLAS and cuSOLVER
 * of CUDA 12 or 13. A stand-in for them that computes on the processor, as tests have one, is refused; with
 * GROKSCOPE_CUDA_STUB=1 it is taken, and says what it is. Throws BACKEND_UNAVAILABLE with the first part that is missing,
 * and what brings it as its detail. This file alone loads CUDA.
 */
export async function loadCuda(): Promise<Cuda> {
  if (process.platform !== 'linux') throw unavailable('it is used under Linux alone')
  const koffi = await import('koffi').then(
    (module) => module.default,
    (error: unknown) => {
      throw unavailable(`native functions cannot be called here: ${reasonOf(error)}`)
    },
  )
  const load = (path: string) => {
    try {
      return koffi.load(path)
    } catch (error) {
      throw unavailable(`${path} does not load: ${reasonOf(error)}`)
    }
  }
  const library = loadDriver(koffi.load)
  const isStub = has(library, 'grokscopeStubCalls')
  if (isStub && process.env['GROKSCOPE_CUDA_STUB'] !== '1') {
    throw unavailable('only a stand-in for the driver was found, which computes on the processor')
  }
  const driver = openDriver(library, (view) => Number(koffi.address(view)))
  const [major, minor] = driver.capability
  const card = `${driver.name}, compute capability ${major}.${minor}`
  const [oldest] = oldestCapability
  if (major < oldest) throw unavailable(`${card}, is too old: ${oldestCapability.join('.')} is needed`)
  const [release] = driver.version
  if (release < 12) {
    throw unavailable(`the driver of ${card}, knows CUDA ${driver.version.join('.')}; 12 or 13 is needed`, newerDriver)
  }
  const found = findCudaLibraries(release)
  if ('missing' in found) {
    const { missing, ...remedy } = found
    throw unavailable(missing, remedy)
  }
  for (const path of found.needed) load(path)
  // Read where it is needed alone: it is long.
  const { default: kernels } = await import('./kernels.json', { with: { type: 'json' } })
  const libraries = openLibraries(load(found.cublas), load(found.cusolver), driver)
  const versions = `driver for CUDA ${driver.version.join('.')}, cuBLAS ${libraries.version}, kernels by NVRTC ${kernels.nvrtc}`
  const description = `${card}, ${versions}`
  return {
    driver,
    libraries,
    ...driver.loadKernels(kernels.ptx.join('\n')),
    description: isStub ? `stand-in on the processor, for tests: ${description}` : description,
  }
}

const newerDriver: Remedy = { advice: 'install NVIDIA’s driver, version 525 or newer' }

/** The driver's library: where libraries are looked for, or where the dynamic linker has it. */
function loadDriver(load: (path: string) => LibraryHandle): LibraryHandle {
  const given = process.env['GROKSCOPE_CUDA'] === undefined ? [] : libraryFolders(process.env)
  const path = given.map((folder) => join(folder, driverName)).find((each) => existsSync(each)) ?? driverName
  try {
    return load(path)
  } catch (error) {
    const isMissing = path === driverName && reasonOf(error).includes('No such file')
    throw unavailable(
      isMissing ? `no NVIDIA driver was found: ${driverName} is missing` : `${path} does not load: ${reasonOf(error)}`,
      newerDriver,
    )
  }
}

function has(library: LibraryHandle, symbol: string): boolean {
  try {
    library.func(symbol, 'int64_t', ['str'])
    return true
  } catch {
    return false
  }
}

function unavailable(reason: string, remedy?: Remedy): LabError {
  return new LabError('BACKEND_UNAVAILABLE', `CUDA: ${reason}`, remedy)
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
