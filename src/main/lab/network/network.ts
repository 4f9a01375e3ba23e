import type { Activation } from '../../../shared/experiment.ts'
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
