import type { AnalysisInput, BoundedQuantity } from '../../shared/analysis.ts'
import { LabError } from '../../shared/errors.ts'
import type { Snapshot } from '../../shared/run.ts'
import type { NetworkTask } from '../../shared/tasks/tasks.ts'
import type { Backend, RealArray } from './backend/backend.ts'
import { parametersOf } from '../../shared/models/models.ts'
import { createModel } from './models/createModel.ts'
import { createWeights, selectInputs } from './network/network.ts'
import { snapshotLayer, takeParameters } from './snapshotLayer.ts'
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
 * A parameter by its rows (E by inputs, W by hidden units), H by training samples, or the margins f_c − max_{o≠c} f_o by the samples of D, in
 * output units. Throws INVALID_SPECIFICATION for margins of a task without two classes.
 */
export function quantityRows(quantity: BoundedQuantity, input: AnalysisInput, backend: Backend): QuantityRows {
  const { spec, train, snapshots } = input
  if (quantity !== 'H' && quantity !== 'margin') {
    const { rows, columns } = snapshotLayer(snapshots[0]!, quantity)
    const pick = (needed: Int32Array, data: Float64Array | Float32Array) => {
      const values = new Float64Array(needed.length * columns)
      needed.forEach((row, place) => values.set(data.subarray(row * columns, (row + 1) * columns), place * columns))
      return values
    }
    return {
      rows,
      valuesPerRow: columns,
      reader: (needed) => (snapshot) => pick(needed, snapshotLayer(snapshot, quantity).data),
    }
  }

  const data = taskData(spec.task as NetworkTask, spec.seed, input.dataset)
  const model = createModel(spec.network)
  /** What the model makes of some samples of D, each snapshot's in the same memory. */
  const valuesOf = (samples: Int32Array, kind: 'hidden' | 'outputs') => {
    const X = selectInputs(backend, data, samples)
    const weights = createWeights(backend, data, model)
    const values = model[kind](weights, samples.length)
    let read: RealArray | undefined
    return (snapshot: Snapshot) => {
      takeParameters(snapshot, weights)
      return (read = backend.download(values(X), read))
    }
  }
  if (quantity === 'H') {
    return {
      rows: train.length,
      valuesPerRow: parametersOf(spec.network, data)[0]!.columns,
      reader: (needed) =>
        valuesOf(
          needed.map((row) => train[row]!),
          'hidden',
        ),
    }
  }
  const { size, outputs: columns, targets } = data
  if (targets.kind !== 'classes' || columns < 2) {
    const found = targets.kind === 'classes' ? 'one class' : 'no classes'
    throw new LabError('INVALID_SPECIFICATION', `of: "margin" is not allowed; this task has ${found}`)
  }
  return {
    rows: size,
    valuesPerRow: columns,
    reader(needed) {
      const outputs = valuesOf(needed, 'outputs')
      return (snapshot) => {
        const values = outputs(snapshot)
        return Float64Array.from(needed, (sample, row) => {
          const target = row * columns + targets.classes[sample]!
          let rival = -Infinity
          for (let o = row * columns; o < (row + 1) * columns; o++) {
            if (o !== target) rival = Math.max(rival, values[o]!)
          }
          return values[target]! - rival
        })
      }
    },
  }
}
