import type { PredictionGrid } from '../../../shared/analysis.ts'
import type { OutputGrid } from './outputGrid.ts'

/**
 * What a network says on each pair (a, b) of the p × p grid: the class of its largest output (the first of equal ones),
 * whether that is the right one, the margin f_c − max_{o≠c} f_o in output units, and whether the pair is trained on; NaN
 * and class −1 in the cells of no pair. `train` holds indices into D. SCIENCE.md §5.
 */
export function predictionGrid(outputs: OutputGrid, train: Int32Array): Omit<PredictionGrid, 'step'> {
  const { modulus, columns, classes, isFirst } = outputs
  const size = modulus * modulus
  const predicted = new Int32Array(size).fill(-1)
  const correct = new Uint8Array(size)
  const margin = new Float64Array(size).fill(NaN)
  for (let pair = 0; pair < size; pair++) {
    const target = classes[pair]!
    if (target < 0) continue
    const row = outputs.data.subarray(pair * columns, (pair + 1) * columns)
    let best = 0
    let rival = -Infinity
    for (let o = 0; o < columns; o++) {
      if (row[o]! > row[best]!) best = o
      if (o !== target) rival = Math.max(rival, row[o]!)
    }
    predicted[pair] = best
    correct[pair] = best === target ? 1 : 0
    margin[pair] = row[target]! - rival
  }
  return { modulus, predicted, correct, margin, target: classes, isFirst, train: trainMask(outputs, train) }
}

/** 1 in each cell of the grid whose pair is trained on. `train` holds indices into D. */
export function trainMask({ places }: Pick<OutputGrid, 'places'>, train: Int32Array): Uint8Array {
  const chosen = new Set(train)
  return Uint8Array.from(places, (place) => (chosen.has(place) ? 1 : 0))
}
