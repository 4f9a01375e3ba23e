import type { ComparedRun } from '../../../shared/curves/comparison.ts'
import { describeOrigin } from '../../../shared/curves/moments.ts'

/** More runs than these are counted. */
const maxNamed = 3

/**
 * That branches among the runs compared count from where they began, which is not where the others did. Null where none is a
 * branch, and where all began from one snapshot.
 */
export function originCaution(runs: readonly ComparedRun[]): string | null {
  const branches = runs.filter(({ run }) => run.parentRunId !== null)
  const origins = new Set(
    runs.map(({ run }) => (run.parentRunId === null ? '' : `${run.parentRunId} ${run.parentStep}`)),
  )
  if (branches.length === 0 || origins.size < 2) return null
  const named = branches.slice(0, maxNamed).map(({ run, name }) => {
    const parent = runs.find((other) => other.run.id === run.parentRunId)?.run ?? null
    return `${name} (${describeOrigin(run, parent)})`
  })
  const more = branches.length - named.length
  const list = `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  return branches.length === 1
    ? `${list} is a branch: its steps, τ and events count from where it began.`
    : `${list} are branches: their steps, τ and events count from where each began.`
}
