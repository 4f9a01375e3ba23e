import type { Backend, InputRows, Matrix } from '../backend/backend.ts'
import type { Split, TaskData } from '../tasks/task.ts'
import { isTokens, type Inputs } from './inputs.ts'
import { matricesLike } from './matrixLists.ts'
import type { Model, Network, Parameter, Samples, Weights } from './model.ts'

/** Lays out a network with zero parameters: m inputs, o outputs. */
export function createNetwork(backend: Backend, data: TaskData, split: Split, model: Model): Network {
  return {
    model,
    ...createWeights(backend, data, model),
    train: selectSamples(backend, data, split.train),
    test: selectSamples(backend, data, split.test),
  }
}

/** Zero parameters of a model on m inputs and o outputs. */
export function createWeights(backend: Backend, sizes: { inputs: number; outputs: number }, model: Model): Weights {
  return {
    backend,
    parameters: model.shapes(sizes).map(({ name, rows, columns, layer, rowsOf }) => ({
      name,
      matrix: backend.matrix(rows, columns),
      layer,
      rowsOf,
    })),
  }
}

/** The matrices of a network's parameters, θ as a list. */
export function matricesOf({ parameters }: Weights): readonly Matrix[] {
  return parameters.map(({ matrix }) => matrix)
}

/** A parameter by its name; a model asks for those that it has. */
export function parameterOf({ parameters }: Weights, name: string): Matrix {
  const found = parameters.find((parameter) => parameter.name === name)
  if (!found) throw new RangeError(`the network has no parameter ${name}`)
  return found.matrix
}

/** The parameters of a layer: all before the readout are the first. */
export function layerOf({ parameters }: Network, layer: Parameter['layer']): readonly Matrix[] {
  return parameters.filter((each) => each.layer === layer).map(({ matrix }) => matrix)
}

/** The same network on other matrices. */
export function withParameters(network: Network, matrices: readonly Matrix[]): Network {
  return { ...network, parameters: network.parameters.map((each, i) => ({ ...each, matrix: matrices[i]! })) }
}

/** A zeroed matrix shaped as each parameter: a direction, a gradient. */
export function directionOf({ backend, parameters }: Network): readonly Matrix[] {
  return matricesLike(
    backend,
    parameters.map(({ matrix }) => matrix),
  )
}

/** The samples of some rows of D. */
function selectSamples(backend: Backend, data: TaskData, rows: Int32Array): Samples {
  const { outputs, targets } = data
  const Y = backend.matrix(rows.length, outputs)
  const X = selectInputs(backend, data, rows)
  if (targets.kind === 'real') {
    backend.upload(Y, rowsOf(targets.values, outputs, rows))
    return { X, Y, classes: null }
  }
  const classes = rows.map((row) => targets.classes[row]!)
  const oneHot = new Uint8Array(rows.length * outputs)
  classes.forEach((target, i) => (oneHot[i * outputs + target] = 1))
  backend.upload(Y, oneHot)
  return { X, Y, classes }
}

/** The inputs of some rows of D. */
export function selectInputs(backend: Backend, { inputs, X }: TaskData, rows: Int32Array): Inputs {
  if (X.kind === 'tokens') {
    return backend.inputRows(rows.length, X.perRow, rowsOf(X.tokens, X.perRow, rows))
  }
  const dense = backend.matrix(rows.length, inputs)
  backend.upload(dense, rowsOf(X.values, inputs, rows))
  return dense
}

/** Room for so many samples of those of another part, to be taken by `takeSamples`. */
export function createSamples(backend: Backend, { X, Y, classes }: Samples, rows: number): Samples {
  return {
    X: isTokens(X) ? roomForTokens(backend, X, rows) : backend.matrix(rows, X.columns),
    classes: classes && new Int32Array(rows),
    Y: backend.matrix(rows, Y.columns),
  }
}

/** With the greatest index there is, which a backend holds against the tables that it reads. */
function roomForTokens(backend: Backend, { indices, perRow }: InputRows, rows: number): InputRows {
  const greatest = indices.reduce((max, index) => Math.max(max, index), 0)
  return backend.inputRows(rows, perRow, new Int32Array(rows * perRow).fill(greatest))
}

/** into ← the given rows of `from`, as many as `into` has. */
export function takeSamples(backend: Backend, from: Samples, rows: Int32Array, into: Samples): void {
  backend.takeRows(from.X, rows, into.X)
  backend.takeRows(from.Y, rows, into.Y)
  rows.forEach((row, i) => into.classes && (into.classes[i] = from.classes![row]!))
}

/** Some rows of an array whose rows are `width` long. */
function rowsOf<Values extends Float64Array | Int32Array>(values: Values, width: number, rows: Int32Array): Values {
  const picked = new (values.constructor as new (length: number) => Values)(rows.length * width)
  rows.forEach((row, i) => picked.set(values.subarray(row * width, (row + 1) * width), i * width))
  return picked
}
