import { randomFillSync } from 'node:crypto'
import { zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMatrix, encodeMatrix, largestMatrixBytes, type MatrixBlob } from '../../../src/main/store/matrixBlob.ts'
import { bytesOf } from '../../support/anyNumbers.ts'
import { matrix } from '../../support/archive.ts'

const special = Float64Array.of(0, -0, NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE, 1 / 3)

describe('a matrix blob', () => {
  it.each([
    ['float64', { rows: 2, columns: 4, data: special }],
    ['float32', { rows: 4, columns: 2, data: Float32Array.from(special) }],
    ['a row of one', { rows: 1, columns: 1, data: Float64Array.of(Math.PI) }],
    ['a view into a larger buffer', { rows: 2, columns: 3, data: matrix(4, 4).data.subarray(5, 11) }],
  ])('gives back every bit of %s', (_, given) => {
    const read = decodeMatrix(encodeMatrix(given), 'a matrix')
    expect(read).toEqual(given)
    expect(read.data.constructor).toBe(given.data.constructor)
    expect(new Uint8Array(read.data.buffer)).toEqual(new Uint8Array(given.data.slice().buffer))
  })

  it('gives back every bit of any matrix', () => {
    const side = fc.integer({ min: 1, max: 6 })
    const matrices = fc.tuple(side, side, fc.boolean()).chain(([rows, columns, isDouble]) => {
      const size = { minLength: rows * columns, maxLength: rows * columns }
      const data: fc.Arbitrary<Float64Array | Float32Array> = isDouble ? fc.float64Array(size) : fc.float32Array(size)
      return fc.record({ rows: fc.constant(rows), columns: fc.constant(columns), data })
    })
    fc.assert(
      fc.property(matrices, (given) => {
        const read = decodeMatrix(encodeMatrix(given), 'a matrix')
        expect(read).toEqual(given)
        expect(bytesOf(read.data)).toEqual(bytesOf(given.data))
      }),
      { numRuns: 300 },
    )
  })

  it('is read again where nothing in it can be made smaller', () => {
    const data = randomFillSync(new Float64Array(2 ** 17))
    const given = { rows: 2 ** 9, columns: 2 ** 8, data }
    const blob = encodeMatrix(given)
    expect(blob.data.length).toBeGreaterThan(data.byteLength)
    expect(bytesOf(decodeMatrix(blob, 'a matrix').data)).toEqual(bytesOf(data))
  })

  it('is smaller than its numbers where they are of one size', () => {
    const given = matrix(37, 512)
    expect(encodeMatrix(given).data.length).toBeLessThan(0.95 * given.data.byteLength)
  })

  it('refuses to be made of numbers that do not fill its shape', () => {
    expect(() => encodeMatrix({ rows: 2, columns: 3, data: new Float64Array(5) })).toThrow(/2 × 3 .* 5 numbers/)
  })
})

describe('a damaged matrix blob', () => {
  const sound = encodeMatrix(matrix(8, 8))
  const flipped = Buffer.from(sound.data)
  flipped[flipped.length >> 1]! ^= 1
  const bomb = zstdCompressSync(Buffer.alloc(1 << 24))
  const damages: [string, Partial<MatrixBlob>, RegExp][] = [
    ['of more rows than it has', { rows: 9 }, /holds 512 bytes where 576 belong/],
    ['of fewer rows than it has', { rows: 7 }, /cannot be decompressed to 448 bytes/],
    ['with its sides exchanged for others', { rows: 4, columns: 16 }, /checksum/],
    ['of no rows', { rows: 0 }, /claims to be 0 × 8/],
    ['of no columns', { columns: 0 }, /claims to be 8 × 0/],
    ['of rows below zero', { rows: -8, columns: -8 }, /claims to be -8 × -8/],
    ['of parts of rows', { rows: 6.4, columns: 10 }, /claims to be 6.4 × 10/],
    ['of more rows than memory', { rows: largestMatrixBytes, columns: 8 }, /claims to be/],
    ['of an unknown type', { dtype: 'float16' as 'float32' }, /claims to be 8 × 8 float16/],
    ['that is cut short', { data: sound.data.subarray(0, 100) }, /cannot be decompressed|holds \d+ bytes/],
    ['with a byte changed', { data: flipped }, /checksum|cannot be decompressed/],
    ['with another checksum', { checksum: Buffer.alloc(32) }, /fails its checksum/],
    ['that is no zstd', { data: Buffer.from('not compressed at all') }, /cannot be decompressed/],
    ['that is empty', { data: Buffer.alloc(0) }, /cannot be decompressed|holds 0 bytes/],
    ['that grows beyond its shape', { data: bomb }, /cannot be decompressed to 512 bytes/],
    ['that is larger than its numbers', { data: Buffer.alloc(1 << 20) }, /takes 1048576 bytes for 512/],
  ]
  it.each(damages)('%s is refused, by name', (_, damage, message) => {
    const read = () => decodeMatrix({ ...sound, ...damage }, 'matrix E of run abc at step 7')
    expect(read).toThrow(expect.objectContaining({ code: 'ARCHIVE_UNREADABLE' }))
    expect(read).toThrow(/^matrix E of run abc at step 7 is damaged: it /)
    expect(read).toThrow(message)
  })
})
