import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDatasetReader } from '../../../../src/main/services/interchange/datasetFile.ts'
import type { NumpyArray } from '../../../../src/main/services/interchange/numpyArray.ts'
import { LabError } from '../../../../src/shared/errors.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'
import type { DatasetTask } from '../../../../src/shared/tasks/dataset.ts'
import { temporaryFolder } from '../../../support/folders.ts'
import { npyFile, npzOf } from '../../../support/npz.ts'

const folder = temporaryFolder()
const { complete } = createDatasetReader(() => false)
const X = { shape: [4, 2], data: Float64Array.of(1, 0, 2, 0, 3, 0, 4, 0) }
const Y = { shape: [4], data: Int32Array.of(0, 1, 2, 1) }

function write(arrays: Record<string, NumpyArray>) {
  writeFileSync(join(folder, 'data.npz'), npzOf(arrays))
}

async function read(arrays: Record<string, NumpyArray>, task: object = { trainFraction: 0.5 }) {
  write(arrays)
  const { input, dataset, warnings } = await complete({ task: { kind: 'dataset', path: 'data.npz', ...task } }, folder)
  return { task: (input as { task: DatasetTask }).task, dataset, warnings }
}

/** The message without the path of the file. */
async function refusal(arrays: Record<string, NumpyArray>): Promise<string> {
  const error: unknown = await read(arrays).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(LabError)
  const { code, message } = error as LabError
  expect(code).toBe('INVALID_FILE')
  expect(message.startsWith(`${join(folder, 'data.npz')}: `)).toBe(true)
  return message.slice(join(folder, 'data.npz').length + 2)
}

