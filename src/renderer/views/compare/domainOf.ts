import { measurements, type MeasurementName } from '../../../shared/measurements.ts'

/** Where a quantity can lie. */
export interface Domain {
  least: number
  most: number
}

export const everywhere: Domain = { least: -Infinity, most: Infinity }
const notNegative: Domain = { least: 0, most: Infinity }

/** Shares lie in 0 … 1, cosines in −1 … 1; errors, norms and ratios, all that stand on log axes, are not negative. */
export function domainOf(name: MeasurementName): Domain {
  const { scale } = measurements[name]
  return exceptions[name] ?? (scale === 'log' ? notNegative : everywhere)
}

const share: Domain = { least: 0, most: 1 }
const cosine: Domain = { least: -1, most: 1 }
const exceptions: Partial<Record<MeasurementName, Domain>> = {
  trainAccuracy: share,
  testAccuracy: share,
  tangentialFraction: share,
  normMinimizingCosine: cosine,
  normMinimizingCosinePaper: cosine,
}
