import type { Matrix } from '../backend/backend.ts'

/** A loss L of the outputs f of a network on n samples with one-hot targets y. */
export interface Loss {
  /** cotangent ← ∂L/∂f (n × o) at f = residual + y; returns L. */
  evaluate(residual: Matrix, Y: Matrix, cotangent: Matrix): number
}
