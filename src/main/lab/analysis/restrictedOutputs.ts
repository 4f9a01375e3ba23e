import { projectOnFrequencies } from '../network/projectOnFrequencies.ts'
import type { OutputGrid } from './outputGrid.ts'

/** A network's outputs on the p × p grid, split by the frequencies of their dependence on a + b. */
export interface RestrictedOutputs {
  /** The mean over the grid and the key frequencies alone. */
  restricted: OutputGrid
  /** Everything but the key frequencies. */
  excluded: OutputGrid
}

/**
 * Splits the outputs f(a, b) by key frequencies S ⊂ {1 … ⌊p/2⌋}. With m(s) = (1/p) Σ_{a'+b'≡s} f(a', b') the mean output
 * of each sum, the part of f along cos(2πk(a + b)/p) and sin(2πk(a + b)/p) for the k in S is
 *
 *   g(a, b) = (P_S m)(a + b) = (1/p) Σ_{k∈S} w_k Σ_s cos(2πk(a + b − s)/p) m(s),  w_k = 2, and 1 for k = p/2,
 *
 * an orthogonal projection over the grid. Restricted: mean(f) + g; excluded: f − g; together f + mean(f). In output units.
 * Nanda et al. 2023 (arXiv 2301.05217), Sec. 4.2 and 5.1, on this network's outputs in the place of their logits.
 */
export function restrictedOutputs(outputs: OutputGrid, frequencies: readonly number[]): RestrictedOutputs {
  const { modulus: p, columns } = outputs
  const bySum = { rows: p, columns, data: meanBySum(outputs) }
  const key = onGrid(projectOnFrequencies(bySum, frequencies), outputs)
  return {
    restricted: { ...outputs, data: onGrid(projectOnFrequencies(bySum, [0, ...frequencies]), outputs) },
    excluded: { ...outputs, data: outputs.data.map((value, at) => value - key[at]!) },
  }
}

/** m(s): the mean output over the p pairs of each sum (p × o). */
function meanBySum({ modulus: p, columns, data }: OutputGrid): Float64Array {
  const means = new Float64Array(p * columns)
  for (let pair = 0; pair < p * p; pair++) {
    const s = sumOfPair(pair, p)
    for (let o = 0; o < columns; o++) means[s * columns + o]! += data[pair * columns + o]! / p
  }
  return means
}

/** A function of the sum (p × o) as one of the pairs (p² × o). */
function onGrid(ofSum: Float64Array, { modulus: p, columns, rows }: OutputGrid): Float64Array {
  const values = new Float64Array(rows * columns)
  for (let pair = 0; pair < rows; pair++) {
    const s = sumOfPair(pair, p)
    values.set(ofSum.subarray(s * columns, (s + 1) * columns), pair * columns)
  }
  return values
}

/** (a + b) mod p of the pair a·p + b. */
function sumOfPair(pair: number, p: number): number {
  return (Math.floor(pair / p) + (pair % p)) % p
}
