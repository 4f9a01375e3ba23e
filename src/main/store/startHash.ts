import { createHash } from 'node:crypto'
import type { GivenArrays } from '../../shared/givenArrays.ts'

/**
 * SHA-256 over name, shape and numbers of each array of a start, truth values apart from numbers: equal for equal numbers, whatever file
 * and type they came from.
 */
export function startHash(arrays: GivenArrays): string {
  const hash = createHash('sha256')
  for (const [name, array] of Object.entries(arrays).sort(([one], [other]) => (one < other ? -1 : 1))) {
    const { shape, data } = array!
    const isMask = data instanceof Uint8Array
    const numbers = isMask ? data : Float64Array.from(data)
    hash.update(`${name} ${isMask ? 'mask' : 'numbers'} ${shape.join(' ')}\n`)
    hash.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
  }
  return hash.digest('hex')
}
