import { zipSync } from 'fflate'
import type { NumpyArray } from '../../src/main/services/interchange/numpyArray.ts'

/** A `.npz` file as others write it. */
export function npzOf(arrays: Record<string, NumpyArray>): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, npyOf(array)] as const)
  return zipSync(Object.fromEntries(files), { level: 1 })
}

/** A `.npy` file of an array in memory. */
export function npyOf({ shape, data }: NumpyArray): Uint8Array {
  const type =
    data instanceof Float64Array
      ? '<f8'
      : data instanceof Float32Array
        ? '<f4'
        : data instanceof Int32Array
          ? '<i4'
          : '|b1'
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return npyFile(`{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`, bytes)
}

/** A `.npy` file whose header is written out by hand. */
export function npyFile(header: string, data: Uint8Array = new Uint8Array(), version = 1): Uint8Array {
  const text = Buffer.from(header, version === 3 ? 'utf8' : 'latin1')
  const prefix = version === 1 ? 10 : 12
  const bytes = Buffer.alloc(prefix + text.length + data.length)
  bytes.write('\x93NUMPY', 'latin1')
  bytes[6] = version
  if (version === 1) bytes.writeUInt16LE(text.length, 8)
  else bytes.writeUInt32LE(text.length, 8)
  bytes.set(text, prefix)
  bytes.set(data, prefix + text.length)
  return new Uint8Array(bytes)
}
