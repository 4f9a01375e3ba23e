import type { Comparison } from '../../../shared/curves/comparison.ts'
import type { CurvesLook, RunsSource } from '../../../shared/figures/sources/runs.ts'

/** Where a figure has curves of the runs compared from. */
export function sourceOfComparison({ runs, archive }: Comparison, look: CurvesLook): RunsSource {
  return { kind: 'runs', runIds: runs.map(({ run }) => run.id), ...(archive === undefined ? {} : { archive }), ...look }
}
