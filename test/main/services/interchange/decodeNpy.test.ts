import { describe, expect, it } from 'vitest'
import { decodeNpy, encodeNpy, type NumpyArray } from '../../../../src/main/services/interchange/npy.ts'
import { askPython, hasNumpy } from '../../../support/python.ts'

const arrays: Record<string, NumpyArray> = {
  'of one axis': { shape: [5], data: Float64Array.of(0, -0, 1e-320, Math.PI, -1e308) },
  'of three axes': { shape: [2, 3, 4], data: Float64Array.from({ length: 24 }, (_, i) => i / 7) },
  'of no axis': { shape: [], data: Float64Array.of(42) },
  'of no entry': { shape: [0, 3], data: new Float64Array() },
  'of NaN and infinities': { shape: [3], data: Float64Array.of(NaN, Infinity, -Infinity) },
  'of whole numbers': { shape: [2, 2], data: Int32Array.of(-2147483648, 0, 7, 2147483647) },
}

/** A file of version 1.0 whose header is written out by hand. */
function file(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = Buffer.alloc(10 + header.length + data.length)
  bytes.write('\x93NUMPY\x01\x00', 'latin1')
  bytes.writeUInt16LE(header.length, 8)
  bytes.write(header, 10, 'latin1')
  bytes.set(data, 10 + header.length)
  return bytes
}

describe('.npy', () => {
  it.each(Object.entries(arrays))('%s comes back to the bit', (_, array) => {
    expect(decodeNpy(encodeNpy(array), 'x')).toEqual(array)
  })

  it('begins its data at a multiple of 64 bytes, whatever the shape', () => {
    for (const array of Object.values(arrays)) {
      expect((encodeNpy(array).length - array.data.byteLength) % 64).toBe(0)
    }
  })

  it('of float32 is written as such and widened when read', () => {
    const data = Float32Array.of(1.5, 0.1)
    expect(decodeNpy(encodeNpy({ shape: [2], data }), 'x')).toEqual({ shape: [2], data: Float64Array.from(data) })
  })

  it('is read where it lies inside other bytes', () => {
    const bytes = encodeNpy(arrays['of three axes']!)
    const inside = new Uint8Array(bytes.length + 3)
    inside.set(bytes, 3)
    expect(decodeNpy(inside.subarray(3), 'x')).toEqual(arrays['of three axes'])
  })

  it.each([
    ['no magic', new TextEncoder().encode('PK not an array at all'), /does not begin as a .npy file/],
    ['nothing at all', new Uint8Array(), /does not begin as a .npy file/],
    [
      'a version of the future',
      Uint8Array.from([...encodeNpy(arrays['of one axis']!)].with(6, 9)),
      /version 9; allowed: 1 to 3/,
    ],
    ['its header cut off', encodeNpy(arrays['of one axis']!).subarray(0, 40), /truncated inside its header/],
    ['its data cut off', encodeNpy(arrays['of one axis']!).subarray(0, 150), /needs 40/],
    [
      'more data than its shape',
      file("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(16)),
      /16 bytes of data.*needs 8/,
    ],
    [
      'complex numbers',
      file("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(16)),
      /"<c16"; allowed: <f8/,
    ],
    ['objects', file("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(8)), /"\|O"; allowed/],
    ['a header that is no dictionary', file('hello'), /not understood: "hello"/],
    [
      'a shape beyond all memory',
      file("{'descr': '<f8', 'fortran_order': False, 'shape': (999999999, 999999999), }"),
      /holds 0 bytes/,
    ],
    [
      'a name of a property for a type',
      file("{'descr': 'constructor', 'fortran_order': False, 'shape': (1,), }"),
      /"constructor"; allowed/,
    ],
  ])('with %s is refused', (_, bytes, message) => {
    expect(() => decodeNpy(bytes, 'start.npz: E')).toThrow(
      expect.objectContaining({ code: 'INVALID_FILE', message: expect.stringMatching(message) }),
    )
    expect(() => decodeNpy(bytes, 'start.npz: E')).toThrow(/^start.npz: E /)
  })

  it('with a header of half a megabyte is refused in words too', () => {
    const long = Buffer.alloc(12 + 500_000, ' ')
    long.write('\x93NUMPY\x02\x00', 'latin1')
    long.writeUInt32LE(500_000, 8)
    expect(() => decodeNpy(long, 'x')).toThrow(expect.objectContaining({ code: 'INVALID_FILE' }))
  })

  it('refuses whole numbers that int32 cannot hold', () => {
    const data = new Uint8Array(BigInt64Array.of(1n, 3_000_000_000n).buffer)
    const bytes = file("{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }", data)
    expect(() => decodeNpy(bytes, 'train')).toThrow(/3000000000; allowed: −2147483648 to 2147483647/)
  })
})

describe.skipIf(!hasNumpy)('.npy beside NumPy', () => {
  it('reads every dtype and order that NumPy writes', () => {
    const written = askPython(`
import io, base64
out = []
for dtype in ['<f8', '>f8', '<f4', '>f4', '<i8', '<u8', '<i4', '<u4', '<i2', '<u2', '|i1', '|u1']:
    for order in 'CF':
        a = np.asarray(np.arange(24).reshape(2, 3, 4), dtype=dtype, order=order)
        f = io.BytesIO(); np.save(f, a); out.append(base64.b64encode(f.getvalue()).decode())
print(json.dumps(out))`) as string[]
    expect(written.length).toBe(24)
    for (const text of written) {
      const { shape, data } = decodeNpy(new Uint8Array(Buffer.from(text, 'base64')), 'x')
      expect(shape).toEqual([2, 3, 4])
      expect([...data]).toEqual(Array.from({ length: 24 }, (_, i) => i))
    }
  })

  it('writes what NumPy reads, to the bit', () => {
    const files = Object.values(arrays).map((array) => Buffer.from(encodeNpy(array)).toString('base64'))
    const read = askPython(
      `
import io, base64
out = []
for text in input:
    a = np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=False)
    out.append({'shape': list(a.shape), 'dtype': a.dtype.str, 'bytes': base64.b64encode(a.tobytes()).decode()})
print(json.dumps(out))`,
      files,
    )
    expect(read).toEqual(
      Object.values(arrays).map(({ shape, data }) => ({
        shape,
        dtype: data instanceof Int32Array ? '<i4' : '<f8',
        bytes: Buffer.from(data.buffer).toString('base64'),
      })),
    )
  })
})
