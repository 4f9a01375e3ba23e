import type { Matrix } from '../backend/backend.ts'
import { projectOnFrequencies } from '../network/projectOnFrequencies.ts'

/**
 * Of E (p × d_h), keeps the mean over the tokens (k = 0) and the parts at the frequencies S ⊂ {1 … ⌊p/2⌋}, and nothing
 * else: E ← P_0 E + P_S E, in place. In the units of E, computed in float64. SCIENCE.md §5.
 */
export function keepFrequencies(E: Matrix, frequencies: readonly number[]): void {
  E.data.set(projectOnFrequencies(E, [0, ...frequencies]))
}

/** The other half of `keepFrequencies`: E ← E − P_S E, in place. */
export function removeFrequencies(E: Matrix, frequencies: readonly number[]): void {
  const parts = projectOnFrequencies(E, frequencies)
  for (let at = 0; at < parts.length; at++) E.data[at]! -= parts[at]!
}
