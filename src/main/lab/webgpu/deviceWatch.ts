import { LabError } from '../../../shared/errors.ts'

/** What a GPU tells outside of any call: that it was lost, that it refused something. */
export interface DeviceWatch {
  /** The result of a computation that allocates on the device. Throws OUT_OF_MEMORY where that has no more. */
  withinMemory<T>(allocate: () => T): Promise<T>
  /** Waits for the device. Throws BACKEND_UNAVAILABLE where it was lost meanwhile or its driver failed, OUT_OF_MEMORY where it has no more. */
  until<T>(answer: Promise<T>): Promise<T>
}

const watches = new WeakMap<GPUDevice, DeviceWatch>()

export function watchOf(gpu: GPUDevice): DeviceWatch {
  const known = watches.get(gpu)
  if (known) return known
  const watch = createWatch(gpu)
  watches.set(gpu, watch)
  return watch
}

function createWatch(gpu: GPUDevice): DeviceWatch {
  let loss: GPUDeviceLostInfo | undefined
  let refusal: GPUError | undefined
  void gpu.lost.then((info) => (loss = info))
  gpu.onuncapturederror = ({ error }) => {
    refusal ??= error
  }

  function check(): void {
    if (loss) {
      const words = firstLine(loss.message) || loss.reason
      throw new LabError('BACKEND_UNAVAILABLE', `WebGPU: the GPU was lost: ${words}`)
    }
    if (refusal instanceof GPUOutOfMemoryError) throw outOfMemory(refusal.message)
    if (refusal instanceof GPUInternalError) {
      throw new LabError('BACKEND_UNAVAILABLE', `WebGPU: the graphics driver failed: ${firstLine(refusal.message)}`)
    }
    if (refusal) throw new Error(`WebGPU refused a call: ${refusal.message}`)
  }

  return {
    async withinMemory(allocate) {
      gpu.pushErrorScope('validation')
      gpu.pushErrorScope('out-of-memory')
      const allocated = allocate()
      const errors = [await gpu.popErrorScope(), await gpu.popErrorScope()]
      check()
      const error = errors.find((each) => each !== null)
      if (error) throw outOfMemory(error.message)
      return allocated
    },
    async until(answer) {
      try {
        return await answer
      } catch (failure) {
        // It is told of the loss after those who wait for the device.
        await new Promise(setImmediate)
        check()
        throw failure
      } finally {
        check()
      }
    },
  }
}

function outOfMemory(message: string): LabError {
  return new LabError('OUT_OF_MEMORY', `the device has no memory left: ${firstLine(message)}`)
}

function firstLine(text: string): string {
  return text.split('\n')[0]!
}

/** Takes what a device has written into the first bytes of a buffer, once it has. Throws as `until`. */
export async function readBack<T>(
  watch: DeviceWatch,
  buffer: GPUBuffer,
  bytes: number,
  take: (read: ArrayBuffer) => T,
): Promise<T> {
  await watch.until(buffer.mapAsync(GPUMapMode.READ, 0, bytes))
  try {
    return take(mappedRange(buffer, bytes))
  } finally {
    buffer.unmap()
  }
}

/** What was read. A process whose memory is caged, as Electron's are, has no window onto that of Dawn. */
export function mappedRange(buffer: GPUBuffer, bytes?: number): ArrayBuffer {
  try {
    return buffer.getMappedRange(0, bytes)
  } catch (failure) {
    const message = 'WebGPU: this process cannot read results back, as Electron’s cannot: its memory is its own alone'
    throw new LabError('BACKEND_UNAVAILABLE', message, undefined, { cause: failure })
  }
}
