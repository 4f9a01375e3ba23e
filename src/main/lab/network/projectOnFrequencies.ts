import { waveCount } from '../../../shared/frequencyCount.ts'
import type { MatrixData } from '../../../shared/matrix.ts'

/**
 * The part of each column of M (p × c) at the frequencies S ⊂ {0 … ⌊p/2⌋}, as functions of the row j ∈ Z_p:
 *
 *   (P_S M)_j = (1/p) Σ_{k∈S} w_k Σ_m cos(2πk(j − m)/p) M_m,  w_k = 2, and 1 for k = 0 and k = p/2,
 *
 * the orthogonal projection on the real waves of S, each frequency counted once; k = 0 is the mean over the rows. With
 * all of 0 … ⌊p/2⌋ it is M. Row-major p × c in the units of M, computed in float64. SCIENCE.md §5.
 */
export function projectOnFrequencies(
  { rows, columns, data }: MatrixData,
  frequencies: readonly number[],
): Float64Array {
  const kernel = projectionKernel(rows, frequencies)
  const projection = new Float64Array(rows * columns)
  for (let j = 0; j < rows; j++) {
    for (let m = 0; m < rows; m++) {
      const factor = kernel[(j - m + rows) % rows]!
      for (let u = 0; u < columns; u++) projection[j * columns + u]! += factor * data[m * columns + u]!
    }
  }
  return projection
}

/** c(d) = (1/p) Σ_k w_k cos(2πkd/p) for d = 0 … p − 1. */
function projectionKernel(modulus: number, frequencies: readonly number[]): Float64Array {
  const kernel = new Float64Array(modulus)
  for (const k of new Set(frequencies)) {
    const weight = waveCount(k, modulus) / modulus
    for (let d = 0; d < modulus; d++) kernel[d]! += weight * Math.cos((2 * Math.PI * ((k * d) % modulus)) / modulus)
  }
  return kernel
}
