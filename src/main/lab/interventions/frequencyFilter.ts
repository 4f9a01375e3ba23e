import type { MatrixData } from '../../../shared/matrix.ts'
import { projectOnFrequencies } from '../network/projectOnFrequencies.ts'
import { rowsAt } from '../network/rowsAt.ts'

/**
 * Of E (m × d_h), keeps in each cycle of its rows the mean over the tokens (k = 0) and the parts at the frequencies
 * S ⊂ {1 … ⌊p/2⌋}, and nothing else: E ← P_0 E + P_S E, in place; rows in no cycle are left alone. In the units of E,
 * computed in float64. SCIENCE.md §5.
 */
export function keepFrequencies(
  E: MatrixData,
  cycles: readonly (readonly number[])[],
  frequencies: readonly number[],
): void {
  for (const places of cycles) {
    const kept = projectOnFrequencies(rowsAt(E, places), [0, ...frequencies])
    places.forEach((row, at) => E.data.set(kept.subarray(at * E.columns, (at + 1) * E.columns), row * E.columns))
  }
}

/** The other half of `keepFrequencies`: E ← E − P_S E, in place. */
export function removeFrequencies(
  E: MatrixData,
  cycles: readonly (readonly number[])[],
  frequencies: readonly number[],
): void {
  for (const places of cycles) {
    const parts = projectOnFrequencies(rowsAt(E, places), frequencies)
    places.forEach((row, at) => {
      for (let u = 0; u < E.columns; u++) E.data[row * E.columns + u]! -= parts[at * E.columns + u]!
    })
  }
}
