import fc from 'fast-check'

/** Arrays of every type that is sent and stored, with NaN, both zeros and both infinities, empty ones and views into larger buffers. */
export function typedArrays(length?: number): fc.Arbitrary<Float64Array | Float32Array | Int32Array | Uint8Array> {
  const size = length === undefined ? { maxLength: 20 } : { minLength: length, maxLength: length }
  return fc
    .tuple(
      fc.oneof(fc.float64Array(size), fc.float32Array(size), fc.int32Array(size), fc.uint8Array(size)),
      fc.boolean(),
    )
    .map(([array, isView]) => (isView ? viewOf(array) : array))
}

/** The same in the middle of a larger buffer. */
function viewOf<Type extends Float64Array | Float32Array | Int32Array | Uint8Array>(array: Type): Type {
  const { length, BYTES_PER_ELEMENT: width } = array
  const Of = array.constructor as new (buffer: ArrayBuffer, offset: number, length: number) => Type
  const view = new Of(new ArrayBuffer((length + 2) * width), width, length)
  view.set(array)
  return view
}

/** The bytes of an array, by which two are the same to the bit. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): number[] {
  return [...new Uint8Array(buffer, byteOffset, byteLength)]
}

/** Lengths of up to three axes, some of them 0 or 1. */
export const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })

export const countOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1)
