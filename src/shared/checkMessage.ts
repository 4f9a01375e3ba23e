/**
 * Walks over a MessagePack message before anything is built from it. A reader makes room for as many values as a list
 * or a map claims to have; here each value claimed must have a byte of the message to itself, so that what is built is
 * no more than a multiple of what was sent. Throws RangeError.
 */
export function checkMessage(bytes: Uint8Array, { maxValues = Infinity, extensions = true } = {}): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  /** Values that are still to come. */
  let left = 1
  for (let values = 1; left > 0; values++) {
    if (left > bytes.length - at) throw new RangeError('the message ends before its values do')
    if (values > maxValues) throw new RangeError(`the message has more than ${maxValues} values`)
    const head = view.getUint8(at)
    const { lengthBytes, kind, fixed } = heads[head]!
    if (at + 1 + lengthBytes > bytes.length) throw new RangeError('the message ends within a length')
    const length = fixed + readLength(view, at + 1, lengthBytes)
    at += 1 + lengthBytes
    left -= 1
    if (kind === 'list') left += length
    else if (kind === 'map') left += 2 * length
    else if (kind === 'bytes') at += length
    else if (kind === 'extension' && extensions) at += length
    else throw new RangeError(`the message has a value that does not belong in it (${head} at ${at - 1})`)
  }
  if (at !== bytes.length) throw new RangeError('the message continues after its value, or ends within it')
}

/** What a first byte says: what follows, how many bytes say how much of it, and how much besides. */
interface Head {
  kind: 'bytes' | 'list' | 'map' | 'extension' | 'none'
  lengthBytes: 0 | 1 | 2 | 4
  fixed: number
}

/** MessagePack specification, *Formats*. */
function headOf(byte: number): Head {
  const head = (kind: Head['kind'], lengthBytes: Head['lengthBytes'], fixed = 0): Head => ({ kind, lengthBytes, fixed })
  const width = ([1, 2, 4] as const)[(byte - 0xc4) % 3]!
  if (byte < 0x80 || byte >= 0xe0) return head('bytes', 0)
  if (byte < 0x90) return head('map', 0, byte & 0x0f)
  if (byte < 0xa0) return head('list', 0, byte & 0x0f)
  if (byte < 0xc0) return head('bytes', 0, byte & 0x1f)
  if (byte === 0xc1) return head('none', 0)
  if (byte < 0xc4) return head('bytes', 0)
  if (byte < 0xc7) return head('bytes', width)
  // The type of an extension is a byte that its length does not count.
  if (byte < 0xca) return head('extension', width, 1)
  if (byte < 0xcc) return head('bytes', 0, byte === 0xca ? 4 : 8)
  if (byte < 0xd4) return head('bytes', 0, 2 ** (byte & 0x03))
  if (byte < 0xd9) return head('extension', 0, 1 + 2 ** (byte - 0xd4))
  if (byte < 0xdc) return head('bytes', width)
  return head(byte < 0xde ? 'list' : 'map', byte % 2 === 0 ? 2 : 4)
}

const heads = Array.from({ length: 256 }, (_, byte) => headOf(byte))

function readLength(view: DataView, at: number, bytes: Head['lengthBytes']): number {
  switch (bytes) {
    case 0:
      return 0
    case 1:
      return view.getUint8(at)
    case 2:
      return view.getUint16(at)
    case 4:
      return view.getUint32(at)
  }
}
