import { resolve } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import type { ComposedSpec, ExperimentSpec } from '../../../shared/experiment.ts'
import type { ParameterDescription } from '../../../shared/models/model.ts'
import { parametersOf } from '../../../shared/models/models.ts'
import { isNetworkTask, taskSizes } from '../../../shared/tasks/tasks.ts'
import type { InitialState } from '../../../shared/run.ts'
import type { MatrixData } from '../../../shared/matrix.ts'
import { givenPath } from '../givenPath.ts'
import type { NumpyArray } from './numpyArray.ts'
import { readNpz, type ArrayDescription } from './readNpz.ts'

export interface InitialStateFile {
  state: InitialState
  /** What a person should know of a file that is taken. */
  warnings: string[]
}

/**
 * The start that `initialization.kind: "file"` names: a `.npz` with `E` (m × d_h), optionally the other
 * parameters of the model by their names (`W`, d_h × o; `b` and `c`) and `train` (indices into D, or a mask of it). float16
 * and float32 are widened; all parameters are multiplied by the initial scale. `folder`
 * is where relative paths begin. Throws INVALID_FILE.
 */
export async function readInitialState(spec: ExperimentSpec, folder: string): Promise<InitialStateFile | undefined> {
  if ('study' in spec) return undefined
  const { scale = 1 } = spec.initialization
  if (spec.initialization.kind !== 'file' || !isNetworkTask(spec.task)) return undefined
  const path = resolve(folder, givenPath(spec.initialization.path, 'initialization.path'))
  const { total } = taskSizes(spec.task)
  const shapes = parametersOf(spec.network, taskSizes(spec.task))
  const largest = 8 * Math.max(...shapes.map(({ rows, columns }) => rows * columns), total) + 65_536
  const names = [...shapes.map(({ name }) => name), 'train']
  const { arrays, others } = await readNpz(path, names, largest, advice)
  const { train } = arrays
  const [first] = shapes
  if (!arrays[first!.name]) throw invalidFile(path, withoutFirst(first!, [...describeArrays(arrays), ...others]))
  const state = {
    parameters: Object.fromEntries(
      shapes.flatMap((shape) => {
        const array = arrays[shape.name]
        return array ? [[shape.name, scaled(toMatrix(path, shape, array), scale)]] : []
      }),
    ),
    ...(train ? { train: toTrainingPairs(path, train, total, spec) } : {}),
  }
  const unused = `${path}: not used: ${listArrays(others)}; a start takes ${names.slice(0, -1).join(', ')} and train`
  return { state, warnings: others.length > 0 ? [unused] : [] }
}

const advice = 'save the start from Python by numpy.savez("start.npz", E=…)'

function withoutFirst(
  { name: needed, label, rows, columns }: ParameterDescription,
  there: readonly ArrayDescription[],
): string {
  const isFirst = ({ shape }: ArrayDescription) => isShape(shape, rows, columns)
  const fitting = there.filter(isFirst).map(({ name }) => name)
  const turned = there.filter((array) => !isFirst(array) && isShape(array.shape, columns, rows)).map(({ name }) => name)
  return [
    `lacks the array ${needed} (${rows} × ${columns})`,
    there.length === 0 ? 'it holds no array' : `it holds ${listArrays(there)}`,
    ...(fitting.length > 0 ? [`of ${needed}'s shape: ${fitting.join(', ')}`] : []),
    ...(turned.length > 0 ? [`of ${needed}'s shape when transposed: ${turned.join(', ')} (${turnedBy})`] : []),
    ...(fitting.length + turned.length > 0 ? [`save the ${label} under the name ${needed}`] : []),
  ].join('; ')
}

const turnedBy = 'PyTorch keeps weights as (out, in)'

export function describeArrays(arrays: Partial<Record<string, NumpyArray>>): ArrayDescription[] {
  return Object.entries(arrays).map(([name, array]) => ({ name, shape: array!.shape, type: kindOf(array!) }))
}

function kindOf({ data }: NumpyArray): string {
  return data instanceof Int32Array ? 'whole numbers' : data instanceof Uint8Array ? 'bool' : 'real numbers'
}

