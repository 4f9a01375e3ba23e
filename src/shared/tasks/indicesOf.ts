import { invalidFile } from '../invalidFile.ts'
import type { GivenArray } from '../givenArrays.ts'

/** The indices of an array, or those of a mask, ascending. Nothing is held out only where that is said. */
export function indicesOf(path: string, { shape, data }: GivenArray, size: number, mayHoldAll: boolean): Int32Array {
  if (shape.length !== 1) {
    throw invalidFile(
      path,
      `train has shape (${shape.join(', ')}); allowed: a list of whole numbers, or a mask of ${size}`,
    )
  }
  const indices = data instanceof Uint8Array ? indicesOfMask(path, data, size) : data
  const seen = new Set<number>()
  for (const [place, index] of indices.entries()) {
    if (!Number.isInteger(index)) {
      throw invalidFile(path, `train[${place}] is ${index}; only whole numbers are allowed`)
    }
    if (index < 0 || index >= size) {
      throw invalidFile(path, `train holds the index ${index}; allowed: 0 to ${size - 1}`)
    }
    if (seen.has(index)) {
      throw invalidFile(path, `train holds the index ${index} twice; each pair may stand once`)
    }
    seen.add(index)
  }
  if (seen.size === 0 || (seen.size === size && !mayHoldAll)) {
    throw invalidFile(path, `train holds ${seen.size} of ${size} pairs; both parts need at least 1`)
  }
  return Int32Array.from(seen).sort()
}

function indicesOfMask(path: string, mask: Uint8Array, size: number): number[] {
  if (mask.length !== size) {
    throw invalidFile(path, `train is a mask (bool) of ${mask.length}; this specification has ${size} pairs`)
  }
  return [...mask.keys()].filter((place) => mask[place] === 1)
}
