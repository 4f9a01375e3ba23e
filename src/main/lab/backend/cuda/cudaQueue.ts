import type { CudaDriver, LaunchKernel } from './openDriver.ts'
import { blockThreads } from './kernelSource.ts'

/** The numbers that a card computes and that come back: one at a time, or noted there and read together. */
export interface CudaQueue {
  /** The number that something enqueued writes at an address; waits for it. */
  numberBy(enqueue: (into: number) => void): number
  /** Whether the factorization that was enqueued last failed, as `Backend.cholesky` says it; waits for it, unless ahead. */
  outcome(): number
  /** Enqueues what writes a number, without waiting for it; its place among those that `take` returns. */
  numberLater(enqueue: (into: number) => void): number
  /**
   * What is enqueued within waits for nothing: `cholesky` returns 0 in any case, and whether any failed is a number to come,
   * as its first leading minor that is not positive, or 0; its place is returned.
   */
  ahead(enqueue: () => void): number
  /** Waits, and returns the numbers noted since it was last called. */
  take(): Float64Array
  close(): void
}

/** Numbers that are noted before they must be read. */
export const mostNotes = 4096

export function createCudaQueue(driver: CudaDriver, launch: LaunchKernel, info: number): CudaQueue {
  const notes = driver.allocate(8 * mostNotes)
  const single = driver.allocate(8)
  const numbers = new Float64Array(1)
  const status = new Int32Array(1)
  let count = 0
  /** Where failures are noted; undefined where each is waited for. */
  let failuresAt: number | undefined

  function nextPlace(): number {
    if (count === mostNotes) throw new RangeError(`at most ${mostNotes} numbers are noted at once`)
    return count++
  }

  return {
    numberBy(enqueue) {
      if (failuresAt !== undefined) throw new RangeError('nothing is waited for ahead')
      enqueue(single)
      driver.read(numbers, single)
      return numbers[0]!
    },
    outcome() {
      if (failuresAt !== undefined) {
        launch('noteFailure', [1, 1], blockThreads, 0, [info, failuresAt])
        return 0
      }
      driver.read(status, info)
      if (status[0]! < 0) throw new RangeError(`potrf refuses its argument ${-status[0]!}`)
      return status[0]!
    },
    numberLater(enqueue) {
      const place = nextPlace()
      enqueue(notes + 8 * place)
      return place
    },
    ahead(enqueue) {
      const place = nextPlace()
      driver.zero(notes + 8 * place, 8)
      failuresAt = notes + 8 * place
      try {
        enqueue()
      } finally {
        failuresAt = undefined
      }
      return place
    },
    take() {
      const found = new Float64Array(count)
      driver.read(found, notes)
      count = 0
      return found
    },
    close() {
      driver.free(notes)
      driver.free(single)
    },
  }
}
