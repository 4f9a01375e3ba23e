import type { Matrix } from '../backend/backend.ts'

/** An autonomous vector field ẏ = f(y) whose state y is a list of matrices owned by a network. */
export interface VectorField {
  /** The state, moved in place by an integrator. */
  readonly state: readonly Matrix[]
  /** velocity ← f(state). Throws a LabError where the field is not defined. */
  evaluate(velocity: readonly Matrix[]): void
  /** Brings the state back onto the set the field lives on, after an accepted step. */
  retract?(): void
}
