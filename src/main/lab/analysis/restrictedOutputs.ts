import { projectOnFrequencies } from '../network/projectOnFrequencies.ts'
import type { OutputGrid } from './outputGrid.ts'

/** A network's outputs on the p × p grid, split by the frequencies of their dependence on the answer s = a + b, or a − b. */
export interface RestrictedOutputs {
  /** The mean over the grid and the key frequencies alone. */
  restricted: OutputGrid
  /** Everything but the key frequencies. */
  excluded: OutputGrid
}

/**
 * Splits the outputs f(a, b) by key frequencies S ⊂ {1 … ⌊p/2⌋}. With m(s) = (1/p) Σ_{s(a',b')=s} f(a', b') the mean output
 * of each answer s(a, b) = a ± b mod p, the part of f along cos(2πks/p) and sin(2πks/p) for the k in S is
 *
 *   g(a, b) = (P_S m)(s(a, b)) = (1/p) Σ_{k∈S} w_k Σ_t cos(2πk(s(a, b) − t)/p) m(t),  w_k = 2, and 1 for k = p/2,
 *
 * an orthogonal projection over the grid. Restricted: mean(f) + g; excluded: f − g; together f + mean(f). In output units.
 * Nanda et al. 2023 (arXiv 2301.05217), Sec. 4.2 and 5.1, on this network's outputs in the place of their logits.
 */
export function restrictedOutputs(outputs: OutputGrid, frequencies: readonly number[]): RestrictedOutputs {
  const { modulus: p, columns } = outputs
  const byAnswer = { rows: p, columns, data: meanByAnswer(outputs) }
  const key = onGrid(projectOnFrequencies(byAnswer, frequencies), outputs)
  return {
    restricted: { ...outputs, data: onGrid(projectOnFrequencies(byAnswer, [0, ...frequencies]), outputs) },
    excluded: { ...outputs, data: outputs.data.map((value, at) => value - key[at]!) },
  }
}

/** m(s): the mean output over the p pairs of each answer (p × o). */
function meanByAnswer({ modulus: p, columns, data, classes }: OutputGrid): Float64Array {
  const means = new Float64Array(p * columns)
  classes.forEach((s, pair) => {
    for (let o = 0; o < columns; o++) means[s * columns + o]! += data[pair * columns + o]! / p
  })
  return means
}

/** A function of the answer (p × o) as one of the pairs (p² × o). */
function onGrid(ofAnswer: Float64Array, { columns, rows, classes }: OutputGrid): Float64Array {
  const values = new Float64Array(rows * columns)
  classes.forEach((s, pair) => values.set(ofAnswer.subarray(s * columns, (s + 1) * columns), pair * columns))
  return values
}
