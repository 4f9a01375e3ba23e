import type { Comparison } from '../../../shared/curves/comparison.ts'
import type { RunGrouping } from '../../../shared/curves/groupRuns.ts'
import type { CurvesLook, RunsSource } from '../../../shared/figures/sources/runs.ts'

/** Where a figure has curves of the runs compared from. */
export function sourceOfComparison({ runs, archive }: Comparison, look: CurvesLook): RunsSource {
  return { kind: 'runs', runIds: runs.map(({ run }) => run.id), ...(archive === undefined ? {} : { archive }), ...look }
}

/** The same of one of the groups that the runs compared make, called and colored as it is among them. */
export function sourceOfGroup(comparison: Comparison, group: RunGrouping, look: CurvesLook): RunsSource {
  const { members, name, label, color } = group
  return { ...sourceOfComparison({ ...comparison, runs: members }, look), group: { name, label, color } }
}
