import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeNpy } from '../../../../src/main/services/interchange/decodeNpy.ts'
import type { NumpyArray } from '../../../../src/main/services/interchange/numpyArray.ts'
import { bytesOf, countOf, shapes, typedArrays } from '../../../support/anyNumbers.ts'
import { npyFile as file, npyOf } from '../../../support/npz.ts'
import { askPython, hasNumpy } from '../../../support/python.ts'

const arrays: Record<string, NumpyArray> = {
  'of one axis': { shape: [5], data: Float64Array.of(0, -0, 1e-320, Math.PI, -1e308) },
  'of three axes': { shape: [2, 3, 4], data: Float64Array.from({ length: 24 }, (_, i) => i / 7) },
  'of no axis': { shape: [], data: Float64Array.of(42) },
  'of no entry': { shape: [0, 3], data: new Float64Array() },
  'of NaN and infinities': { shape: [3], data: Float64Array.of(NaN, Infinity, -Infinity) },
  'of whole numbers': { shape: [2, 2], data: Int32Array.of(-2147483648, 0, 7, 2147483647) },
}

describe('.npy', () => {
  it.each(Object.entries(arrays))('%s comes back to the bit', (_, array) => {
    expect(decodeNpy(npyOf(array), 'x')).toEqual(array)
  })

  it('of any shape and type comes back to the bit', () => {
    const arrayOf = (shape: number[]) => typedArrays(countOf(shape)).map((data): NumpyArray => ({ shape, data }))
    fc.assert(
      fc.property(shapes.chain(arrayOf), ({ shape, data: given }) => {
        // Bytes are truth values.
        const data = given instanceof Uint8Array ? given.map((byte) => byte & 1) : given
        const back = decodeNpy(npyOf({ shape, data }), 'x')
        expect(back.shape).toEqual(shape)
        expect(bytesOf(back.data)).toEqual(bytesOf(data instanceof Float32Array ? Float64Array.from(data) : data))
      }),
      { numRuns: 500 },
    )
  })

  it('of float32 is widened', () => {
    const data = Float32Array.of(1.5, 0.1)
    expect(decodeNpy(npyOf({ shape: [2], data }), 'x')).toEqual({ shape: [2], data: Float64Array.from(data) })
  })

  it('is read where it lies inside other bytes', () => {
    const bytes = npyOf(arrays['of three axes']!)
    const inside = new Uint8Array(bytes.length + 3)
    inside.set(bytes, 3)
    expect(decodeNpy(inside.subarray(3), 'x')).toEqual(arrays['of three axes'])
  })

  it.each([
    ['no magic', new TextEncoder().encode('PK not an array at all'), /does not begin as a .npy file/],
    ['nothing at all', new Uint8Array(), /does not begin as a .npy file/],
    [
      'a version of the future',
      Uint8Array.from([...npyOf(arrays['of one axis']!)].with(6, 9)),
      /version 9; allowed: 1 to 3/,
    ],
    ['its header cut off', npyOf(arrays['of one axis']!).subarray(0, 40), /truncated inside its header/],
    ['its data cut off', npyOf(arrays['of one axis']!).subarray(0, -8), /needs 40/],
    [
      'more data than its shape',
      file("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(16)),
      /16 bytes of data.*needs 8/,
    ],
    [
      'complex numbers',
      file("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(16)),
      /holds complex numbers; allowed: float64/,
    ],
    [
      'objects',
      file("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(8)),
      /holds Python objects .*; allowed/,
    ],
    ['a header that is no dictionary', file('hello'), /not understood .*: "hello"/],
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

  it.each([
    `{"descr": "<f8", "fortran_order": False, "shape": (2, 3)}`,
    `{'shape': (2, 3), 'fortran_order': False, 'descr': '<f8'}`,
    `{'shape': (2L, 3L), 'fortran_order': False, 'descr': '<f8', }`,
    `  { 'descr' : u"""<f8""",\n 'fortran_order':False,'shape':(2,3,),}   \n`,
    `{'descr': ('<' 'f8'), 'fortran_order': (False), 'shape': (0x2, 0b11)} # made by hand`,
    `{'descr': '\\x3cf8', 'fortran_order': False, 'shape': (+2, 3), 'made by': ['someone', {'else': None}, -1]}`,
    `{'descr': 'float64', 'fortran_order': False, 'shape': (2, 3)}`,
    `{'descr': '=d', 'fortran_order': False, 'shape': (2, 3)}`,
  ])('is read with the header %s', (header) => {
    const numbers = Float64Array.of(1, 2, 3, 4, 5, 6)
    for (const version of [1, 2, 3]) {
      const bytes = file(header, new Uint8Array(numbers.buffer), version)
      expect(decodeNpy(bytes, 'x')).toEqual({ shape: [2, 3], data: numbers })
    }
  })

  it.each([
    ['{', /character 2 is not understood/],
    ["{'descr': '<f8', 'fortran_order': False}", /shape is no tuple/],
    ["{'descr': '<f8', 'fortran_order': False, 'shape': (2)}", /shape is no tuple/],
    ["{'descr': '<f8', 'fortran_order': False, 'shape': (-2,)}", /shape holds what is no length/],
    ["{'descr': '<f8', 'fortran_order': False, 'shape': (2.0,)}", /character \d+ is not understood/],
    ["{'descr': '<f8', 'fortran_order': 0, 'shape': (2,)}", /fortran_order is neither True nor False/],
    ["{'fortran_order': False, 'shape': (2,)}", /it has no descr/],
    ["{'descr': '<f8', 'fortran_order': False, 'shape': (2,)} + 1", /character \d+ is not understood/],
    ["('<f8', False, (2,))", /it is no dictionary/],
  ])('with the header %s is refused', (header, message) => {
    expect(() => decodeNpy(file(header, new Uint8Array(16)), 'x')).toThrow(
      expect.objectContaining({ code: 'INVALID_FILE', message: expect.stringMatching(message) }),
    )
  })

  it('with a header nested without end is refused', () => {
    expect(() => decodeNpy(file('('.repeat(5000)), 'x')).toThrow(/nested more than 32 deep/)
  })

  it.each([
    ["'<c8'", /complex numbers/],
    ["'|S5'", /holds text/],
    ["'<U5'", /holds text/],
    ["'|V2'", /raw bytes/],
    ["'<M8[ns]'", /dates or times/],
    ["'<f16'", /long doubles/],
    ["[('x', '<f8'), ('y', '<i4')]", /records of several fields/],
    ["'<i3'", /has dtype "<i3"/],
  ])('of dtype %s is refused by name', (descr, message) => {
    const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': (1,)}`
    expect(() => decodeNpy(file(header, new Uint8Array(16)), 'x')).toThrow(message)
  })

  it('refuses a whole number that no double holds, and quotes it', () => {
    const data = new Uint8Array(BigUint64Array.of(2n ** 64n - 1n).buffer)
    const bytes = file("{'descr': '<u8', 'fortran_order': False, 'shape': (1,), }", data)
    expect(() => decodeNpy(bytes, 'train')).toThrow(/the whole number 18446744073709551615; allowed/)
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
for dtype in ['<f8', '>f8', '<f4', '>f4', '<f2', '>f2', '<i8', '>i8', '<u8', '>u8', '<i4', '>i4', '<u4', '>u4', '<i2', '>i2', '<u2', '>u2', '|i1', '|u1']:
    for order in 'CF':
        a = np.asarray(np.arange(24).reshape(2, 3, 4), dtype=dtype, order=order)
        f = io.BytesIO(); np.save(f, a); out.append(base64.b64encode(f.getvalue()).decode())
print(json.dumps(out))`) as string[]
    expect(written.length).toBe(40)
    for (const text of written) {
      const { shape, data } = decodeNpy(new Uint8Array(Buffer.from(text, 'base64')), 'x')
      expect(shape).toEqual([2, 3, 4])
      expect([...data]).toEqual(Array.from({ length: 24 }, (_, i) => i))
    }
  })

  it('reads every float16, masks, and each header version that NumPy writes', () => {
    const [halves, mask, ...versions] = askPython(`
import io, base64
def text(a, version=None):
    f = io.BytesIO(); np.lib.format.write_array(f, a, version); return base64.b64encode(f.getvalue()).decode()
print(json.dumps([text(np.arange(65536, dtype='<u2').view('<f2')), text(np.array([[True, False], [False, True]]).T)]
    + [text(np.ones((2, 3), order='F'), v) for v in [(1, 0), (2, 0), (3, 0)]]))`) as string[]
    const decode = (given: string) => decodeNpy(new Uint8Array(Buffer.from(given, 'base64')), 'x')
    const expected = askPython(`
print(json.dumps([x.hex() for x in np.arange(65536, dtype='<u2').view('<f2').astype(float).tolist()]))`) as string[]
    const read = [...decode(halves!).data]
    expect(read.length).toBe(65536)
    const wrong = read.filter((value, place) => {
      const given = expected[place]!
      if (/nan/.test(given)) return !Number.isNaN(value)
      if (/inf/.test(given)) return value !== (given.startsWith('-') ? -Infinity : Infinity)
      return !Object.is(value, fromHex(given))
    })
    expect(wrong).toEqual([])
    expect(decode(mask!)).toEqual({ shape: [2, 2], data: Uint8Array.of(1, 0, 0, 1) })
    for (const given of versions) expect(decode(given)).toEqual({ shape: [2, 3], data: new Float64Array(6).fill(1) })
  })
})

/** Python's `float.hex`, such as -0x1.8000000000000p-3. */
function fromHex(text: string): number {
  const [, sign, whole, fraction, exponent] = /^(-?)0x(\d)\.([\da-f]+)p([+-]\d+)$/.exec(text)!
  const value = (Number(whole) + parseInt(fraction!, 16) / 16 ** fraction!.length) * 2 ** Number(exponent)
  return sign === '-' ? -value : value
}
