import { expect, it } from 'vitest'
import { fourierSummary } from '../../../../src/main/lab/analysis/fourierSummary.ts'
import type { UnitSpectrum } from '../../../../src/main/lab/analysis/unitSpectrum.ts'

/** A symmetric 4 × 4 matrix of what is below its diagonal. */
const pairs = (b: number, c: number, d: number, e: number, f: number, g: number) => ({
  ...{ rows: 4, columns: 4 },
  data: Float64Array.of(1, b, c, e, b, 1, d, f, c, d, 1, g, e, f, g, 1),
})
const E = { rows: 2, columns: 2, data: Float64Array.of(1, 2, -3, 4) }
// Re F_1, Re F_2, Im F_1, Im F_2.
const cosines = pairs(0.1, -0.9, 0.3, -0.4, 0.2, 0.25)
const absoluteCosines = pairs(0.5, 0.6, 0.7, 0.8, 0.4, 0.9)
const spectrum = {
  dominantShare: Float64Array.of(0.5, NaN, 0.7),
  inverseParticipationRatio: Float64Array.of(NaN, 0.25, 0.35),
} as UnitSpectrum
const summaryOf = (...norms: number[]) =>
  fourierSummary(E, { frequencies: 2, norms: Float64Array.from(norms), cosines, absoluteCosines }, spectrum)

it('a summary of features has spread, largest cosine, and mean cosines within and across frequencies', () => {
  const summary = summaryOf(1, 3, 1, 3)
  expect(summary.normSpread).toBeCloseTo(1 / 2, 14)
  expect(summary.largestCosine).toBe(0.9)
  expect(summary.absoluteWithin).toBeCloseTo((0.6 + 0.4) / 2, 14)
  expect(summary.absoluteAcross).toBeCloseTo((0.5 + 0.7 + 0.8 + 0.9) / 4, 14)
  expect(summary.normSquared).toBe(30)
})

it('a summary is over the features that are not zero, the norms of the others among the norms', () => {
  const summary = summaryOf(1, 3, 0, 4)
  expect(summary.normSpread).toBeCloseTo(Math.sqrt(2.5) / 2, 14)
  expect(summary.largestCosine).toBe(0.4)
  expect(summary.absoluteWithin).toBe(0.4)
  expect(summary.absoluteAcross).toBeCloseTo((0.5 + 0.8) / 2, 14)
  const { largestCosine, absoluteWithin, absoluteAcross } = summaryOf(0, 2, 0, 0)
  expect([largestCosine, absoluteWithin, absoluteAcross]).toEqual([NaN, NaN, NaN])
})

it('a summary is over the units with power', () => {
  const { meanDominantShare, meanInverseParticipationRatio } = summaryOf(1, 1, 1, 1)
  expect([meanDominantShare, meanInverseParticipationRatio]).toEqual([0.6, 0.3])
})
