import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { encodeNpy } from '../../../../src/main/services/interchange/npy.ts'
import { encodeNpz, readNpz } from '../../../../src/main/services/interchange/npz.ts'
import { temporaryFolder } from '../../../support/folders.ts'

const folder = temporaryFolder()
const E = { shape: [2, 3], data: Float64Array.of(1, -2.5, 3e-300, 4, 5, 6) }
const train = { shape: [3], data: Int32Array.of(0, 4, 2) }

function write(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

const read = (path: string, limit = 1000) => readNpz(path, ['E', 'train', 'W'], limit)
const refused = (message: RegExp) => ({ code: 'INVALID_FILE', message: expect.stringMatching(message) as string })

describe('.npz', () => {
  it('comes back to the bit, what was asked for and nothing else', async () => {
    const path = write('good.npz', encodeNpz({ E, train, other: E }))
    expect(await read(path)).toEqual({ E, train })
  })

  it('is the same bytes for the same arrays', () => {
    expect(encodeNpz({ E, train })).toEqual(encodeNpz({ E, train }))
  })

  it('is read compressed and stored alike', async () => {
    for (const level of [0, 9] as const) {
      expect(await read(write(`level${level}.npz`, zipSync({ 'E.npy': encodeNpy(E) }, { level })))).toEqual({ E })
    }
  })

  it('that is not there, a folder, empty or no zip is refused', async () => {
    const missing = join(folder, 'missing.npz')
    await expect(read(missing)).rejects.toMatchObject({ code: 'INVALID_FILE', message: `${missing}: no such file` })
    await expect(read(folder)).rejects.toMatchObject(refused(/not a readable .npz file/))
    await expect(read(write('empty.npz', ''))).rejects.toMatchObject(refused(/not a readable .npz file/))
    await expect(read(write('text.npz', 'E = 5'))).rejects.toMatchObject(refused(/not a readable .npz file/))
  })

  it('cut off anywhere is refused', async () => {
    const whole = encodeNpz({ E, train })
    for (let length = 0; length < whole.length; length += 23) {
      await expect(read(write('cut.npz', whole.subarray(0, length)))).rejects.toMatchObject({ code: 'INVALID_FILE' })
    }
  })

  it('with any byte of its data changed is refused, or still says the same', async () => {
    const whole = encodeNpz({ E })
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
