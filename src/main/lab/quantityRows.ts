import type { AnalysisInput, BoundedQuantity } from '../../shared/analysis.ts'
import { LabError } from '../../shared/errors.ts'
import type { Snapshot } from '../../shared/run.ts'
import type { NetworkTask } from '../../shared/tasks/tasks.ts'
import type { Backend } from './backend/backend.ts'
import { multiplyInputs } from './network/inputs.ts'
import { selectInputs } from './network/network.ts'
import { snapshotLayer } from './snapshotLayer.ts'
import { taskData } from './tasks/taskData.ts'

/** The values of a quantity in the snapshots of one run, by rows. */
export interface QuantityRows {
  rows: number
  /** How many numbers are computed for a row. */
  valuesPerRow: number
  /** Reads some of the rows, one after the other, of any snapshot, into memory that is used again by the next. */
  reader(rows: Int32Array): (snapshot: Snapshot) => ArrayLike<number>
}

/**
 * E by inputs, W by hidden units, H = σ(XE) by training samples, or the margins f_c − max_{o≠c} f_o by the samples of D, in
 * output units. Throws INVALID_SPECIFICATION for margins of a task without classes.
 */
export function quantityRows(quantity: BoundedQuantity, input: AnalysisInput, backend: Backend): QuantityRows {
  const { spec, train, snapshots } = input
  const { activation } = spec.network
  if (quantity === 'E' || quantity === 'W') {
    const { rows, columns } = snapshotLayer(snapshots[0]!, quantity)
    const pick = (wanted: Int32Array, data: Float64Array | Float32Array) => {
      const values = new Float64Array(wanted.length * columns)
      wanted.forEach((row, place) => values.set(data.subarray(row * columns, (row + 1) * columns), place * columns))
      return values
    }
    return {
      rows,
      valuesPerRow: columns,
      reader: (wanted) => (snapshot) => pick(wanted, snapshotLayer(snapshot, quantity).data),
    }
  }

  const first = snapshotLayer(snapshots[0]!, 'E')
  const data = taskData(spec.task as NetworkTask, spec.seed, input.dataset)
  /** Hidden values of some samples of D, each snapshot's in the same memory. */
  const hiddenOf = (samples: Int32Array) => {
    const X = selectInputs(backend, data, samples)
    const E = backend.matrix(first.rows, first.columns)
    const hidden = backend.matrix(samples.length, first.columns)
    return (snapshot: Snapshot) => {
      E.data.set(snapshotLayer(snapshot, 'E').data)
      multiplyInputs(backend, X, E, hidden)
      backend.activate(activation, hidden, hidden)
      return hidden
    }
  }
  if (quantity === 'H') {
    return {
      rows: train.length,
      valuesPerRow: first.columns,
      reader(wanted) {
        const hidden = hiddenOf(wanted.map((row) => train[row]!))
        return (snapshot) => hidden(snapshot).data
      },
    }
  }
  const { size, outputs: columns, targets } = data
  if (targets.kind !== 'classes') {
    throw new LabError('INVALID_SPECIFICATION', 'of: "margin" is not allowed; this task has no classes')
  }
  return {
    rows: size,
    valuesPerRow: columns,
    reader(wanted) {
      const hidden = hiddenOf(wanted)
      const W = backend.matrix(first.columns, columns)
      const outputs = backend.matrix(wanted.length, columns)
      return (snapshot) => {
        const H = hidden(snapshot)
        W.data.set(snapshotLayer(snapshot, 'W').data)
        backend.gemm(false, false, 1, H, W, 0, outputs)
        return Float64Array.from(wanted, (sample, row) => {
          const target = row * columns + targets.classes[sample]!
          let rival = -Infinity
          for (let o = row * columns; o < (row + 1) * columns; o++) {
            if (o !== target) rival = Math.max(rival, outputs.data[o]!)
          }
          return outputs.data[target]! - rival
        })
      }
    },
  }
}
