import type { AnalysisInput, BoundedQuantity } from '../../shared/analysis.ts'
import type { Snapshot } from '../../shared/run.ts'
import type { Backend } from './backend/backend.ts'
import { modularAddition } from './data/modularAddition.ts'
import { snapshotLayer } from './snapshotLayer.ts'

/** The values of a quantity in the snapshots of one run, by rows. */
export interface QuantityRows {
  rows: number
  /** How many numbers are computed for a row. */
  valuesPerRow: number
  /** Reads some of the rows, one after the other, of any snapshot, into memory that is used again by the next. */
  reader(rows: Int32Array): (snapshot: Snapshot) => ArrayLike<number>
}

/**
 * E by tokens, W by hidden units, H = σ(XE) by training pairs, or the margins f_c − max_{o≠c} f_o by the pairs of D, in
 * output units.
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
  const task = modularAddition(first.rows)
  /** Hidden values of some pairs of D, each snapshot's in the same memory. */
  const hiddenOf = (pairs: Int32Array) => {
    const tokens = Int32Array.from({ length: 2 * pairs.length }, (_, i) => task.tokens[2 * pairs[i >> 1]! + (i & 1)]!)
    const X = backend.inputRows(pairs.length, 2, tokens)
    const E = backend.matrix(first.rows, first.columns)
    const hidden = backend.matrix(pairs.length, first.columns)
    return (snapshot: Snapshot) => {
      E.data.set(snapshotLayer(snapshot, 'E').data)
      backend.gatherRows(X, E, hidden)
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
  return {
    rows: task.size,
    valuesPerRow: task.outputs,
    reader(wanted) {
      const hidden = hiddenOf(wanted)
      const W = backend.matrix(first.columns, task.outputs)
      const outputs = backend.matrix(wanted.length, task.outputs)
      return (snapshot) => {
        const H = hidden(snapshot)
        W.data.set(snapshotLayer(snapshot, 'W').data)
        backend.gemm(false, false, 1, H, W, 0, outputs)
        return Float64Array.from(wanted, (pair, row) => {
          const target = row * task.outputs + task.classes[pair]!
          let rival = -Infinity
          for (let o = row * task.outputs; o < (row + 1) * task.outputs; o++) {
            if (o !== target) rival = Math.max(rival, outputs.data[o]!)
          }
          return outputs.data[target]! - rival
        })
      }
    },
  }
}
