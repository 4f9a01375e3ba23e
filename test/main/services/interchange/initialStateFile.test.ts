import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readInitialState } from '../../../../src/main/services/interchange/initialStateFile.ts'
import type { NumpyArray } from '../../../../src/main/services/interchange/numpyArray.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'
import { temporaryFolder } from '../../../support/folders.ts'
import { npzOf } from '../../../support/npz.ts'

const folder = temporaryFolder()
const wave = (length: number) => Float64Array.from({ length }, (_, i) => Math.sin(i))
const E = { shape: [5, 12], data: wave(60) }
const W = { shape: [12, 5], data: wave(60) }
const train = { shape: [4], data: Int32Array.of(9, 0, 14, 3) }

/** A mask with these places true; without any, all of them. */
function mask(length: number, ...places: number[]): NumpyArray {
  const isTrue = (place: number) => places.length === 0 || places.includes(place)
  return { shape: [length], data: Uint8Array.from({ length }, (_, place) => Number(isTrue(place))) }
}

const spec = parseExperiment({
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.5 },
  network: { hidden: 12 },
  initialization: { kind: 'file', path: 'start.npz' },
  dynamics: { kind: 'isolated', steps: 10 },
})

function read(arrays: Record<string, NumpyArray>) {
  writeFileSync(join(folder, 'start.npz'), npzOf(arrays))
  return readInitialState(spec, folder).then((file) => file!)
}

/** An array that PyTorch's layers have: outputs × inputs. */
const turned = { shape: [12, 5], data: E.data }

