import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readInitialState } from '../../../../src/main/services/interchange/initialStateFile.ts'
import type { NumpyArray } from '../../../../src/main/services/interchange/npy.ts'
import { encodeNpz } from '../../../../src/main/services/interchange/npz.ts'
import { parseExperiment } from '../../../../src/shared/experiment.ts'
import { temporaryFolder } from '../../../support/folders.ts'

const folder = temporaryFolder()
const wave = (length: number) => Float64Array.from({ length }, (_, i) => Math.sin(i))
const E = { shape: [5, 12], data: wave(60) }
const W = { shape: [12, 5], data: wave(60) }
const train = { shape: [4], data: Int32Array.of(9, 0, 14, 3) }

const spec = parseExperiment({
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.5 },
  network: { hidden: 12 },
  initialization: { kind: 'file', path: 'start.npz' },
  dynamics: { kind: 'isolated', steps: 10 },
})

function read(arrays: Record<string, NumpyArray>) {
  writeFileSync(join(folder, 'start.npz'), encodeNpz(arrays))
  return readInitialState(spec, folder)
}

describe('a start from a file', () => {
  it('holds E, W and the training pairs in ascending order, the path taken from the folder', async () => {
    expect(await read({ E, W, train })).toEqual({
      E: { rows: 5, columns: 12, data: E.data },
      W: { rows: 12, columns: 5, data: W.data },
      train: Int32Array.of(0, 3, 9, 14),
    })
    expect(await read({ E })).toEqual({ E: { rows: 5, columns: 12, data: E.data } })
  })

  it('in float32 is widened', async () => {
    const narrow = Float32Array.from(E.data)
    const start = await read({ E: { ...E, data: narrow } })
    expect(start!.E.data).toEqual(Float64Array.from(narrow))
  })

  it('is not looked for where the specification names none', async () => {
    const drawn = parseExperiment({ ...spec, initialization: { kind: 'uniform' } })
    expect(await readInitialState(drawn, '/nowhere')).toBeUndefined()
  })

  it.each<[string, Record<string, NumpyArray>, string]>([
    ['without E', { W }, 'lacks the array E (5 × 12)'],
    ['with E the wrong way round', { E: W }, 'E has shape (12, 5); this specification needs (5, 12)'],
    ['with E of one axis', { E: { shape: [60], data: E.data } }, 'E has shape (60); this specification needs (5, 12)'],
    ['with W like E', { E, W: E }, 'W has shape (5, 12); this specification needs (12, 5)'],
    ['with E of whole numbers', { E: { shape: [5, 12], data: new Int32Array(60) } }, 'E holds whole numbers'],
    ['with NaN inside', { E: { ...E, data: E.data.with(25, NaN) } }, 'E[2, 1] is NaN; only finite numbers'],
    ['with infinity inside', { E, W: { ...W, data: W.data.with(59, Infinity) } }, 'W[11, 4] is Infinity'],
    [
      'with an index too large',
      { E, train: { shape: [2], data: Int32Array.of(0, 15) } },
      'the index 15; allowed: 0 to 14',
    ],
    [
      'with an index below 0',
      { E, train: { shape: [2], data: Int32Array.of(0, -1) } },
      'the index -1; allowed: 0 to 14',
    ],
    ['with an index twice', { E, train: { shape: [3], data: Int32Array.of(2, 1, 2) } }, 'the index 2 twice'],
    [
      'with no index',
      { E, train: { shape: [0], data: new Int32Array() } },
      '0 of 15 pairs; both parts need at least 1',
    ],
    [
      'with every index',
      { E, train: { shape: [15], data: Int32Array.from({ length: 15 }, (_, i) => i) } },
      '15 of 15 pairs',
    ],
    ['with real indices', { E, train: { shape: [2], data: Float64Array.of(0, 1) } }, 'a list of whole numbers'],
    ['with indices in a table', { E, train: { shape: [2, 2], data: train.data } }, 'a list of whole numbers'],
    [
      'with more training pairs than units and no ridge',
      { E, train: { shape: [13], data: Int32Array.from({ length: 13 }, (_, i) => i) } },
      '13 training pairs',
    ],
  ])('%s is refused', async (_, arrays, message) => {
    await expect(read(arrays)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining(`${join(folder, 'start.npz')}: `) as string,
    })
    await expect(read(arrays)).rejects.toThrow(message)
  })
})
