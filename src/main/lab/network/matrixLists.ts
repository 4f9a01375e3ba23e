import type { MatrixData } from '../../../shared/matrix.ts'
import type { Backend, Matrix } from '../backend/backend.ts'

/** Zero matrices shaped as those of a list: a state, a direction, a gradient. */
export function matricesLike(backend: Backend, list: readonly Matrix[]): Matrix[] {
  return list.map(({ rows, columns }) => backend.matrix(rows, columns))
}

/** A copy of a matrix, as it is saved. */
export function downloaded(backend: Backend, M: Matrix): MatrixData {
  return { rows: M.rows, columns: M.columns, data: backend.download(M) }
}

/** y ← α·x + β·y over lists of matrices. */
export function axpbyAll(
  backend: Backend,
  alpha: number,
  x: readonly Matrix[],
  beta: number,
  y: readonly Matrix[],
): void {
  for (let i = 0; i < x.length; i++) backend.axpby(alpha, x[i]!, beta, y[i]!)
}

/** Σ ⟨x_i, y_i⟩ over lists of matrices. */
export function dotOf(backend: Backend, x: readonly Matrix[], y: readonly Matrix[]): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += backend.dot(x[i]!, y[i]!)
  return sum
}

/** The Frobenius norm of all together. */
export function normOf(backend: Backend, list: readonly Matrix[]): number {
  return Math.sqrt(dotOf(backend, list, list))
}
