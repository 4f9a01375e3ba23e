import { plainText } from '../../../shared/formatting/setSymbols.ts'
import { findQuantity, quantityNames } from '../../../shared/map/mapQuantity.ts'
import type { RunSummary } from '../../../shared/run.ts'

export const statisticNames = { median: 'median', spread: 'deviation', share: 'share', exponent: 'exponent' }

/** Numbers that some run has; a few tell which. */
const sampled = 100

/** What a map may be colored by, and is now. */
export function colorChoices(runs: readonly RunSummary[], color: string): { value: string; label: string }[] {
  const some = runs.filter(({ status }) => status === 'finished').slice(0, sampled)
  return quantityNames
    .filter((name) => name === color || some.some((run) => findQuantity(name).read(run) !== null))
    .map((value) => ({ value, label: plainText(findQuantity(value).label) }))
}
