import type { FourierAnalysis } from '../../../shared/analysis.ts'
import type { MatrixData } from '../../../shared/run.ts'
import type { FourierFeatures } from './fourierFeatures.ts'
import type { UnitSpectrum } from './unitSpectrum.ts'

/**
 * The numbers that Fig. 6 is read by: standard deviation over mean of the 2K feature norms; largest |cosine| between
 * different features; mean cosine of the absolute features |Re F_k|, |Im F_k| within a frequency and across frequencies;
 * mean share of a unit's power in its dominant frequency; mean inverse participation ratio; ‖E‖². SCIENCE.md §6.
 */
export function fourierSummary(
  E: MatrixData,
  { frequencies, norms, cosines, absoluteCosines }: FourierFeatures,
  { dominantShare, inverseParticipationRatio }: UnitSpectrum,
): FourierAnalysis['summary'] {
  const mean = average(norms)
  const size = 2 * frequencies
  const within: number[] = []
  const across: number[] = []
  let largestCosine = 0
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      largestCosine = Math.max(largestCosine, Math.abs(cosines.data[i * size + j]!))
      const list = i - j === frequencies ? within : across
      list.push(absoluteCosines.data[i * size + j]!)
    }
  }
  return {
    normSpread: Math.sqrt(average(norms.map((norm) => (norm - mean) ** 2))) / mean,
    largestCosine,
    absoluteWithin: average(within),
    absoluteAcross: average(across),
    meanDominantShare: average(dominantShare),
    meanParticipationRatio: average(inverseParticipationRatio),
    firstLayerNormSquared: sumOfSquares(E),
  }
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
