import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { NumpyStream } from './numpyArray.ts'

/**
 * A `.npz` file, as `numpy.load` reads it, in parts: each array is read and compressed as the parts before it are
 * taken. Beyond 4 GiB it is ZIP64. Throws what reading an array throws.
 */
export async function* encodeNpz(arrays: Iterable<readonly [name: string, NumpyStream]>): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile()
  // What `yazl` types as the least of streams is one of Node's.
  const output = zip.outputStream as Readable
  zip.on('error', (error: Error) => output.destroy(error))
  for (const [name, array] of arrays) {
    const header = npyHeader(array)
    const size = header.length + byteLength(array)
    zip.addReadStreamLazy(`${name}.npy`, { ...alike, size }, (give) => {
      const parts = Readable.from(bytesOf(header, array), { objectMode: false })
      parts.on('error', (error) => output.destroy(error))
      give(null, parts)
    })
  }
  zip.end()
  for await (const part of output) yield part as Uint8Array
}

/** A fixed date keeps equal data equal to the byte. */
const alike = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, compressionLevel: 1 }

async function* bytesOf(header: Uint8Array, { parts }: NumpyStream): AsyncIterable<Uint8Array> {
  yield header
  for await (const { buffer, byteOffset, byteLength } of parts) {
    if (byteLength > 0) yield new Uint8Array(buffer, byteOffset, byteLength)
  }
}

function byteLength({ shape, type }: NumpyStream): number {
  const each = type.startsWith('<U') ? 4 * Number(type.slice(2)) : Number(type.slice(2))
  return shape.reduce((product, length) => product * length, each)
}

/** What a `.npy` file of version 1.0 has before its numbers (little endian, C order). NumPy, *numpy.lib.format*. */
function npyHeader({ shape, type }: NumpyStream): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`
  const padding = 63 - ((10 + dictionary.length) % 64)
  const header = `${dictionary}${' '.repeat(padding)}\n`
  const bytes = Buffer.alloc(10 + header.length)
  bytes.write('\x93NUMPY\x01\x00', 'latin1')
  bytes.writeUInt16LE(header.length, 8)
  bytes.write(header, 10, 'latin1')
  return bytes
}
