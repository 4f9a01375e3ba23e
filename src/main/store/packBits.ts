/** Zeros and ones, eight to a byte. */
export function packBits(flags: Uint8Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil(flags.length / 8))
  for (let i = 0; i < flags.length; i++) packed[i >> 3]! |= flags[i]! << (i & 7)
  return packed
}

/** The first `length` of them. */
export function unpackBits(packed: Uint8Array, length: number): Uint8Array {
  const flags = new Uint8Array(length)
  for (let i = 0; i < length; i++) flags[i] = (packed[i >> 3]! >> (i & 7)) & 1
  return flags
}
