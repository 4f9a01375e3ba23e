import { LabError } from '../../shared/errors.ts'
import type { MatrixData, Snapshot } from '../../shared/run.ts'

/** A layer of a snapshot: E (p × d_h) or W (d_h × o). Throws NOT_FOUND where the snapshot lacks it. */
export function snapshotLayer({ step, matrices }: Snapshot, name: 'E' | 'W'): MatrixData {
  const found = matrices[name]
  if (!found) throw new LabError('NOT_FOUND', `the snapshot at step ${step} lacks the matrix ${name}`)
  return found
}
