import type { LibraryHandle } from 'koffi'
import { LabError } from '../../../../shared/errors.ts'
import { cudaCalls } from './cudaCalls.ts'
import { kernelParameters, type KernelName } from './kernelSource.ts'

/** A card with a context of this process: its memory, and kernels of ours. All that is asked of it happens in turn. */
export interface CudaDriver {
  readonly name: string
  /** Major and minor compute capability. */
  readonly capability: readonly [number, number]
  /** The newest CUDA that the driver knows: major and minor. */
  readonly version: readonly [number, number]
  /** The address on the card of so many bytes, all zero. Throws OUT_OF_MEMORY. */
  allocate(bytes: number): number
  free(address: number): void
  /** Waits for the memory to be read; what was asked for before it has been done then. */
  read(into: ArrayBufferView, address: number): void
  write(address: number, from: ArrayBufferView): void
  copy(to: number, from: number, bytes: number): void
  zero(address: number, bytes: number): void
  /** Loads kernels, from PTX that the driver compiles for its card. */
  loadKernels(ptx: string): Kernels
  close(): void
}

/** Kernels on a card. */
export interface Kernels {
  readonly launch: LaunchKernel
  /** The same with all blocks at once, which may wait for one another: at most so many as `blocksTogether` says. */
  readonly launchTogether: LaunchKernel
  /** How many blocks of a kernel the card runs at once, with so many threads and bytes of shared memory each; 0 where it starts none together. */
  blocksTogether(kernel: KernelName, threads: number, sharedBytes: number): number
}

/** Enqueues a kernel on blocks (x, y) of threads with so many bytes of shared memory each. */
export type LaunchKernel = (
  kernel: KernelName,
  blocks: readonly [number, number],
  threads: number,
  sharedBytes: number,
  values: readonly number[],
) => void

const multiprocessorCount = 16
const computeCapabilityMajor = 75
const computeCapabilityMinor = 76
const cooperativeLaunch = 95
const outOfMemory = 2

/** What the driver is asked for; the default stream keeps all of it in order. */
const driverCalls = {
  cuInit: 'i',
  cuDriverGetVersion: 'h',
  cuDeviceGetCount: 'h',
  cuDeviceGet: 'hi',
  cuDeviceGetName: 'hii',
  cuDeviceGetAttribute: 'hii',
  cuDevicePrimaryCtxRetain: 'hi',
  cuDevicePrimaryCtxRelease_v2: 'i',
  cuCtxSetCurrent: 'p',
  cuMemAlloc_v2: 'hn',
  cuMemFree_v2: 'p',
  cuMemcpyHtoD_v2: 'phn',
  cuMemcpyDtoH_v2: 'hpn',
  cuMemcpyDtoD_v2: 'ppn',
  cuMemsetD8_v2: 'pin',
  cuModuleLoadData: 'hh',
  cuModuleGetFunction: 'hph',
  cuLaunchKernel: 'piiiiiiiphh',
  cuLaunchCooperativeKernel: 'piiiiiiiph',
  cuOccupancyMaxActiveBlocksPerMultiprocessor: 'hpin',
}

