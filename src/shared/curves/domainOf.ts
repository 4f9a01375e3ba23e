import { measurements, type MeasurementDescription, type MeasurementName } from '../measurements.ts'

/** Where a quantity can lie. */
export interface Domain {
  min: number
  max: number
}

export const everywhere: Domain = { min: -Infinity, max: Infinity }
const notNegative: Domain = { min: 0, max: Infinity }

/** Its range; errors, norms and ratios, all that stand on log axes or say so, are not negative. */
export function domainOf(name: MeasurementName): Domain {
  const { scale, range, isNonNegative }: MeasurementDescription = measurements[name]
  if (range) return { min: range[0], max: range[1] }
  return scale === 'log' || isNonNegative ? notNegative : everywhere
}
