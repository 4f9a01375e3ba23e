import type { MatrixData } from '../../../shared/run.ts'
import { fourierTransform } from './fourierFeatures.ts'

/** How each hidden unit's weights spread over the frequencies 1 … K. All lists have d_h entries. */
export interface UnitSpectrum {
  /** Share of a unit's power at each frequency (d_h × K); rows sum to 1, NaN for a unit without power. */
  readonly share: MatrixData
  /** Frequency of the largest share, 1 … K. */
  readonly dominant: Int32Array
  readonly dominantShare: Float64Array
  /** arg F_k of the dominant frequency, in radians on (−π, π]. */
  readonly phase: Float64Array
  /** Inverse participation ratio Σ_k s_k² of the shares: 1/K when even, 1 when a single frequency holds all. */
  readonly inverseParticipationRatio: Float64Array
  /** Gini coefficient of the shares: 0 when even, 1 − 1/K when a single frequency holds all. */
  readonly gini: Float64Array
}

/**
 * Power |F_k[u]|² per hidden unit u and frequency k = 1 … K = ⌊(p−1)/2⌋ of E (p × d_h), as shares of the unit's whole
 * power, with each unit's dominant frequency and phase and the concentration of its spectrum. SCIENCE.md §5.
 */
export function unitSpectrum(E: MatrixData): UnitSpectrum {
  const { real, imaginary } = fourierTransform(E)
  const units = E.columns
  const frequencies = real.rows
  const share = new Float64Array(units * frequencies)
  const dominant = new Int32Array(units)
  const dominantShare = new Float64Array(units)
  const phase = new Float64Array(units)
  const inverseParticipationRatio = new Float64Array(units)
  const gini = new Float64Array(units)
  for (let u = 0; u < units; u++) {
    const row = share.subarray(u * frequencies, (u + 1) * frequencies)
    for (let k = 0; k < frequencies; k++) row[k] = real.data[k * units + u]! ** 2 + imaginary.data[k * units + u]! ** 2
    const power = row.reduce((sum, value) => sum + value, 0)
    row.forEach((value, k) => (row[k] = value / power))
    const best = row.reduce((found, value, k) => (value > row[found]! ? k : found), 0)
    dominant[u] = best + 1
    dominantShare[u] = row[best] ?? NaN
    phase[u] = Math.atan2(imaginary.data[best * units + u] ?? NaN, real.data[best * units + u] ?? NaN)
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
