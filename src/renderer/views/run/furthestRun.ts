import type { RunSummary } from '../../../shared/run.ts'

type Reached = Pick<RunSummary, 'step' | 'seconds'>

/** How far the one of some runs that has come furthest is, and how long it took; of those as far the longest. */
export function furthestRun(runs: readonly Reached[]): Reached {
  const { step, seconds } = runs.reduce((furthest, each) => {
    const further = each.step - furthest.step || each.seconds - furthest.seconds
    return further > 0 ? each : furthest
  })
  return { step, seconds }
}
