import { LabError } from '../../shared/errors.ts'
import type { Snapshot } from '../../shared/run.ts'
import type { MatrixData } from '../../shared/matrix.ts'
import type { Weights } from './network/model.ts'

/** A parameter of a snapshot, such as E (m × d_h). Throws NOT_FOUND where the snapshot lacks it. */
export function snapshotLayer({ step, matrices }: Snapshot, name: string): MatrixData {
  const found = matrices[name]
  if (!found) throw new LabError('NOT_FOUND', `the snapshot at step ${step} lacks the matrix ${name}`)
  return found
}

/** θ ← that of a snapshot. Throws NOT_FOUND where it lacks a parameter. */
export function takeParameters(snapshot: Snapshot, { backend, parameters }: Weights): void {
  for (const { name, matrix } of parameters) backend.upload(matrix, snapshotLayer(snapshot, name).data)
}
