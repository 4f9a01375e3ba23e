import type { Matrix } from '../backend/backend.ts'
import type { FusedSteps } from '../backend/cuda/fusedSteps.ts'

/** An autonomous vector field ẏ = f(y) whose state y is a list of matrices owned by a network. */
export interface VectorField {
  /** The state, moved in place by an integrator. */
  readonly state: readonly Matrix[]
  /** velocity ← f(state). Throws a LabError where the field is not defined. */
  evaluate(velocity: readonly Matrix[]): void
  /** Whether an evaluation asks its backend for nothing but whether a factorization failed, and no `retract` follows. */
  readonly runsAhead?: boolean
  /** Euler's steps of it by one kernel of a card, where there is one. */
  readonly fused?: FusedSteps | undefined
  /** Brings the state back onto the set the field lives on, after an accepted step. */
  retract?(): void
}
