import { formatCount } from '../../../shared/formatting/formatNumber.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { branchOriginOf } from '../../../shared/specification/specificationOfRun.ts'

/** What is said once the specification of a run has been copied: of a branch also what it does not tell. */
export function specificationCopied(run: Pick<RunSummary, 'parentRunId' | 'parentStep'>): string {
  const origin = branchOriginOf(run)
  const copied = 'The specification is on the clipboard.'
  if (!origin) return copied
  return `${copied} It does not say that the run started from step ${formatCount(origin.step)} of ${origin.runId}.`
}
