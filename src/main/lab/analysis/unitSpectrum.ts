import type { MatrixData } from '../../../shared/matrix.ts'
import { fourierTransform, frequencyPower } from './fourierTransform.ts'

/** How each hidden unit's weights spread over the frequencies 1 … K, K = ⌊p/2⌋. All lists have d_h entries. */
export interface UnitSpectrum {
  /** Share of a unit's power at each frequency (d_h × K); rows sum to 1, NaN for a unit without power. */
  readonly share: MatrixData
  /** Frequency of the largest share, 1 … K; 0 for a unit without power, and NaN in the four lists below. */
  readonly dominant: Int32Array
  readonly dominantShare: Float64Array
  /** arg F_k of the dominant frequency, in radians on (−π, π]; 0 or π where it is p/2. */
  readonly phase: Float64Array
  /** Inverse participation ratio Σ_k s_k² of the shares: 1/K when even, 1 when a single frequency holds all. */
  readonly inverseParticipationRatio: Float64Array
  /** Gini coefficient of the shares: 0 when even, 1 − 1/K when a single frequency holds all. */
  readonly gini: Float64Array
}

/**
 * The power of each frequency k = 1 … ⌊p/2⌋ in each hidden unit of E (p × d_h), P_k = w_k |F_k|² with w_k = 2, and 1 for
 * k = p/2, as shares s_k = P_k / Σ_{l≥1} P_l of the unit's variance over the tokens (its mean, k = 0, does not count);
 * with each unit's dominant frequency and phase and the concentration of its spectrum. A unit whose deviation from its
 * mean, √Σ_k P_k, is rounding (`negligible` of `fourierTransform`) is without power. SCIENCE.md §5.
 */
export function unitSpectrum(E: MatrixData): UnitSpectrum {
  const transform = fourierTransform(E)
  const { real, imaginary, negligible } = transform
  const power = frequencyPower(transform, E.rows)
  const units = E.columns
  const frequencies = power.rows
  const share = new Float64Array(units * frequencies).fill(NaN)
  const dominant = new Int32Array(units)
  const [dominantShare, phase, inverseParticipationRatio, gini] = Array.from({ length: 4 }, () =>
    new Float64Array(units).fill(NaN),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array]
  for (let u = 0; u < units; u++) {
    const ofUnit = Float64Array.from({ length: frequencies }, (_, k) => power.data[k * units + u]!)
    const total = ofUnit.reduce((sum, value) => sum + value, 0)
    if (!(Math.sqrt(total) > negligible)) continue
    const row = share.subarray(u * frequencies, (u + 1) * frequencies)
    row.set(ofUnit.map((value) => value / total))
    const best = row.reduce((found, value, k) => (value > row[found]! ? k : found), 0)
    dominant[u] = best + 1
    dominantShare[u] = row[best]!
    phase[u] = Math.atan2(imaginary.data[best * units + u]!, real.data[best * units + u]!)
    inverseParticipationRatio[u] = row.reduce((sum, value) => sum + value * value, 0)
    gini[u] = giniCoefficient(row)
  }
  return {
    share: { rows: units, columns: frequencies, data: share },
    dominant,
    dominantShare,
    phase,
    inverseParticipationRatio,
    gini,
  }
}

/** G = Σ_i (2i − K − 1) s_(i) / (K Σ s) over the ascending order statistics s_(1) ≤ … ≤ s_(K). */
function giniCoefficient(values: Float64Array): number {
  const sorted = values.slice().sort()
  let weighted = 0
  let sum = 0
  sorted.forEach((value, i) => {
    weighted += (2 * (i + 1) - sorted.length - 1) * value
    sum += value
  })
  return weighted / (sorted.length * sum)
}
