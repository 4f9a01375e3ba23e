import { LabError } from '../../shared/errors.ts'
import type { MatrixData } from '../../shared/matrix.ts'
import type { Snapshot } from '../../shared/run.ts'
import type { Backend, Matrix } from './backend/backend.ts'

/** Each matrix ← that of its name in a snapshot. Throws CONFLICT where it lacks one, or has one of another size. */
export function restoreMatrices(
  backend: Backend,
  matrices: Record<string, Matrix>,
  snapshot: Pick<Snapshot, 'step' | 'matrices'>,
): void {
  for (const [name, matrix] of Object.entries(matrices)) {
    backend.upload(matrix, savedMatrix(snapshot, name, matrix.rows * matrix.columns).data)
  }
}

/** The matrix of a name in a snapshot. Throws CONFLICT where that lacks it, or has one of another size. */
export function savedMatrix(
  { step, matrices }: Pick<Snapshot, 'step' | 'matrices'>,
  name: string,
  entries: number,
): MatrixData {
  const saved = matrices[name]
  if (saved?.data.length === entries) return saved
  throw new LabError('CONFLICT', `the snapshot at step ${step} lacks the matrix ${name} that this run needs`)
}
