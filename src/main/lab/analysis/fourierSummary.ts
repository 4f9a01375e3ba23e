import type { FourierAnalysis } from '../../../shared/analysis.ts'
import type { MatrixData } from '../../../shared/matrix.ts'
import type { FourierFeatures } from './fourierFeatures.ts'
import type { UnitSpectrum } from './unitSpectrum.ts'

/**
 * The numbers that Fig. 6 is read by: standard deviation over mean of the p − 1 feature norms, those of zero features
 * among them; largest |cosine| between different features; mean cosine of the absolute features |Re F_k|, |Im F_k| within
 * a frequency and across frequencies; mean share of a unit's power in its dominant frequency; mean inverse participation
 * ratio; ‖E‖² of the whole layer. Features that are zero have no cosines and units without power no shares: means and maxima are over the
 * others, and NaN where there are none. SCIENCE.md §6.
 */
export function fourierSummary(
  layer: MatrixData,
  { frequencies, norms, cosines, absoluteCosines }: FourierFeatures,
  { dominantShare, inverseParticipationRatio }: UnitSpectrum,
): FourierAnalysis['summary'] {
  const size = norms.length
  const mean = average(norms)
  const between: number[] = []
  const within: number[] = []
  const across: number[] = []
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      if (norms[i] === 0 || norms[j] === 0) continue
      between.push(Math.abs(cosines.data[i * size + j]!))
      // Im F_k stands K places after Re F_k.
      const list = i - j === frequencies ? within : across
      list.push(absoluteCosines.data[i * size + j]!)
    }
  }
  return {
    normSpread: Math.sqrt(average(norms.map((norm) => (norm - mean) ** 2))) / mean,
    largestCosine: between.length > 0 ? between.reduce((max, value) => Math.max(max, value)) : NaN,
    absoluteWithin: average(within),
    absoluteAcross: average(across),
    meanDominantShare: average(ofUnitsWithPower(dominantShare)),
    meanInverseParticipationRatio: average(ofUnitsWithPower(inverseParticipationRatio)),
    normSquared: sumOfSquares(layer),
  }
}

function ofUnitsWithPower(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value))
}

function average(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}

function sumOfSquares({ data }: MatrixData): number {
  let sum = 0
  for (const value of data) sum += value * value
  return sum
}
