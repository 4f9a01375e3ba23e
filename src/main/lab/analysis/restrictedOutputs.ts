import type { OutputGrid } from './outputGrid.ts'

/** A network's outputs on the p × p grid, split by the frequencies of their dependence on a + b. */
export interface RestrictedOutputs {
  /** The mean over the grid and the key frequencies alone. */
  restricted: OutputGrid
  /** Everything but the key frequencies. */
  excluded: OutputGrid
}

/**
 * Splits the outputs f(a, b) by key frequencies S ⊂ {1 … ⌊(p−1)/2⌋}. The part of each output o along cos(2πk(a + b)/p)
 * and sin(2πk(a + b)/p) for the k in S is
 *
 *   g(a, b) = (2/p) Σ_{k∈S} Σ_s cos(2πk(a + b − s)/p) m(s),  m(s) = (1/p) Σ_{a'+b'≡s} f(a', b'),
 *
 * an orthogonal projection over the grid. Restricted: mean(f) + g; excluded: f − g; together f + mean(f). In output units.
 * Nanda et al. 2023 (arXiv 2301.05217), Sec. 4.2 and 5.1, on this network's outputs in the place of their logits.
 */
export function restrictedOutputs(outputs: OutputGrid, frequencies: readonly number[]): RestrictedOutputs {
  const { modulus: p, columns, rows } = outputs
  const bySum = meanBySum(outputs)
  const mean = Float64Array.from({ length: columns }, (_, o) => {
    let sum = 0
    for (let s = 0; s < p; s++) sum += bySum[s * columns + o]!
    return sum / p
  })
  const key = keyPart(bySum, p, columns, frequencies)
  const restricted = new Float64Array(rows * columns)
  const excluded = new Float64Array(rows * columns)
  for (let pair = 0; pair < rows; pair++) {
    const s = (Math.floor(pair / p) + (pair % p)) % p
    for (let o = 0; o < columns; o++) {
      const at = pair * columns + o
      restricted[at] = mean[o]! + key[s * columns + o]!
      excluded[at] = outputs.data[at]! - key[s * columns + o]!
    }
  }
  return { restricted: { ...outputs, data: restricted }, excluded: { ...outputs, data: excluded } }
}

/** m(s): the mean output over the p pairs of each sum (p × o). */
function meanBySum({ modulus: p, columns, data }: OutputGrid): Float64Array {
  const means = new Float64Array(p * columns)
  for (let pair = 0; pair < p * p; pair++) {
    const s = (Math.floor(pair / p) + (pair % p)) % p
    for (let o = 0; o < columns; o++) means[s * columns + o]! += data[pair * columns + o]! / p
  }
  return means
}

/** g as a function of the sum (p × o). */
function keyPart(bySum: Float64Array, p: number, columns: number, frequencies: readonly number[]): Float64Array {
  const kernel = new Float64Array(p)
  for (const k of new Set(frequencies)) {
    for (let d = 0; d < p; d++) kernel[d]! += (2 / p) * Math.cos((2 * Math.PI * ((k * d) % p)) / p)
  }
  const part = new Float64Array(p * columns)
  for (let s = 0; s < p; s++) {
    for (let t = 0; t < p; t++) {
      const factor = kernel[(s - t + p) % p]!
      for (let o = 0; o < columns; o++) part[s * columns + o]! += factor * bySum[t * columns + o]!
    }
  }
  return part
}
