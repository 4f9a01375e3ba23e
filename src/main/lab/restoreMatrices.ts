import { LabError } from '../../shared/errors.ts'
import type { Snapshot } from '../../shared/run.ts'
import type { Backend, Matrix } from './backend/backend.ts'

/** Each matrix ← that of its name in a snapshot. Throws CONFLICT where it lacks one, or has one of another size. */
export function restoreMatrices(
  backend: Backend,
  matrices: Record<string, Matrix>,
  snapshot: Pick<Snapshot, 'step' | 'matrices'>,
): void {
  for (const [name, matrix] of Object.entries(matrices)) {
    const saved = snapshot.matrices[name]
    if (!saved || saved.data.length !== matrix.rows * matrix.columns) {
      throw new LabError(
        'CONFLICT',
        `the snapshot at step ${snapshot.step} lacks the matrix ${name} that this run needs`,
      )
    }
    backend.upload(matrix, saved.data)
  }
}
