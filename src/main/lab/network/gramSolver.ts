import { maxExactEquations } from '../../../shared/dynamics/dynamics.ts'
import type { Matrix } from '../backend/backend.ts'

/** Solves JJᵀy = r for the n·o training outputs of a network. */
export interface GramSolver {
  readonly kind: 'cholesky' | 'conjugateGradients'
  /** Factors or preconditions JJᵀ at the state the Jacobian was last linearized at. */
  prepare(): void
  /**
   * y ← (JJᵀ)⁻¹·y, for y (n × o). Cholesky solves with JJᵀ of the prepared state, to rounding; conjugate gradients with
   * that of the linearized state, to a relative residual of `tolerance`.
   */
  solve(y: Matrix, tolerance: number): void
}

/** Numbers of the shapes of a network on its training samples. */
export interface ProblemSize {
  /** n, o, and of θ all numbers and the hidden units of its first layer. */
  samples: number
  outputs: number
  parameters: number
  hidden: number
}

/** Bytes that working on the zero-loss set may take. */
export const zeroLossMemoryLimit = 3 * 2 ** 30

/** The solver for a number of equations n·o. */
export function gramSolverKind(size: ProblemSize): GramSolver['kind'] {
  return size.samples * size.outputs <= maxExactEquations ? 'cholesky' : 'conjugateGradients'
}

/**
 * Bytes in float64 that a solver and the Jacobian's buffers take. Cholesky: (n·o)² for JJᵀ; conjugate gradients: 2n² for
 * the preconditioner and XXᵀ; both: three n × d_h and a few n × o and θ-shaped buffers.
 */
export function zeroLossBytes(size: ProblemSize, kind: GramSolver['kind']): number {
  const { samples, outputs, parameters, hidden } = size
  const equations = samples * outputs
  const system = kind === 'cholesky' ? equations ** 2 + 2 * samples ** 2 + 2 * equations * hidden : 2 * samples ** 2
  return 8 * (system + 5 * samples * hidden + 6 * equations + 4 * parameters)
}
