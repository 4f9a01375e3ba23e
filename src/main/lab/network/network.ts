import type { Activation } from '../../../shared/experiment.ts'
import type { ParameterName } from '../../../shared/training.ts'
import type { Backend, InputRows, Matrix, RealArray } from '../backend/backend.ts'
import type { Split, TaskData } from '../tasks/task.ts'
import { isTokens, type Inputs } from './inputs.ts'

/** One part of the data in the memory of a backend. */
export interface Samples {
  /** n × m. */
  readonly X: Inputs
  /** Targets: one-hot rows where they are classes (n × o). */
  readonly Y: Matrix
  /** Right class of each row; none where the targets are real numbers. */
  readonly classes: Int32Array | null
}

/** A two-layer network Ŷ = σ(XE)W on a task, its weights and its data, in the memory of one backend. */
export interface Network {
  readonly backend: Backend
  readonly activation: Activation
  /** First layer, m × d_h. */
  readonly E: Matrix
  /** Second layer, d_h × o. */
  readonly W: Matrix
  readonly train: Samples
  /** Without rows where nothing is held out. */
  readonly test: Samples
}

/** Parameters of a model under the name that they and an optimizer's state of them are saved by. */
export interface NamedMatrix {
  readonly name: string
  readonly matrix: Matrix
}

/** The parameters of a network in the order of its layers. */
export function parametersOf({ E, W }: Network): readonly (NamedMatrix & { name: ParameterName })[] {
  return [
    { name: 'E', matrix: E },
    { name: 'W', matrix: W },
  ]
}

/** Lays out a network (SCIENCE.md §2) with zero weights: m inputs, d_h hidden units, o outputs, no biases. */
export function createNetwork(
  backend: Backend,
  data: TaskData,
  split: Split,
  hidden: number,
  activation: Activation,
): Network {
  return {
    backend,
    activation,
    E: backend.matrix(data.inputs, hidden),
    W: backend.matrix(hidden, data.outputs),
    train: selectSamples(backend, data, split.train),
    test: selectSamples(backend, data, split.test),
  }
}

/** The samples of some rows of D. */
export function selectSamples(backend: Backend, data: TaskData, rows: Int32Array): Samples {
  const { outputs, targets } = data
  const Y = backend.matrix(rows.length, outputs)
  const X = selectInputs(backend, data, rows)
  if (targets.kind === 'real') {
    rows.forEach((row, i) => Y.data.set(targets.values.subarray(row * outputs, (row + 1) * outputs), i * outputs))
    return { X, Y, classes: null }
  }
  const classes = rows.map((row) => targets.classes[row]!)
  classes.forEach((target, i) => (Y.data[i * outputs + target] = 1))
  return { X, Y, classes }
}

/** The inputs of some rows of D. */
export function selectInputs(backend: Backend, { inputs, X }: TaskData, rows: Int32Array): Inputs {
  if (X.kind === 'tokens') {
    const tokens = new Int32Array(rows.length * X.perRow)
    rows.forEach((row, i) => tokens.set(X.tokens.subarray(row * X.perRow, (row + 1) * X.perRow), i * X.perRow))
    return backend.inputRows(rows.length, X.perRow, tokens)
  }
  const dense = backend.matrix(rows.length, inputs)
  rows.forEach((row, i) => dense.data.set(X.values.subarray(row * inputs, (row + 1) * inputs), i * inputs))
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
  const greatest = indices.reduce((most, index) => Math.max(most, index), 0)
  return backend.inputRows(rows, perRow, new Int32Array(rows * perRow).fill(greatest))
}

/** into ← the given rows of `from`, as many as `into` has. */
export function takeSamples(from: Samples, rows: Int32Array, into: Samples): void {
  if (isTokens(from.X) && isTokens(into.X)) takeRows(from.X.indices, from.X.perRow, rows, into.X.indices)
  else if (!isTokens(from.X) && !isTokens(into.X)) takeRows(from.X.data, from.X.columns, rows, into.X.data)
  takeRows(from.Y.data, from.Y.columns, rows, into.Y.data)
  if (from.classes && into.classes) takeRows(from.classes, 1, rows, into.classes)
}

function takeRows<Values extends RealArray | Int32Array>(from: Values, width: number, rows: Int32Array, into: Values) {
  rows.forEach((row, i) => into.set(from.subarray(row * width, (row + 1) * width), i * width))
}
