import { formatCount } from './formatting/formatNumber.ts'
import type { RunSummary } from './run.ts'

/**
 * Runs without those that repeat another of them: of equal specification, seed and result, to the bit. The first of each stays. A
 * repetition says that a run can be repeated, and nothing of how seeds differ: statistics over seeds are of these.
 */
export function independentRuns<Run extends Pick<RunSummary, 'specificationHash' | 'seed' | 'resultHash'>>(
  runs: readonly Run[],
): Run[] {
  const found = new Set<string>()
  return runs.filter(({ specificationHash, seed, resultHash }) => {
    if (specificationHash === null || resultHash === null) return true
    const key = `${specificationHash} ${seed} ${resultHash}`
    if (found.has(key)) return false
    found.add(key)
    return true
  })
}

/** Of so many runs, how many repeat others; empty where none does. */
export function describeRepeats(runs: number, independent: number): string {
  const repeats = runs - independent
  if (repeats === 0) return ''
  return `${formatCount(runs)} runs, of which ${formatCount(repeats)} ${repeats === 1 ? 'repeats another' : 'repeat others'}`
}
