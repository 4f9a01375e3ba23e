import { measurements, type MeasurementDescription, type MeasurementName } from '../../../shared/measurements.ts'

/** Where a quantity can lie. */
export interface Domain {
  least: number
  most: number
}

export const everywhere: Domain = { least: -Infinity, most: Infinity }
const notNegative: Domain = { least: 0, most: Infinity }

/** Its range; errors, norms and ratios, all that stand on log axes or say so, are not negative. */
export function domainOf(name: MeasurementName): Domain {
  const { scale, range, isNonNegative }: MeasurementDescription = measurements[name]
  if (range) return { least: range[0], most: range[1] }
  return scale === 'log' || isNonNegative ? notNegative : everywhere
}
