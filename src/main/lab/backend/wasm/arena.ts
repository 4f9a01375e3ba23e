import { LabError } from '../../../../shared/errors.ts'
import { firstPages, maximumPages } from './kernels.ts'
import { formatBytes } from '../../../../shared/formatting/formatNumber.ts'

const pageSize = 65_536
/** Matrices begin at whole cache lines. */
const alignment = 64

/** One shared WebAssembly memory from which matrices are cut one after the other, and given back all together. */
export interface Arena {
  readonly memory: WebAssembly.Memory
  /** The address of `bytes` zeroed bytes. Throws OUT_OF_MEMORY beyond the 4 GiB that 32-bit addresses reach. */
  allocate(bytes: number): number
  /** What was allocated so far stays allocated when the arena is cleared. */
  keep(): void
  /** Takes back all that was not to be kept, as a new run begins; the pages stay for it. */
  clear(): void
}

/** The last page stays unused: the end of a matrix is then a 32-bit address too. */
const limit = (maximumPages - 1) * pageSize

/** Reserves the addresses; pages are taken as matrices need them. Earlier views stay valid as the memory grows. */
export function createArena(): Arena {
  const memory = new WebAssembly.Memory({ initial: firstPages, maximum: maximumPages, shared: true })
  let pages = firstPages
  let next = 0
  let kept = 0
  /** What lies beyond has never been allocated and is zero. */
  let touched = 0

  function allocate(bytes: number): number {
    const address = next
    const end = Math.ceil((address + bytes) / alignment) * alignment
    if (end > limit) throw outOfMemory(`${formatBytes(end)} of ${formatBytes(limit)} in all`, bytes)
    const missing = Math.ceil(end / pageSize) - pages
    if (missing > 0) {
      try {
        memory.grow(missing)
      } catch {
        throw outOfMemory(`${formatBytes(missing * pageSize)} more than the system grants`, bytes)
      }
      pages += missing
    }
    if (address < touched) new Uint8Array(memory.buffer, address, Math.min(end, touched) - address).fill(0)
    next = end
    touched = Math.max(touched, next)
    return address
  }

  return {
    memory,
    allocate,
    keep: () => (kept = next),
    clear: () => (next = kept),
  }
}

function outOfMemory(needs: string, bytes: number): LabError {
  return new LabError('OUT_OF_MEMORY', `a matrix of ${formatBytes(bytes)} does not fit: it needs ${needs}`)
}