describe('data from a file', () => {
  it('has classes where Y is a list of whole numbers or of truth values, a constant column being allowed', async () => {
    const { task, dataset, warnings } = await read({ X, Y })
    expect(task.content).toMatchObject({ samples: 4, features: 2, targets: 'classes', outputs: 3 })
    expect(dataset).toEqual({ X: { rows: 4, columns: 2, data: X.data }, Y: Y.data })
    expect(warnings).toEqual([])
    const truths = await read({ X, Y: { shape: [4], data: Uint8Array.of(0, 1, 1, 0) } })
    expect(truths.task.content).toMatchObject({ targets: 'classes', outputs: 2 })
  })

  it('has real targets where Y holds real numbers or has several columns', async () => {
    const list = await read({ X, Y: { shape: [4], data: Float64Array.of(0, 1, 2, 1) } })
    expect(list.task.content).toMatchObject({ targets: 'real', outputs: 1 })
    const table = await read({ X, Y: { shape: [4, 2], data: Int32Array.from(X.data) } })
    expect(table.task.content).toMatchObject({ targets: 'real', outputs: 2 })
    expect(table.dataset!.Y).toEqual({ rows: 4, columns: 2, data: X.data })
  })

  it('is split as the file says, unless the specification says otherwise', async () => {
    const train = { shape: [4], data: Uint8Array.of(1, 0, 1, 0) }
    const said = await read({ X, Y, train }, {})
    expect(said.task).toMatchObject({ split: { kind: 'file' }, trainFraction: 0.5, content: { train: 2 } })
    expect(said.dataset!.train).toEqual(Int32Array.of(0, 2))
    const all = await read({ X, Y, train: { shape: [4], data: Int32Array.of(3, 2, 1, 0) } }, {})
    expect(all.task).toMatchObject({ split: { kind: 'file' }, trainFraction: 1 })
    const drawn = await read({ X, Y, train }, { trainFraction: 0.25, split: { kind: 'random' } })
    expect(drawn.task).toMatchObject({ split: { kind: 'random' }, trainFraction: 0.25 })
  })

  it('tells of arrays that it does not use', async () => {
    const { warnings } = await read({ X, Y, Z: X })
    expect(warnings).toEqual([expect.stringContaining('not used: Z (4, 2) float64; data takes X, Y and train')])
  })

  const row = (...data: number[]) => ({ shape: [data.length], data: Int32Array.from(data) })
  const with_ = (place: number, value: number) => ({ ...X, data: X.data.with(place, value) })
  it.each([
    [{ X: with_(5, NaN), Y }, 'X[2, 1] is NaN; only finite numbers are allowed'],
    [{ X: with_(0, -Infinity), Y }, 'X[0, 0] is -Infinity; only finite numbers are allowed'],
    [{ X, Y: { shape: [4], data: Float64Array.of(0, 1, NaN, 1) } }, 'Y[2] is NaN; only finite'],
    [{ X: { shape: [8], data: X.data }, Y }, 'X has shape (8); allowed: (n, m), a row for each sample'],
    [
      { X: { shape: [4, 1, 2], data: X.data }, Y },
      'X has shape (4, 1, 2); allowed: (n, m), a row for each sample; save X.reshape',
    ],
    [
      { X: { shape: [4, 0], data: new Float64Array() }, Y },
      'X has shape (4, 0); at least two samples of at least one feature',
    ],
    [{ X: { shape: [1, 8], data: X.data }, Y: row(1) }, 'X has shape (1, 8); at least two samples'],
    [{ X, Y: row(0, 1, 0) }, 'Y has 3 rows and X has 4; both need one for each sample'],
    [
      { X, Y: { shape: [4, 1, 1], data: Y.data } },
      'Y has shape (4, 1, 1); allowed: a list of 4 classes, or (4, o) numbers',
    ],
    [{ X, Y: { shape: [4, 0], data: new Float64Array() } }, 'Y has shape (4, 0); allowed: a list of 4 classes'],
    [{ X, Y: { shape: [4, 1], data: Y.data } }, 'Y has shape (4, 1) of whole numbers: save Y.ravel() for classes'],
    [{ X, Y: row(0, 1, -2, 0) }, 'Y[2] is -2; classes are 0, 1, …'],
    [{ X, Y: row(0, 1, 3, 0) }, 'Y has no sample of class 2; every class from 0 to 3 needs at least one'],
    [{ X, Y: row(1, 2, 1, 2) }, 'Y has no sample of class 0; every class from 0 to 2'],
    [{ X, Y: row(0, 0, 0, 0) }, 'Y holds the class 0 alone; at least two classes are needed'],
    [{ X, Y: row(0, 1, 70_000, 0) }, 'Y[2] is 70000; at most 16384 classes are allowed, from 0 on'],
    [{ X }, 'lacks Y (a row or a class for each sample); it holds X (4, 2) real numbers; save the data from Python'],
    [
      { x: X, y: Y },
      'lacks X (samples × features) and Y (a row or a class for each sample); it holds x (4, 2) float64, y (4) int32',
    ],
    [{}, 'lacks X (samples × features) and Y (a row or a class for each sample); it holds no array'],
    [{ X, Y, train: row(0, 4) }, 'train holds the index 4; allowed: 0 to 3'],
    [{ X, Y, train: row(-1) }, 'train holds the index -1; allowed: 0 to 3'],
    [{ X, Y, train: row(1, 1) }, 'train holds the index 1 twice'],
    [{ X, Y, train: row() }, 'train holds 0 of 4'],
    [
      { X, Y, train: { shape: [3], data: Uint8Array.of(1, 0, 0) } },
      'train is a mask (bool) of 3; this specification has 4',
    ],
    [{ X, Y, train: { shape: [2], data: Float64Array.of(0, 1.5) } }, 'train[1] is 1.5; only whole numbers are allowed'],
    [
      { X, Y, train: { shape: [2, 1], data: Int32Array.of(0, 1) } },
      'train has shape (2, 1); allowed: a list of whole numbers',
    ],
  ] as [Record<string, NumpyArray>, string][])('refuses what it cannot be: %#', async (arrays, message) => {
    expect(await refusal(arrays)).toContain(message)
  })

  it('is refused before it is unpacked where it takes too many bytes', async () => {
    const bytes = npzOf({ X, Y })
    const at = bytes.findIndex((_, i) => Buffer.from(bytes.subarray(i, i + 4)).toString('latin1') === 'PK\x01\x02')
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(at + 24, 300 * 2 ** 20, true)
    writeFileSync(join(folder, 'data.npz'), bytes)
    const requested = complete({ task: { kind: 'dataset', path: 'data.npz' } }, folder)
    await expect(requested).rejects.toThrow(/X would unpack to 314572800 bytes; allowed: 268500992/)
  })

  it('that has changed since is told by its name, and read again where nothing says what it held', async () => {
    const { task } = await read({ X, Y })
    write({ X: with_(1, 7), Y })
    await expect(complete({ task }, folder)).rejects.toThrow(
      new RegExp(`data.npz: holds other data than task.content says, whose hash is ${task.content.hash}`),
    )
    const { content: _, ...bare } = task
    const { input } = await complete({ task: bare }, folder)
    expect((input as { task: DatasetTask }).task.content.hash).not.toBe(task.content.hash)
  })

  it.each([null, 7, 'zz', {}, { hash: 'zz' }, { hash: 7 }, { samples: 2 }])(
    'is left to the schema where what is said of it has no hash: %j',
    async (content) => {
      const { task } = await read({ X, Y })
      const dynamics = { kind: 'isolated', steps: 3 }
      const input = { task: { ...task, content }, network: { hidden: 4 }, dynamics }
      expect(await complete(input, folder)).toEqual({ input, warnings: [] })
      expect(() => parseExperiment(input)).toThrow(/^task\.content/)
    },
  )

  it('that the archive keeps is not needed any more, and a change of it is told', async () => {
    const { task } = await read({ X, Y })
    const { complete: kept } = createDatasetReader((hash) => hash === task.content.hash)
    expect(await kept({ task }, folder)).toEqual({ input: { task }, warnings: [] })
    expect(await kept({ task }, join(folder, 'elsewhere'))).toEqual({ input: { task }, warnings: [] })
    write({ X: with_(1, 7), Y })
    const { input, warnings } = await kept({ task }, folder)
    expect(input).toEqual({ task })
    expect(warnings).toEqual([
      expect.stringMatching(/data.npz has changed since; the run uses the copy of its data kept/),
    ])
  })

  it('leaves every other specification as it is, for the schema to judge', async () => {
    for (const input of [null, 7, {}, { task: { kind: 'dataset' } }, { task: { kind: 'dataset', path: 3 } }]) {
      expect(await complete(input, folder)).toEqual({ input, warnings: [] })
    }
  })

  it('has one hash for the same numbers, whatever their type, byte order and order in memory', async () => {
    const { task } = await read({ X, Y })
    const types = ['f8', 'f4', 'f2', 'i8', 'i4', 'i2', 'i1', 'u8', 'u4', 'u2', 'u1'] as const
    const whole = types.filter((type) => !type.startsWith('f'))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...types),
        fc.constantFrom(...whole),
        fc.constantFrom('<', '>'),
        fc.boolean(),
        fc.boolean(),
        async (typeX, typeY, order, isFortran, isCompressed) => {
          const columns = isFortran ? [0, 2, 4, 6, 1, 3, 5, 7] : [0, 1, 2, 3, 4, 5, 6, 7]
          const files = {
            'X.npy': encoded(
              typeX,
              order,
              isFortran,
              [4, 2],
              columns.map((at) => X.data[at]!),
            ),
            'Y.npy': encoded(typeY, order, isFortran, [4], [...Y.data]),
          }
          writeFileSync(join(folder, 'data.npz'), zipSync(files, { level: isCompressed ? 6 : 0 }))
          const { input } = await complete({ task: { kind: 'dataset', path: 'data.npz' } }, folder)
          expect((input as { task: DatasetTask }).task.content).toEqual(task.content)
        },
      ),
    )
  })
})

