import type { Matrix } from '../backend/backend.ts'

/**
 * Keeps or removes frequencies of E (p × d_h) over its rows, in place. The part of E at frequency k, 1 ≤ k < p/2, is
 *
 *   (E_k)_j = (2/p) Σ_m cos(2πk(j − m)/p) E_m
 *
 * `removeFrequencies` subtracts these parts; `keepFrequencies` leaves them and the mean over the tokens (k = 0), and
 * for even p drops the alternating part k = p/2 with the rest. In the units of E, computed in float64.
 */
export function keepFrequencies(E: Matrix, frequencies: readonly number[]): void {
  const parts = applyCirculant(partsKernel(E.rows, frequencies, 1 / E.rows), E)
  E.data.set(parts)
}

/** The other half of `keepFrequencies`: subtracts the parts of E at these frequencies, in place. */
export function removeFrequencies(E: Matrix, frequencies: readonly number[]): void {
  const parts = applyCirculant(partsKernel(E.rows, frequencies, 0), E)
  for (let at = 0; at < parts.length; at++) E.data[at]! -= parts[at]!
}

/** c(d) = mean + (2/p) Σ_k cos(2πkd/p), each frequency once, for d = 0 … p − 1. */
function partsKernel(modulus: number, frequencies: readonly number[], mean: number): Float64Array {
  const kernel = new Float64Array(modulus).fill(mean)
  for (const k of new Set(frequencies)) {
    for (let d = 0; d < modulus; d++)
      kernel[d]! += (2 / modulus) * Math.cos((2 * Math.PI * ((k * d) % modulus)) / modulus)
  }
  return kernel
}

/** Σ_m c((j − m) mod p) E_m for each row j. */
function applyCirculant(kernel: Float64Array, { rows, columns, data }: Matrix): Float64Array {
  const result = new Float64Array(rows * columns)
  for (let j = 0; j < rows; j++) {
    for (let m = 0; m < rows; m++) {
      const factor = kernel[(j - m + rows) % rows]!
      for (let u = 0; u < columns; u++) result[j * columns + u]! += factor * data[m * columns + u]!
    }
  }
  return result
}
