import type { PredictionGrid } from '../../../shared/analysis.ts'
import type { OutputGrid } from './outputGrid.ts'
import { isTrainPair } from './isTrainPair.ts'

/**
 * What a network says on each pair (a, b) of the p × p grid: the class of its largest output (the first of equal ones),
 * whether that is (a + b) mod p, the margin f_c − max_{o≠c} f_o in output units, and whether the pair is trained on.
 * `train` holds indices into D. SCIENCE.md §5.
 */
export function predictionGrid(outputs: OutputGrid, train: Int32Array): Omit<PredictionGrid, 'step'> {
  const { modulus, columns } = outputs
  const size = modulus * modulus
  const predicted = new Int32Array(size)
  const correct = new Uint8Array(size)
  const margin = new Float64Array(size)
  for (let pair = 0; pair < size; pair++) {
    const row = outputs.data.subarray(pair * columns, (pair + 1) * columns)
    const target = (Math.floor(pair / modulus) + (pair % modulus)) % modulus
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
  return { modulus, predicted, correct, margin, train: isTrainPair(modulus, train) }
}
