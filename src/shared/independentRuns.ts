import { formatCount } from './formatting/formatNumber.ts'
import type { RunSummary } from './run.ts'

/**
 * Runs without those that repeat another of them: of equal specification and result, to the bit, whatever their seeds, from which a run with
 * a given start may draw nothing. The first of each stays. A repetition says that a run can be repeated, and nothing of how seeds differ:
 * statistics over seeds are of these.
 */
export function independentRuns<Run extends Pick<RunSummary, 'specificationHash' | 'resultHash' | 'facets'>>(
  runs: readonly Run[],
): Run[] {
  const found = new Set<string>()
  return runs.filter(({ specificationHash, resultHash, facets }) => {
    if (specificationHash === null || resultHash === null) return true
    // The hash of a specification has its seed, and facets have the paths of files, which may differ where the hash does not.
    const keys = [specificationHash, JSON.stringify(facets)].map((said) => `${resultHash} ${said}`)
    const isRepeated = keys.some((key) => found.has(key))
    keys.forEach((key) => found.add(key))
    return !isRepeated
  })
}

/** Of so many runs, how many repeat others; empty where none does. */
export function describeRepeats(runs: number, independent: number): string {
  const repeats = runs - independent
  if (repeats === 0) return ''
  return `${formatCount(runs)} runs, of which ${formatCount(repeats)} ${repeats === 1 ? 'repeats another' : 'repeat others'}`
}