/** Opens the first card that a driver shows. Throws BACKEND_UNAVAILABLE where it has none. */
export function openDriver(library: LibraryHandle, addressOf: (view: ArrayBufferView) => number): CudaDriver {
  const cu = cudaCalls(library, driverCalls, { outOfMemory, name: errorNames(library) })
  const integer = new Int32Array(1)
  const pointer = new BigUint64Array(1)
  const integerOf = (call: (into: Int32Array) => void) => (call(integer), integer[0]!)
  const pointerOf = (call: (into: BigUint64Array) => void) => (call(pointer), Number(pointer[0]))

  const version = integerOf(cu.cuDriverGetVersion)
  cu.cuInit(0)
  if (integerOf(cu.cuDeviceGetCount) === 0) throw new LabError('BACKEND_UNAVAILABLE', 'CUDA: the driver shows no card')
  const device = integerOf((into) => cu.cuDeviceGet(into, 0))
  const attribute = (number: number) => integerOf((into) => cu.cuDeviceGetAttribute(into, number, device))
  const nameBytes = Buffer.alloc(256)
  cu.cuDeviceGetName(nameBytes, nameBytes.length, device)
  cu.cuCtxSetCurrent(pointerOf((into) => cu.cuDevicePrimaryCtxRetain(into, device)))

  /** The values of a launch, and the places where they lie: CUDA copies them before it returns. */
  const values = new BigUint64Array(40)
  const bytes = new DataView(values.buffer)
  const places = BigUint64Array.from(values, (_, at) => BigInt(addressOf(values) + 8 * at))

  return {
    name: nameBytes.toString('utf8').replace(/\0.*$/s, ''),
    capability: [attribute(computeCapabilityMajor), attribute(computeCapabilityMinor)],
    version: [Math.floor(version / 1000), (version % 1000) / 10],
    allocate(size) {
      const address = pointerOf((into) => cu.cuMemAlloc_v2(into, Math.max(8, size)))
      cu.cuMemsetD8_v2(address, 0, Math.max(8, size))
      return address
    },
    free: cu.cuMemFree_v2,
    read(into, address) {
      if (into.byteLength > 0) cu.cuMemcpyDtoH_v2(into, address, into.byteLength)
    },
    write(address, from) {
      if (from.byteLength > 0) cu.cuMemcpyHtoD_v2(address, from, from.byteLength)
    },
    copy: cu.cuMemcpyDtoD_v2,
    zero: (address, size) => cu.cuMemsetD8_v2(address, 0, size),
    loadKernels(ptx) {
      const module = pointerOf((into) => cu.cuModuleLoadData(into, Buffer.from(`${ptx}\0`)))
      const functions = Object.fromEntries(
        Object.keys(kernelParameters).map((name) => [
          name,
          pointerOf((into) => cu.cuModuleGetFunction(into, module, Buffer.from(`${name}\0`))),
        ]),
      )
      function lay(kernel: KernelName, given: readonly number[]): void {
        const kinds = kernelParameters[kernel]
        given.forEach((value, at) => {
          const kind = kinds[at]
          if (kind === 'd') bytes.setFloat64(8 * at, value, true)
          else if (kind === 'i') bytes.setInt32(8 * at, value, true)
          else bytes.setBigUint64(8 * at, BigInt(value), true)
        })
      }
      return {
        launch(kernel, [x, y], threads, sharedBytes, given) {
          lay(kernel, given)
          cu.cuLaunchKernel(functions[kernel], x, y, 1, threads, 1, 1, sharedBytes, 0, places, null)
        },
        launchTogether(kernel, [x, y], threads, sharedBytes, given) {
          lay(kernel, given)
          cu.cuLaunchCooperativeKernel(functions[kernel], x, y, 1, threads, 1, 1, sharedBytes, 0, places)
        },
        blocksTogether(kernel, threads, sharedBytes) {
          if (attribute(cooperativeLaunch) === 0) return 0
          const ofOne = integerOf((into) =>
            cu.cuOccupancyMaxActiveBlocksPerMultiprocessor(into, functions[kernel], threads, sharedBytes),
          )
          return ofOne * attribute(multiprocessorCount)
        },
      }
    },
    close: () => cu.cuDevicePrimaryCtxRelease_v2(device),
  }
}

/** The driver's own names of its errors. */
function errorNames(library: LibraryHandle): (status: number) => string {
  const call = library.func('int cuGetErrorName(int error, _Out_ const char **name)') as (
    status: number,
    name: [string | null],
  ) => number
  return (status) => {
    const name: [string | null] = [null]
    call(status, name)
    return `${name[0] ?? 'an unknown error'} (${status})`
  }
}