describe('a start from a file', () => {
  it('holds E, W and the training pairs in ascending order, the path taken from the folder', async () => {
    expect((await read({ E, W, train })).state).toEqual({
      parameters: { E: { rows: 5, columns: 12, data: E.data }, W: { rows: 12, columns: 5, data: W.data } },
      train: Int32Array.of(0, 3, 9, 14),
    })
    expect(await read({ E })).toMatchObject({
      state: { parameters: { E: { rows: 5, columns: 12, data: E.data } } },
      warnings: [],
    })
  })

  it('is known by its numbers, and refused where the specification says others', async () => {
    const { hash } = await read({ E, W })
    expect((await read({ W, E: { ...E, data: Float64Array.from(E.data) }, other: train })).hash).toBe(hash)
    const said = { ...spec, initialization: { ...spec.initialization, hash } }
    expect((await readInitialState(said, folder))!.hash).toBe(hash)
    const other = await read({ E, W: { ...W, data: W.data.with(59, 0.5) } })
    expect(other.hash).not.toBe(hash)
    await expect(readInitialState(said, folder)).rejects.toThrow(
      `start.npz: holds other weights than initialization.hash says, whose hash is ${hash}; its own is ${other.hash}; ` +
        'to take it as it is now, leave initialization.hash out',
    )
  })

  it('is multiplied by the initial scale', async () => {
    writeFileSync(join(folder, 'start.npz'), npzOf({ E, W }))
    const initialization = { ...spec.initialization, scale: 0.5 }
    const { state } = (await readInitialState({ ...spec, initialization }, folder))!
    expect([state.parameters['E']!.data, state.parameters['W']!.data]).toEqual(
      [E, W].map(({ data }) => data.map((value) => value / 2)),
    )
  })

  it('is refused where the initial scale takes it beyond the largest number', async () => {
    writeFileSync(join(folder, 'start.npz'), npzOf({ E: { ...E, data: E.data.with(25, -1e305) } }))
    const initialization = { ...spec.initialization, scale: 1e6 }
    await expect(readInitialState({ ...spec, initialization }, folder)).rejects.toThrow(
      'start.npz: E[2, 1] is -1e+305, which times initialization.scale (1000000) is -Infinity; only finite numbers',
    )
  })

  it('in float32 is widened', async () => {
    const narrow = Float32Array.from(E.data)
    const { state } = await read({ E: { ...E, data: narrow } })
    expect(state.parameters['E']!.data).toEqual(Float64Array.from(narrow))
  })

  it('of whole numbers or truth values is the same numbers in float64, whole ones under the same hash', async () => {
    const ones = Int32Array.from({ length: 60 }, (_, i) => i % 2)
    const real = await read({ E: { ...E, data: Float64Array.from(ones) }, train })
    const whole = await read({ E: { ...E, data: ones }, train })
    expect(whole).toStrictEqual(real)
    const truth = await read({ E: { ...E, data: Uint8Array.from(ones) }, train })
    expect(truth.state).toStrictEqual(real.state)
  })

  it('says where what it trains on is not as much as the share of the specification', async () => {
    const { warnings } = await read({ E, train })
    expect(warnings).toEqual([
      expect.stringMatching(
        /: its train is the training set, 4 of 15 samples; task.trainFraction, by which it would be \d+, has no effect$/,
      ),
    ])
    const { length } = Array.from({ length: Number(warnings[0]!.match(/would be (\d+)/)![1]) })
    const fitting = { shape: [length], data: Int32Array.from({ length }, (_, i) => i) }
    expect((await read({ E, train: fitting })).warnings).toEqual([])
  })

  it('says where it leaves nothing to draw from several seeds', async () => {
    const severalSeeds = { ...spec, seeds: [0, 1, 2] }
    const warningsOf = async (arrays: Record<string, NumpyArray>, of = severalSeeds) => {
      writeFileSync(join(folder, 'start.npz'), npzOf(arrays))
      return (await readInitialState(of, folder))!.warnings.filter((warning) => warning.includes('seed'))
    }
    expect(await warningsOf({ E, W, train })).toEqual([
      expect.stringMatching(/start.npz: the runs of all 3 seeds are the same to the bit: .*; one seed is enough$/),
    ])
    expect(await warningsOf({ E, W, train }, spec)).toEqual([])
    expect(await warningsOf({ E, W })).toEqual([])
    expect(await warningsOf({ E, train })).toEqual([])
  })

  it('takes training pairs as whole numbers of any type, or as a mask of all pairs', async () => {
    const whole = await read({ E, train: { shape: [4], data: Float64Array.of(9, 0, 14, 3) } })
    expect(whole.state.train).toEqual(Int32Array.of(0, 3, 9, 14))
    const masked = await read({ E, train: mask(15, 0, 3, 9, 14) })
    expect(masked.state.train).toEqual(Int32Array.of(0, 3, 9, 14))
  })

  it('with arrays that are not used is taken, and that is told', async () => {
    const { state, warnings } = await read({ E, 'fc2.weight': W, bias: train })
    expect(Object.keys(state.parameters)).toEqual(['E'])
    expect(warnings).toEqual([
      `${join(folder, 'start.npz')}: not used: fc2.weight (12, 5) float64, bias (4) int32; a start takes E, W and train`,
    ])
  })

  it('is not looked for where the specification names none', async () => {
    const drawn = parseExperiment({ ...spec, initialization: { kind: 'uniform' } })
    expect(await readInitialState(drawn, '/nowhere')).toBeUndefined()
  })

  it.each<[string, Record<string, NumpyArray>, string | RegExp]>([
    ['without E', {}, 'lacks the array E (5 × 12); it holds no array'],
    [
      'under the names of a state dict',
      { 'fc1.weight': turned, 'fc2.weight': E, 'fc1.bias': { shape: [12], data: new Float32Array(12) } },
      'lacks the array E (5 × 12); it holds fc1.weight (12, 5) float64, fc2.weight (5, 12) float64, ' +
        "fc1.bias (12) float32; of E's shape: fc2.weight; of E's shape when transposed: fc1.weight " +
        '(PyTorch keeps weights as (out, in)); save the first layer under the name E',
    ],
    [
      'with E the wrong way round',
      { E: W },
      'E has shape (12, 5); this specification needs (5, 12); transposed it would fit: save E.T (PyTorch keeps weights',
    ],
    ['with E of another size', { E: { shape: [4, 15], data: E.data } }, /needs \(5, 12\)$/],
    ['with E of one axis', { E: { shape: [60], data: E.data } }, 'E has shape (60); this specification needs (5, 12)'],
    ['with W like E', { E, W: E }, 'W has shape (5, 12); this specification needs (12, 5)'],
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
    ['with real indices', { E, train: { shape: [2], data: Float64Array.of(0, 1.5) } }, 'train[1] is 1.5; only whole'],
    ['with a mask of another size', { E, train: mask(14) }, 'train is a mask (bool) of 14; this specification has 15'],
    ['with a mask of everything', { E, train: mask(15) }, '15 of 15 pairs; both parts need at least 1'],
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
