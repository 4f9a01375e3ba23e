import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeNpz } from '../../../../src/main/services/interchange/encodeNpz.ts'
import type { NumpyStream } from '../../../../src/main/services/interchange/numpyArray.ts'
import { readNpz } from '../../../../src/main/services/interchange/readNpz.ts'
import { bytesOf, countOf, shapes } from '../../../support/anyNumbers.ts'
import { temporaryFolder } from '../../../support/folders.ts'
import { npyFile, npyOf, npzOf } from '../../../support/npz.ts'

const folder = temporaryFolder()
const E = { shape: [2, 3], data: Float64Array.of(1, -2.5, 3e-300, 4, 5, 6) }
const train = { shape: [3], data: Int32Array.of(0, 4, 2) }

function write(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

const read = async (path: string, limit = 1000) => (await readNpz(path, ['E', 'train', 'W'], limit)).arrays
const refused = (message: RegExp) => ({ code: 'INVALID_FILE', message: expect.stringMatching(message) as string })

function indexOf(bytes: Buffer, signature: number): number {
  const pattern = Buffer.alloc(4)
  pattern.writeUInt32LE(signature)
  return bytes.indexOf(pattern)
}

describe('.npz', () => {
  it('comes back to the bit, what was asked for and nothing else', async () => {
    const path = write('good.npz', npzOf({ E, train, other: E }))
    expect(await read(path)).toEqual({ E, train })
  })

  it('is read compressed and stored alike', async () => {
    for (const level of [0, 9] as const) {
      expect(await read(write(`level${level}.npz`, zipSync({ 'E.npy': npyOf(E) }, { level })))).toEqual({ E })
    }
  })

  it('of arrays in any parts comes back to the bit', async () => {
    const parts = {
      '<f8': (length: number) => fc.float64Array({ minLength: length, maxLength: length }),
      '<f4': (length: number) => fc.float32Array({ minLength: length, maxLength: length }),
      '<i4': (length: number) => fc.int32Array({ minLength: length, maxLength: length }),
    }
    const arrays = fc
      .tuple(shapes, fc.constantFrom('<f8' as const, '<f4' as const, '<i4' as const))
      .chain(([shape, type]) =>
        fc.record({
          shape: fc.constant(shape),
          type: fc.constant(type),
          data: parts[type](countOf(shape)) as fc.Arbitrary<Float64Array | Float32Array | Int32Array>,
          cut: fc.nat(countOf(shape)),
        }),
      )
    await fc.assert(
      fc.asyncProperty(fc.array(arrays, { maxLength: 3 }), async (given) => {
        const named = given.map(({ data, cut, ...array }, i): [string, NumpyStream] => [
          `array${i}`,
          { ...array, parts: [data.subarray(0, cut), data.subarray(cut)] },
        ])
        const chunks: Uint8Array[] = []
        for await (const chunk of encodeNpz(named)) chunks.push(chunk)
        const path = write('any.npz', Buffer.concat(chunks))
        const names = named.map(([name]) => name)
        const back = (await readNpz(path, names, 1e6)).arrays
        for (const [i, { shape, data }] of given.entries()) {
          const widened = data instanceof Float32Array ? Float64Array.from(data) : data
          expect(back[`array${i}`]!.shape).toEqual(shape)
          expect(bytesOf(back[`array${i}`]!.data)).toEqual(bytesOf(widened))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('that is not there, a folder, empty or no zip is refused', async () => {
    const missing = join(folder, 'missing.npz')
    await expect(read(missing)).rejects.toMatchObject({ code: 'INVALID_FILE', message: `${missing}: no such file` })
    await expect(read(folder)).rejects.toMatchObject(refused(/: it is a folder; a file is needed$/))
    await expect(read(write('empty.npz', ''))).rejects.toMatchObject(refused(/not a readable .npz file/))
    await expect(read(write('text.npz', 'E = 5'))).rejects.toMatchObject(refused(/not a readable .npz file/))
  })

  it.each<[string, string | Uint8Array, RegExp]>([
    ['a single array', npyOf(E), /it is a single array \(.npy\); save the arrays from Python by numpy.savez/],
    ['a pickle', Buffer.of(0x80, 2, 0x7d, 0x71, 0, 0x2e), /it is a Python pickle/],
    ['a PyTorch file', zipSync({ 'model/data.pkl': new Uint8Array(3) }), /it is a PyTorch file \(.pt\)/],
    ['an HDF5 file', '\x89HDF\r\n', /it is not a ZIP file|it is an HDF5 file/],
    ['nothing', '', /it is empty/],
    ['a part of a .npz', npzOf({ E, train }).subarray(0, 200), /it is truncated/],
  ])('that is %s is told so', async (_, bytes, message) => {
    await expect(read(write('other.npz', bytes))).rejects.toMatchObject(refused(message))
  })

  it('says that an array is encrypted, or compressed by what is not read', async () => {
    const change = (at: number, value: number) => {
      const bytes = Buffer.from(npzOf({ E }))
      for (const [signature, offset] of [
        [0x04034b50, 6],
        [0x02014b50, 8],
      ] as const) {
        bytes.writeUInt16LE(value, indexOf(bytes, signature) + offset + at)
      }
      return write('changed.npz', bytes)
    }
    await expect(read(change(0, 1))).rejects.toMatchObject(refused(/E is encrypted; save it without a password/))
    await expect(read(change(2, 14))).rejects.toMatchObject(refused(/E is compressed by ZIP's method 14; allowed/))
  })

  it('ignores what nobody asked for, whatever its name and content, and describes it', async () => {
    const bytes = zipSync({
      'E.npy': npyOf(E),
      '/etc/passwd.npy': npyOf(train),
      '../up.npy': npyFile("{'descr': '<c16', 'fortran_order': False, 'shape': (1,)}", new Uint8Array(16)),
      'a\\b': new Uint8Array(3),
      '': npyOf({ shape: [], data: Float64Array.of(1) }),
    })
    const { arrays, others } = await readNpz(write('odd.npz', bytes), ['E'], 1000)
    expect(arrays).toEqual({ E })
    expect(others).toEqual([
      { name: '/etc/passwd', shape: [3], type: 'int32' },
      { name: '../up', shape: [1], type: 'complex' },
      { name: 'a\\b', shape: [], type: '' },
      { name: '', shape: [], type: 'float64' },
    ])
  })

  it('cut off anywhere is refused', async () => {
    const whole = npzOf({ E, train })
    for (let length = 0; length < whole.length; length += 23) {
      await expect(read(write('cut.npz', whole.subarray(0, length)))).rejects.toMatchObject({ code: 'INVALID_FILE' })
    }
  })

  it('with any byte of its data changed is refused, or still says the same', async () => {
    const whole = npzOf({ E })
    for (let at = 0; at < whole.length; at += 7) {
      const damaged = whole.slice()
      damaged[at]! ^= 0x41
      const outcome = await read(write('damaged.npz', damaged)).catch((error: { code: string }) => error.code)
      if (outcome !== 'INVALID_FILE') expect([{ E }, {}]).toContainEqual(outcome)
    }
  })

  it('that would unpack to far more than is needed is refused before it is', async () => {
    const bomb = zipSync({ 'E.npy': new Uint8Array(50_000_000) }, { level: 9 })
    expect(bomb.length).toBeLessThan(100_000)
    await expect(read(write('bomb.npz', bomb))).rejects.toMatchObject(
      refused(/would unpack to 50000000 bytes; allowed: 1000/),
    )
  })

  it('that lies about how much it unpacks to is refused too', async () => {
    const bomb = zipSync({ 'E.npy': new Uint8Array(5_000_000) }, { level: 9 })
    const view = new DataView(bomb.buffer)
    // The uncompressed size stands in the local header and again in the central directory.
    for (let at = 0; at + 4 < bomb.length; at++) {
      if (view.getUint32(at, true) === 5_000_000) view.setUint32(at, 500, true)
    }
    await expect(read(write('liar.npz', bomb))).rejects.toMatchObject({ code: 'INVALID_FILE' })
  })
})
