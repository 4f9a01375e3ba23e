import type { Activation } from '../../../shared/experiment.ts'
import type { ParameterName } from '../../../shared/training.ts'
import type { Backend, InputRows, Matrix } from '../backend/backend.ts'
import type { Split, Task } from './task.ts'

/** One part of the data in the memory of a backend. */
export interface Samples {
  readonly X: InputRows
  /** Right class of each row, and the same as one-hot rows (n × o). */
  readonly classes: Int32Array
  readonly Y: Matrix
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
  task: Task,
  split: Split,
  hidden: number,
  activation: Activation,
): Network {
  return {
    backend,
    activation,
    E: backend.matrix(task.inputs, hidden),
    W: backend.matrix(hidden, task.outputs),
    train: selectSamples(backend, task, split.train),
    test: selectSamples(backend, task, split.test),
  }
}

function selectSamples(backend: Backend, task: Task, rows: Int32Array): Samples {
  const tokens = new Int32Array(rows.length * task.perRow)
  const classes = new Int32Array(rows.length)
  const Y = backend.matrix(rows.length, task.outputs)
  rows.forEach((row, i) => {
    tokens.set(task.tokens.subarray(row * task.perRow, (row + 1) * task.perRow), i * task.perRow)
    classes[i] = task.classes[row]!
    Y.data[i * task.outputs + classes[i]!] = 1
  })
  return { X: backend.inputRows(rows.length, task.perRow, tokens), classes, Y }
}

/** Room for so many samples of those of another part, to be taken by `takeSamples`. */
export function createSamples(backend: Backend, { X, Y }: Samples, rows: number): Samples {
  // With the greatest index there is, which a backend holds against the tables that it reads.
  const greatest = X.indices.reduce((most, index) => Math.max(most, index), 0)
  const indices = new Int32Array(rows * X.perRow).fill(greatest)
  return {
    X: backend.inputRows(rows, X.perRow, indices),
    classes: new Int32Array(rows),
    Y: backend.matrix(rows, Y.columns),
  }
}

/** into ← the given rows of `from`, as many as `into` has. */
export function takeSamples(from: Samples, rows: Int32Array, into: Samples): void {
  const { perRow } = from.X
  const outputs = from.Y.columns
  rows.forEach((row, i) => {
    into.X.indices.set(from.X.indices.subarray(row * perRow, (row + 1) * perRow), i * perRow)
    into.Y.data.set(from.Y.data.subarray(row * outputs, (row + 1) * outputs), i * outputs)
    into.classes[i] = from.classes[row]!
  })
}
