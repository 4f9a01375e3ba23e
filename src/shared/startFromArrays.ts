import type { ComposedSpec } from './experiment.ts'
import { describeArrays, listArrays, type ArrayDescription, type GivenArray, type GivenArrays } from './givenArrays.ts'
import { invalidFile } from './invalidFile.ts'
import type { MatrixData } from './matrix.ts'
import type { ParameterDescription } from './models/model.ts'
import { parametersOf } from './models/models.ts'
import type { InitialState } from './run.ts'
import { indicesOf } from './tasks/indicesOf.ts'
import type { TaskSizes } from './tasks/task.ts'
import { isNetworkTask, taskSizes } from './tasks/tasks.ts'

/** Whatever a start is asked of: a specification of runs, or of one. */
type StartedSpec = Pick<ComposedSpec, 'task' | 'network' | 'dynamics' | 'initialization'>

/** Where the arrays come from, for messages: the path of the file, and what else it holds. */
export interface StartSource {
  path: string
  others?: readonly ArrayDescription[]
}

/**
 * The start that the arrays of a file are under a specification: `E` (m × d_h), as far as they are there the other parameters of
 * the model by their names (`W`, d_h × o; `b` and `c`), and `train` (indices into D, or a mask of it). Numbers of any type become float64; all
 * parameters are multiplied by the initial scale. Throws INVALID_FILE, with the shape that an array has and the one that is needed, or the entry
 * that is not finite, or no longer after the scale.
 */
export function startFromArrays(
  spec: StartedSpec,
  arrays: GivenArrays,
  { path, others = [] }: StartSource,
): InitialState | undefined {
  const { task, network, initialization } = spec
  if (!isNetworkTask(task)) return undefined
  const { scale = 1 } = initialization
  const sizes = taskSizes(task)
  const shapes = parametersOf(network, sizes)
  const [first] = shapes
  if (!arrays[first!.name]) throw invalidFile(path, withoutFirst(first!, [...describeArrays(arrays), ...others]))
  const { train } = arrays
  return {
    parameters: Object.fromEntries(
      shapes.flatMap((shape) => {
        const array = arrays[shape.name]
        return array ? [[shape.name, scaled(path, shape.name, toMatrix(path, shape, array), scale)]] : []
      }),
    ),
    ...(train ? { train: toTrainingPairs(path, train, sizes.total, spec) } : {}),
  }
}

/** What a file trains on takes the place of the share that its specification says. */
export function shareWarnings(path: string, { train }: InitialState, { total, train: said }: TaskSizes): string[] {
  if (!train || train.length === said) return []
  return [
    `${path}: its train is the training set, ${train.length} of ${total} samples; task.trainFraction, by which it would be ${said}, has no effect`,
  ]
}

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

function isShape(shape: readonly number[], rows: number, columns: number): boolean {
  return shape.length === 2 && shape[0] === rows && shape[1] === columns
}

/** A bias may be a list of its numbers, as PyTorch keeps it. */
function toMatrix(
  path: string,
  { name, rows, columns, rowsOf }: ParameterDescription,
  { shape, data }: GivenArray,
): MatrixData {
  const isList = rowsOf === 'bias' && shape.length === 1 && shape[0] === columns
  if (!isList && !isShape(shape, rows, columns)) {
    const turned = isShape(shape, columns, rows) ? `; transposed it would fit: save ${name}.T (${turnedBy})` : ''
    throw invalidFile(
      path,
      `${name} has shape (${shape.join(', ')}); this specification needs (${rows}, ${columns})${turned}`,
    )
  }
  const wrong = data.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) {
    throw invalidFile(path, `${name}${placeIn(columns, wrong)} is ${data[wrong]}; only finite numbers are allowed`)
  }
  return { rows, columns, data: data instanceof Float64Array ? data : Float64Array.from(data) }
}

function scaled(path: string, name: string, matrix: MatrixData, scale: number): MatrixData {
  if (scale === 1) return matrix
  const data = Float64Array.from(matrix.data, (value) => scale * value)
  const wrong = data.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) {
    const product = `${matrix.data[wrong]}, which times initialization.scale (${scale}) is ${data[wrong]}`
    throw invalidFile(path, `${name}${placeIn(matrix.columns, wrong)} is ${product}; only finite numbers are allowed`)
  }
  return { ...matrix, data }
}

function placeIn(columns: number, index: number): string {
  return `[${Math.floor(index / columns)}, ${index % columns}]`
}

function toTrainingPairs(path: string, array: GivenArray, size: number, spec: StartedSpec): Int32Array {
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
