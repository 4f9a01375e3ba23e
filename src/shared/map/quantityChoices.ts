import type { RunSummary } from '../run.ts'
import { findQuantity, quantityNames } from './mapQuantity.ts'

/** A few of many tell which numbers there are. */
const sampled = 100

/** Numbers that some of the runs have, and the one that is chosen now, with their words, marked for `setSymbols`. */
export function quantityChoices(runs: readonly RunSummary[], chosen?: string): { value: string; label: string }[] {
  const some = runs.filter(({ status }) => status === 'finished').slice(0, sampled)
  return quantityNames
    .filter((name) => name === chosen || some.some((run) => findQuantity(name).read(run) !== null))
    .map((value) => ({ value, label: findQuantity(value).label }))
}

/** The one that runs are looked at by at first, of those that some of them have. */
export function usualQuantity(offered: readonly string[]): string {
  return ['t_grok', 'testAccuracy'].find((name) => offered.includes(name)) ?? offered[0] ?? 'step'
}