describe('a specification of data from a file', () => {
  const rest = { network: { hidden: 8 }, dynamics: { kind: 'training', learningRate: 1, weightDecay: 0, steps: 1 } }
  const parse = async (arrays: Record<string, NumpyArray>, task: object, dynamics: object = {}) => {
    const { task: completed } = await read(arrays, task)
    return () => parseExperiment({ ...rest, task: completed, dynamics: { ...rest.dynamics, ...dynamics } })
  }
  const train = { shape: [1], data: Int32Array.of(3) }

  it.each([
    [
      { X, Y: X },
      {},
      { loss: 'crossEntropy' },
      /dynamics.loss: "crossEntropy" .*real numbers; allowed: "meanSquaredError"/,
    ],
    [{ X, Y, train }, { trainFraction: 0.5 }, {}, /task.trainFraction: 0.5 .*train names 1 of 4 samples/],
    [{ X, Y }, { split: { kind: 'file' } }, {}, /task.split.kind: "file" .*no array train; allowed: "random", "given"/],
    [
      { X, Y },
      { split: { kind: 'block' } },
      {},
      /task.split.kind: .* has no known kind; one of "random", "given", "file"/,
    ],
    [{ X, Y }, { trainFraction: 0.01 }, {}, /this leaves 0 training and 4 test samples of 4/],
    [{ X, Y }, { split: { kind: 'given', train: [9] } }, {}, /the data has 4 samples, 0 to 3/],
  ] as [Record<string, NumpyArray>, object, object, RegExp][])(
    'says which field does not fit it: %#',
    async (arrays, task, dynamics, message) => {
      const share = { trainFraction: 'train' in arrays ? undefined : 0.5 }
      expect(await parse(arrays, { ...share, ...task }, dynamics)).toThrow(message)
    },
  )
})

function encoded(type: string, order: '<' | '>', isFortran: boolean, shape: number[], values: number[]): Uint8Array {
  const size = Number(type[1])
  const view = new DataView(new ArrayBuffer(size * values.length))
  values.forEach((value, i) => {
    const little = order === '<'
    if (type === 'f8') view.setFloat64(size * i, value, little)
    else if (type === 'f4') view.setFloat32(size * i, value, little)
    else if (type === 'f2') view.setUint16(size * i, halves[value]!, little)
    else if (size === 8) view.setBigInt64(size * i, BigInt(value), little)
    else if (size === 4) view.setInt32(size * i, value, little)
    else if (size === 2) view.setInt16(size * i, value, little)
    else view.setInt8(i, value)
  })
  const header = `{'descr': '${order}${type}', 'fortran_order': ${isFortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')},), }`
  return npyFile(header, new Uint8Array(view.buffer))
}

/** 0 to 4 as binary16. */
const halves = [0, 0x3c00, 0x4000, 0x4200, 0x4400]