export function listArrays(arrays: readonly ArrayDescription[]): string {
  const shown = arrays.slice(0, 12).map(({ name, shape, type }) => {
    const short = name.length > 60 ? `${name.slice(0, 59)}…` : name
    return type === '' ? `${short} (no array)` : `${short} (${shape.join(', ')}) ${type}`
  })
  return [...shown, ...(arrays.length > shown.length ? [`${arrays.length - shown.length} more`] : [])].join(', ')
}

function isShape(shape: readonly number[], rows: number, columns: number): boolean {
  return shape.length === 2 && shape[0] === rows && shape[1] === columns
}

/** A bias may be a list of its numbers, as PyTorch keeps it. */
function toMatrix(
  path: string,
  { name, rows, columns, rowsOf }: ParameterDescription,
  { shape, data }: NumpyArray,
): MatrixData {
  const isList = rowsOf === 'bias' && shape.length === 1 && shape[0] === columns
  if (!isList && !isShape(shape, rows, columns)) {
    const turned = isShape(shape, columns, rows) ? `; transposed it would fit: save ${name}.T (${turnedBy})` : ''
    throw invalidFile(
      path,
      `${name} has shape (${shape.join(', ')}); this specification needs (${rows}, ${columns})${turned}`,
    )
  }
  if (data instanceof Int32Array || data instanceof Uint8Array) {
    throw invalidFile(path, `${name} holds ${kindOf({ shape, data })}; allowed: float64, float32 or float16`)
  }
  const wrong = data.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) {
    const place = `[${Math.floor(wrong / columns)}, ${wrong % columns}]`
    throw invalidFile(path, `${name}${place} is ${data[wrong]}; only finite numbers are allowed`)
  }
  return { rows, columns, data }
}

function scaled(matrix: MatrixData, scale: number): MatrixData {
  return scale === 1 ? matrix : { ...matrix, data: Float64Array.from(matrix.data, (value) => scale * value) }
}

function toTrainingPairs(path: string, array: NumpyArray, size: number, spec: ComposedSpec): Int32Array {
  const { dynamics, network, task } = spec
  const train = indicesOf(path, array, size, isNetworkTask(task) && task.trainFraction === 1)
  if (dynamics.kind === 'isolated' && dynamics.ridge === 0 && network.hidden < train.length) {
    throw invalidFile(
      path,
      `train holds ${train.length} training pairs, and with dynamics.ridge 0 at most network.hidden ` +
        `(${network.hidden}) are allowed`,
    )
  }
  return train
}

/** The indices of an array, or those of a mask, ascending. Nothing is held out only where that is said. */
export function indicesOf(path: string, { shape, data }: NumpyArray, size: number, mayHoldAll: boolean): Int32Array {
  if (shape.length !== 1) {
    throw invalidFile(
      path,
      `train has shape (${shape.join(', ')}); allowed: a list of whole numbers, or a mask of ${size}`,
    )
  }
  const indices = data instanceof Uint8Array ? indicesOfMask(path, data, size) : data
  const seen = new Set<number>()
  for (const [place, index] of indices.entries()) {
    if (!Number.isInteger(index)) {
      throw invalidFile(path, `train[${place}] is ${index}; only whole numbers are allowed`)
    }
    if (index < 0 || index >= size) {
      throw invalidFile(path, `train holds the index ${index}; allowed: 0 to ${size - 1}`)
    }
    if (seen.has(index)) {
      throw invalidFile(path, `train holds the index ${index} twice; each pair may stand once`)
    }
    seen.add(index)
  }
  if (seen.size === 0 || (seen.size === size && !mayHoldAll)) {
    throw invalidFile(path, `train holds ${seen.size} of ${size} pairs; both parts need at least 1`)
  }
  return Int32Array.from(seen).sort()
}

function indicesOfMask(path: string, mask: Uint8Array, size: number): number[] {
  if (mask.length !== size) {
    throw invalidFile(path, `train is a mask (bool) of ${mask.length}; this specification has ${size} pairs`)
  }
  return [...mask.keys()].filter((place) => mask[place] === 1)
}

export function invalidFile(path: string, problem: string): LabError {
  return new LabError('INVALID_FILE', `${path}: ${problem}`)
}
